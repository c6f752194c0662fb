// SPDX-License-Identifier: Apache-2.0
/**
 * Split plots: what varies between whole plots (stand-ups) is tested against the scatter of whole plots, what varies within them against
 * the scatter of runs. Runs are analysed with the whole plots as blocks, so that it holds however unbalanced they are; whole plots by
 * their means, freed of what the runs' factors did to them. In balanced data this is the classical table.
 */
import { mean, sum } from '../summary.ts'
import { analyzeStratum, type StratumFit, type SumsOfSquares } from './stratum.ts'
import { type Factor, mainTerm, type Term } from './terms.ts'

/** Name under which whole plots stand among the nuisances of runs. */
export const WHOLE_PLOTS = 'whole plots'

export interface Stratum {
  readonly name: 'runs' | typeof WHOLE_PLOTS
  readonly fit: StratumFit
  /** Runs behind one row of the fit: 1, or the harmonic mean over whole plots. Sums of squares times it are those of single runs. */
  readonly runsPerUnit: number
  readonly units: number
}

export interface StrataInput {
  readonly y: readonly number[]
  readonly terms: readonly Term[]
  readonly blocks: readonly Factor[]
  readonly wholePlots?: Factor
  readonly sums: SumsOfSquares
  readonly trend?: TrendCost | undefined
}

/** A line over these values that was taken out of y, the variance of its slope, and the degrees of freedom that it cost each stratum. */
export interface TrendCost { readonly values: readonly number[]; readonly variance: number; readonly runs: number; readonly wholePlots: number }

/** Coarse strata first. A term stands where it varies; one with columns of both kinds in both. */
export function analyzeStrata({ y, terms, blocks, wholePlots, sums, trend }: StrataInput): Stratum[] {
  const blockTerms = blocks.map(mainTerm)
  const ofRuns = trend === undefined ? undefined : { values: trend.values, variance: trend.variance, df: trend.runs }
  if (wholePlots === undefined) return [{ name: 'runs', fit: analyzeStratum({ y, nuisances: blockTerms, terms, sums, trend: ofRuns }), runsPerUnit: 1, units: y.length }]
  const nuisances = [{ ...mainTerm(wholePlots), name: WHOLE_PLOTS }, ...blockTerms]
  const runs = analyzeStratum({ y, nuisances, terms, sums, trend: ofRuns })
  const plots = membersOf(wholePlots)
  const lift = (list: readonly Term[]) => list.flatMap((term) => liftedTerm(term, runs, plots))
  // What is done to y is done to the trend in it.
  const freed = (values: readonly number[], fitted: StratumFit) => averaged(freeOfRunEffects(values, terms, fitted), plots)
  const ofPlots = trend === undefined ? undefined : { values: freed(trend.values, analyzeStratum({ y: trend.values, nuisances, terms, sums })), variance: trend.variance, df: trend.wholePlots }
  const fit = analyzeStratum({ y: freed(y, runs), nuisances: lift(blockTerms), terms: lift(terms), sums, trend: ofPlots })
  const runsPerUnit = plots.length / sum(plots.map((rows) => 1 / rows.length))
  return [{ name: WHOLE_PLOTS, fit, runsPerUnit, units: plots.length }, { name: 'runs', fit: runs, runsPerUnit: 1, units: y.length }]
}

/** Rows of each whole plot. */
type Plots = readonly (readonly number[])[]

function membersOf({ levels, codes }: Factor): Plots {
  return levels.map((_, unit) => codes.flatMap((code, row) => (code === unit ? [row] : [])))
}

function averaged(values: ArrayLike<number>, plots: Plots): Float64Array {
  return Float64Array.from(plots, (rows) => mean(rows.map((row) => values[row] as number)) as number)
}

/** What runs could not tell from whole plots or from earlier terms, averaged over each whole plot; nothing where that is nothing. */
function liftedTerm(term: Term, runs: StratumFit, plots: Plots): Term[] {
  const aliased = new Set(runs.fit.qr.aliased)
  const places = runs.places.get(term.name) as readonly number[]
  const columns = term.columns.filter((_, i) => aliased.has(places[i] as number)).map((column) => averaged(column, plots))
  return columns.length === 0 ? [] : [{ ...term, columns }]
}

/** Values less what the factors that change within whole plots did to them: so that plots which lost runs are not judged by the rest. */
function freeOfRunEffects(y: readonly number[], terms: readonly Term[], { fit, places }: StratumFit): number[] {
  const weighted = terms.flatMap(({ name, columns }) => columns.map((column, i) => ({ column, b: fit.coefficients[places.get(name)?.[i] as number] ?? 0 })))
  return y.map((value, row) => value - sum(weighted.map(({ column, b }) => b * (column[row] as number))))
}

/** Standard deviation of whole plots beyond what their runs explain, and of runs; null where there is no error to take it from. */
export function errorDeviations(strata: readonly Stratum[]): { readonly wholePlots: number | null; readonly runs: number | null } {
  const [runs, plots] = [strata.find((s) => s.name === 'runs'), strata.find((s) => s.name === WHOLE_PLOTS)]
  const within = runs?.fit.error.meanSquare ?? null
  const between = plots?.fit.error.meanSquare ?? null
  return {
    runs: within === null ? null : Math.sqrt(within),
    wholePlots: between === null ? null : Math.sqrt(Math.max(0, between - (within ?? 0) / (plots?.runsPerUnit ?? 1))),
  }
}
