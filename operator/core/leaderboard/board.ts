// SPDX-License-Identifier: Apache-2.0
/** What a leaderboard is made of: a row for each treatment, with its configuration, cells, scores, and what went wrong. It is data. */
import type { Findings } from '../model/findings.ts'
import type { Score } from '../model/record.ts'
import type { Message } from '../report/messages.ts'
import type { Cell } from '../report/results.ts'
import type { Configuration } from './configuration.ts'
import type { QualityScores } from './quality-table.ts'

export interface BoardFailure {
  readonly reason: string
  /** As the tool left it; several lines. */
  readonly traceback: string
}

export interface BoardRow {
  readonly experiment: string
  /** Levels as tables show them. */
  readonly levels: Readonly<Record<string, string>>
  readonly configuration: Configuration
  /** Arguments of the back end by dotted name. */
  readonly arguments: Readonly<Record<string, string>>
  /** What it ran on, as far as nodes and exporters told. */
  readonly hardware: string
  /** Responses by stage, with their replicates. */
  readonly cells: readonly Cell[]
  /** Valid and suspect trials. */
  readonly trials: readonly Findings[]
  /** A trial that tells of tool, time and hardware: also a failed one, where there is no other. */
  readonly witness?: Findings
  readonly stacks: number
  /** Trials that failed or are invalid. */
  readonly lost: number
  readonly failure?: BoardFailure
  /** Measured by the tool; each task once, the mean of its trials. */
  readonly scores: readonly Score[]
  /** From a table of somebody else. */
  readonly quality?: QualityScores
}

export interface Leaderboard {
  readonly rows: readonly BoardRow[]
  /** What a reader should know of how it was put together. */
  readonly notes: readonly Message[]
}
