// SPDX-License-Identifier: Apache-2.0
/** Which terms a factorial model gets: how many orders of interactions the data can carry, and whether centre points stand apart. */
import { analyzeStrata, type Stratum } from '../stats/anova/strata.ts'
import { FEWEST_EFFECTS } from '../stats/anova/lenth.ts'
import { countColumns, interactions, mainTerm, type Term } from '../stats/anova/terms.ts'
import type { FactorColumn } from './levels.ts'
import type { CheckedRequest } from './request.ts'

export interface FactorialModel {
  /** Factors as the model sees them: with centre points, those of two levels. */
  readonly factors: readonly FactorColumn[]
  readonly terms: readonly Term[]
  readonly order: number
  readonly strata: readonly Stratum[]
  /** Rows at the centre of all numeric factors, where they are only that. */
  readonly centre: readonly boolean[] | null
  readonly notes: readonly string[]
}

export const CURVATURE = 'curvature'
const MOST_COLUMNS = 400
/** With more factors, interactions of three and more are hardly ever what anybody looks for. */
const MOST_FACTORS_FULL = 4

export function chooseModel(checked: CheckedRequest): FactorialModel {
  const centre = centreRows(checked.factors)
  const factors = centre === null ? checked.factors : checked.factors.map((f) => withoutCentre(f))
  const { request } = checked
  const notes: string[] = []
  let order = Math.min(factors.length, request.order ?? (factors.length <= MOST_FACTORS_FULL ? factors.length : 2))
  const levels = factors.map((f) => f.levels.length)
  while (order > 1 && countColumns(levels, order) > MOST_COLUMNS) order--
  let model = build({ checked, factors, centre, order })
  while (request.order === undefined && order > 1 && isSaturated(model.strata) && !lenthApplies(model)) {
    notes.push(`nothing is replicated: interactions of ${order} factors serve as error, as if there were none`)
    model = build({ checked, factors, centre, order: --order })
  }
  if (centre !== null) {
    notes.push(`${centre.filter(Boolean).length} rows are centre points: factors are fitted at their two outer levels, and the centre tests for curvature`)
  }
  return { ...model, factors, order, centre, notes }
}

type Build = Pick<FactorialModel, 'factors' | 'centre' | 'order'> & { readonly checked: CheckedRequest }

function build({ checked: { y, order: places, blocks, wholePlots, request }, factors, centre, order }: Build): Pick<FactorialModel, 'terms' | 'strata'> {
  const mains = factors.map((f) => {
    if (centre === null || f.numbers === undefined) return mainTerm(f)
    return { name: f.name, factors: [f.name], columns: [Float64Array.from(f.codes, (code, row) => (centre[row] === true ? 0 : 2 * code - 1))] }
  })
  const curvature = centre === null ? [] : [{ name: CURVATURE, factors: [CURVATURE], columns: [Float64Array.from(centre, Number)] }]
  const terms = [...interactions(mains, order), ...curvature]
  return { terms, strata: analyzeStrata({ y, terms, blocks, wholePlots, sums: request.sums ?? 'hierarchical', trend: request.trend === undefined ? undefined : { values: places, ...request.trend } }) }
}

const runsOf = (strata: readonly Stratum[]) => strata.find((s) => s.name === 'runs') as Stratum
const isSaturated = (strata: readonly Stratum[]) => runsOf(strata).fit.error.df === 0

/** All that is estimated has one degree of freedom each, and there are enough of them to see what noise looks like. */
function lenthApplies({ strata }: Pick<FactorialModel, 'strata'>): boolean {
  const estimated = runsOf(strata).fit.terms.filter((t) => t.df > 0)
  return estimated.length >= FEWEST_EFFECTS && estimated.every((t) => t.df === 1 && t.lostDf === 0)
}

/** Rows where every numeric factor is midway, if each has three levels and meets its middle there only; null without such rows. */
function centreRows(factors: readonly FactorColumn[]): boolean[] | null {
  const numeric = factors.filter((f) => f.numbers !== undefined)
  // With one factor a middle level is a level like the others.
  if (numeric.length < 2 || !numeric.every((f) => hasMiddle(f.numbers ?? []))) return null
  const middle = (numeric[0] as FactorColumn).codes.map((code) => code === 1)
  return numeric.every((f) => f.codes.every((code, row) => (code === 1) === middle[row])) ? middle : null
}

function hasMiddle(numbers: readonly number[]): boolean {
  const [low, middle, high] = numbers as readonly [number, number, number]
  return numbers.length === 3 && Math.abs(low + high - 2 * middle) <= 1e-6 * (high - low)
}

/** The two outer levels; rows at the centre are counted low, and their column says 0 anyway. */
function withoutCentre(factor: FactorColumn): FactorColumn {
  if (factor.numbers === undefined) return factor
  const outer = <T>(list: readonly T[]) => [list[0] as T, list[2] as T]
  return { ...factor, levels: outer(factor.levels), numbers: outer(factor.numbers), codes: factor.codes.map((code) => (code === 2 ? 1 : 0)) }
}
