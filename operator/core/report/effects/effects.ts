// SPDX-License-Identifier: Apache-2.0
/** What an analysis of an Experiment's factors found, for every primary response and stage. It computes nothing. */
import type { TableAnalysis } from '../../analysis/analysis.ts'
import type { Better } from '../../model/metric.ts'
import type { Message } from '../messages.ts'
import type { Response } from '../response.ts'

export interface ResponseEffects extends Response {
  /** As gates write it, such as p99(ttft). */
  readonly name: string
  readonly unit: string
  readonly better: Better
  readonly stage: string
  /** null where it was not analysed. */
  readonly analysis: TableAnalysis | null
  /** Why not. */
  readonly why: Message | null
  /** Factors that change only between stacks each of which was stood up once: they have no error, and get no interval. */
  readonly withoutError: readonly string[]
  readonly drift: Drift | null
  readonly trials: number
  readonly suspect: number
}

/** A trend over the time of the whole Experiment, with treatments and stand-ups taken out. */
export interface Drift {
  /** From the first to the last trial: a ratio, or a difference in the unit of the response. */
  readonly scale: 'ratio' | 'difference'
  readonly change: number
  readonly low: number
  readonly high: number
  readonly p: number
  /** After Holm over all responses of the report. */
  readonly adjusted: number
  readonly df: number
  /** The main effect that moves most when the trend is taken out of the values; only where a drift is shown. */
  readonly moves?: { readonly term: string; readonly with: number; readonly without: number }
  /** Whether the analysis is of values without it: where it is shown, and the order was random. */
  readonly takenOut: boolean
}

export interface Effects {
  readonly responses: readonly ResponseEffects[]
  /** Whether more than one stage was analysed: then sentences name it. */
  readonly stages: readonly string[]
}
