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
}

/** Coarse strata first. A term stands where it varies; one with columns of both kinds in both. */
export function analyzeStrata({ y, terms, blocks, wholePlots, sums }: StrataInput): Stratum[] {
  const blockTerms = blocks.map(mainTerm)
  if (wholePlots === undefined) return [{ name: 'runs', fit: analyzeStratum({ y, nuisances: blockTerms, terms, sums }), runsPerUnit: 1, units: y.length }]
  const runs = analyzeStratum({ y, nuisances: [{ ...mainTerm(wholePlots), name: WHOLE_PLOTS }, ...blockTerms], terms, sums })
  const members = wholePlots.levels.map((_, unit) => wholePlots.codes.flatMap((code, row) => (code === unit ? [row] : [])))
  const averaged = (values: ArrayLike<number>) => Float64Array.from(members, (rows) => mean(rows.map((row) => values[row] as number)) as number)
  const [above, within] = [new Set<number>(runs.fit.qr.aliased), [...runs.places].flatMap(([name, places]) => (terms.some((t) => t.name === name) ? places : []))]
  const lifted = (list: readonly Term[]): Term[] => list.flatMap((term) => {
    const columns = term.columns.filter((_, i) => above.has((runs.places.get(term.name) as readonly number[])[i] as number)).map(averaged)
    return columns.length === 0 ? [] : [{ ...term, columns }]
  })
  const columns = new Map(terms.flatMap(({ name, columns }) => columns.map((column, i) => [(runs.places.get(name) as readonly number[])[i] as number, column])))
  const freed = y.map((value, row) => value - sum(within.map((place) => (runs.fit.coefficients[place] ?? 0) * ((columns.get(place) as Float64Array)[row] as number))))
  const fit = analyzeStratum({ y: averaged(freed), nuisances: lifted(blockTerms), terms: lifted(terms), sums })
  const runsPerUnit = members.length / sum(members.map((rows) => 1 / rows.length))
  return [{ name: WHOLE_PLOTS, fit, runsPerUnit, units: members.length }, { name: 'runs', fit: runs, runsPerUnit: 1, units: y.length }]
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
