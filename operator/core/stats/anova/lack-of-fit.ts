// SPDX-License-Identifier: Apache-2.0
/** Splits what a model leaves over into pure error, from runs at the very same setting, and lack of fit. */
import { fSurvival } from '../distribution/f.ts'
import { sum, summarizeValues } from '../summary.ts'

export interface LackOfFit {
  readonly lack: { readonly df: number; readonly sumOfSquares: number }
  readonly pure: { readonly df: number; readonly sumOfSquares: number }
  readonly f: number | null
  readonly p: number | null
}

export interface FittedRuns {
  readonly y: readonly number[]
  /** Name of the setting of each run. */
  readonly settings: readonly string[]
  readonly residual: LackOfFit['pure']
}

/** null where no setting is repeated. */
export function lackOfFit({ y, settings, residual }: FittedRuns): LackOfFit | null {
  const runs = y.map((value, i) => ({ value, setting: settings[i] as string }))
  const groups = [...Map.groupBy(runs, (run) => run.setting).values()].map((own) => own.map((run) => run.value))
  const repeated = groups.filter((g) => g.length >= 2).map((g) => summarizeValues(g))
  const df = sum(repeated.map(({ n }) => n - 1))
  if (df === 0) return null
  const pure = { df, sumOfSquares: sum(repeated.map(({ n, stddev }) => (n - 1) * (stddev as number) ** 2)) }
  const lack = { df: residual.df - df, sumOfSquares: Math.max(0, residual.sumOfSquares - pure.sumOfSquares) }
  if (lack.df <= 0 || pure.sumOfSquares === 0) return { lack, pure, f: null, p: null }
  const f = lack.sumOfSquares / lack.df / (pure.sumOfSquares / pure.df)
  return { lack, pure, f, p: fSurvival(f, [lack.df, pure.df]) }
}
