// SPDX-License-Identifier: Apache-2.0
/** What an analysis of a table found: the value that every rendering reads. It computes nothing. */
import type { Effect } from '../stats/anova/effects.ts'
import type { LackOfFit } from '../stats/anova/lack-of-fit.ts'
import type { Lenth } from '../stats/anova/lenth.ts'
import type { ResidualCheck } from '../stats/anova/residual-checks.ts'
import type { ResponseSurface, SurfaceGroup } from '../stats/anova/response-surface.ts'
import type { SumsOfSquares } from '../stats/anova/stratum.ts'
import type { LevelMean } from '../stats/means-table.ts'

export interface TableAnalysis {
  readonly response: string
  readonly table: string
  /** `log`: natural logarithms were analysed; estimates are their differences, and ratios stand beside them. */
  readonly scale: 'linear' | 'log'
  readonly level: number
  readonly rows: number
  /** Rows that could not be used, by line, with the reason. */
  readonly leftOut: readonly { readonly line: number; readonly reason: string }[]
  readonly mean: number
  readonly factors: readonly AnalysedFactor[]
  readonly blocks: readonly { readonly name: string; readonly levels: number }[]
  readonly wholePlots: { readonly columns: readonly string[]; readonly units: number } | null
  /** Exactly one of both. */
  readonly factorial: FactorialAnalysis | null
  readonly surface: SurfaceAnalysis | null
  readonly checks: readonly ResidualCheck[]
  /** What was decided on the way, and what to know before reading on. */
  readonly notes: readonly string[]
}

export interface AnalysedFactor {
  readonly name: string
  readonly levels: readonly string[]
  readonly numeric: boolean
  /** `whole plot`: it changes between stand-ups only, and is tested against their scatter. */
  readonly varies: 'between runs' | 'whole plot'
}

export interface FactorialAnalysis {
  /** Highest order of interactions in the model. */
  readonly order: number
  readonly sums: SumsOfSquares
  readonly balanced: boolean
  readonly strata: readonly AnalysedStratum[]
  readonly total: { readonly df: number; readonly sumOfSquares: number }
  readonly effects: readonly AnalysedEffect[]
  readonly means: readonly MeansOfTerm[]
  /** Standard deviations: of whole plots beyond their runs, and of runs. */
  readonly deviations: { readonly wholePlots: number | null; readonly runs: number | null }
  readonly notEstimable: readonly Inestimable[]
  readonly detectable: readonly { readonly factor: string; readonly difference: number; readonly power: number }[]
  readonly lackOfFit: LackOfFit | null
}

export interface Inestimable {
  readonly term: string
  readonly reason: string
  /** Terms that it cannot be told from. */
  readonly mixedWith: readonly string[]
}

export interface AnalysedStratum {
  readonly name: 'runs' | 'whole plots'
  readonly units: number
  readonly rows: readonly AnovaRow[]
  readonly error: { readonly df: number; readonly sumOfSquares: number; readonly meanSquare: number | null }
  readonly lenth: (Lenth & { readonly effects: number }) | null
}

export interface AnovaRow {
  readonly source: string
  readonly kind: 'block' | 'term'
  readonly df: number
  readonly sumOfSquares: number
  readonly meanSquare: number | null
  readonly f: number | null
  readonly p: number | null
  /** Share of the total sum of squares (eta squared): what the term contributes. */
  readonly contribution: number
  /** Share of what its own stratum leaves to it and its error (partial eta squared). */
  readonly partialEtaSquared: number | null
  readonly lostDf: number
}

export interface AnalysedEffect extends Effect {
  /** On the log scale: e to the estimate and the interval's ends. */
  readonly ratio?: { readonly estimate: number; readonly low?: number; readonly high?: number }
  /** By Lenth's method, where there is no error. */
  readonly standsOut?: 'surely' | 'likely' | 'no'
  /** Terms that this data cannot tell from it alone: what is estimated is the sum of all of them. */
  readonly mixedWith: readonly string[]
}

export interface MeansOfTerm { readonly factors: readonly string[]; readonly rows: readonly LevelMean[] }

/** The fitted surface without the fit itself, its groups tested. */
export interface SurfaceAnalysis extends Omit<ResponseSurface, 'fit' | 'groups'> {
  readonly groups: readonly (SurfaceGroup & { readonly f: number | null; readonly p: number | null })[]
}
