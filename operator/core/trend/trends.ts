// SPDX-License-Identifier: Apache-2.0
/** What a history of runs shows, as values: series with their levels, shifts and drifts. It computes nothing. */
import type { MaybeBounds } from '../stats/interval/bounds.ts'
import type { FactChange } from './fingerprint.ts'
import type { HistoryLine, HistoryResponse } from './history-line.ts'

export interface TrendPoint {
  /** Index of its run in `runs`. */
  readonly run: number
  readonly response: HistoryResponse
  /** Too few requests for its percentile: it is shown and decides nothing. */
  readonly weak: boolean
}

export type Effect = 'better' | 'worse' | 'changed'

/** Size of a change, with how it was measured. */
export interface Size {
  readonly scale: 'ratio' | 'difference'
  readonly bounds: MaybeBounds
  readonly method: string
}

/** Runs [from, to] by index, both counted. */
export interface Span { readonly from: number; readonly to: number }

export interface TrendLevel extends Span {
  readonly kind: 'level' | 'drift'
  readonly n: number
  /** Median of its runs. */
  readonly value: number
  /** Standard deviation of one run, without outliers, in the unit; null below two. */
  readonly sd: number | null
  /** Runs that lie far from all others of their level. */
  readonly outliers: readonly number[]
}

export interface Shift {
  readonly kind: 'shift' | 'drift'
  readonly effect: Effect
  readonly size: Size
  /** Last run before and first run after; of a drift its first and its last run. */
  readonly before: number
  readonly after: number
  /** First runs after it, at 95 %; of a drift the same as `before` and `after`. */
  readonly place: Span
  readonly p: number
  readonly levels: { readonly before: TrendLevel; readonly after: TrendLevel }
  /** Among the last runs, so that a job that watches the history should say so. */
  readonly isRecent: boolean
  /** What of the subject differs between the two runs. */
  readonly changes: readonly FactChange[]
}

export interface Environment {
  readonly points: readonly TrendPoint[]
  readonly levels: readonly TrendLevel[]
  readonly state: 'decided' | 'too few' | 'weak'
}

export interface SeriesTrend {
  readonly experiment: string
  readonly response: Pick<HistoryResponse, 'treatment' | 'stage' | 'metric' | 'statistic' | 'unit' | 'better'>
  /** By when they were first seen. */
  readonly environments: readonly Environment[]
  readonly shifts: readonly Shift[]
  /** Of the environment of the last run: worse than before its recent changes, or drifting there. */
  readonly isWorse: boolean
}

/** From one run to the next what measures changed, or what it measures on. */
export interface EnvironmentChange { readonly experiment: string; readonly before: number; readonly after: number; readonly changes: readonly FactChange[] }

export interface Trends {
  readonly runs: readonly HistoryLine[]
  readonly series: readonly SeriesTrend[]
  readonly environmentChanges: readonly EnvironmentChange[]
  /** Chance of one false alarm in all series together, for one look at the page. */
  readonly falseAlarms: number
  /** Series that were asked. */
  readonly questions: number
  readonly recent: number
  /** Runs of the beginning that were left out of it. */
  readonly leftOut: number
}
