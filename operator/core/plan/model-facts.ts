// SPDX-License-Identifier: Apache-2.0
/** What a linear model of the treatments says: aliases, terms that follow from others, and the D-efficiency. */
import { effectName } from '../design/effects.ts'
import { resolutionOf } from '../design/regular-fraction.ts'
import { type AliasRow, mainAliases, regularAliases } from './alias-table.ts'
import type { PlanFacts } from './design-properties.ts'
import { factorize, gramMatrix, logDeterminant } from './gram.ts'
import { interactionTerms, mainTerms, meanTerm, modelSize, squareTerms, type Term } from './model-terms.ts'

export interface ModelFacts {
  readonly aliases: readonly AliasRow[]
  readonly dEfficiency?: { readonly percent: number; readonly model: string }
  /** Terms that are combinations of those before them; null when it would take too long to find out. */
  readonly dependent: readonly string[] | null
}

const MAX_WORK = 1e8

export function modelFacts(facts: PlanFacts): ModelFacts {
  const rows = { factors: facts.factors, picks: facts.picks }
  const names = facts.factors.map((f) => f.name)
  if (modelSize(rows).pairs ** 2 * facts.picks.length > MAX_WORK) return { aliases: aliasesOf(facts, []), dependent: isComplete(facts) ? [] : null }
  const mains = mainTerms(rows)
  const terms = modelOf(facts, mains)
  const columns = [meanTerm(rows), ...terms.list].flatMap((term) => term.columns)
  const factorized = factorize(gramMatrix(columns, facts.weights))
  const whole = factorized.independent.length === columns.length
  const efficiency = whole && terms.list.length > 0 && terms.list.every((term) => term.columns.length === 1) ? { dEfficiency: { percent: dEfficiency(columns, facts.weights), model: terms.name } } : {}
  return { aliases: aliasesOf(facts, mains), dependent: dependentTerms(terms.list, factorized.independent, names), ...efficiency }
}

/** All combinations of a factorial, or a regular fraction, whose aliases follow from its words: there is nothing to look for. */
const isComplete = ({ kind, construction, whole }: PlanFacts) => whole && (construction === undefined ? kind === 'fullFactorial' : construction.kind === 'regular')

const CURVED: ReadonlySet<string | undefined> = new Set(['centralComposite', 'boxBehnken', 'latinHypercube', 'sobol'])

/** The model that the design is for. */
function modelOf(facts: PlanFacts, mains: readonly Term[]): { readonly list: readonly Term[]; readonly name: string } {
  const pairs = interactionTerms(mains)
  if (CURVED.has(facts.construction?.kind)) return { list: [...mains, ...pairs, ...squareTerms(mains)], name: 'main effects, two-factor interactions and squares' }
  return tellsPairs(facts) ? { list: [...mains, ...pairs], name: 'main effects and two-factor interactions' } : { list: mains, name: 'main effects' }
}

/** Whether it is of interest which interactions of two factors can be told; of fractions the alias table says it. */
function tellsPairs({ kind, construction, whole }: PlanFacts): boolean {
  if (!whole || kind === 'treatments') return true
  return construction?.kind === 'regular' ? resolutionOf(construction.fraction) >= 5 : kind === 'fullFactorial'
}

function aliasesOf(facts: PlanFacts, mains: readonly Term[]): readonly AliasRow[] {
  const { construction, whole, weights, factors, picks } = facts
  if (construction?.kind === 'regular' && whole) return regularAliases(construction.fraction, factors.map((f) => f.name))
  const twoLevels = construction?.kind === 'regular' || construction?.kind === 'plackettBurman'
  return twoLevels && mains.length === factors.length && mains.every((term) => term.columns.length === 1) ? mainAliases({ factors, picks }, weights) : []
}

/** The first column is the mean's. */
function dependentTerms(terms: readonly Term[], independent: readonly number[], names: readonly string[]): string[] {
  const known = new Set(independent)
  let place = 1
  return terms.flatMap((term) => {
    const own = term.columns.map((_, i) => place + i)
    place += own.length
    return own.every((i) => known.has(i)) ? [] : [term.factors.length === 2 && term.factors[0] === term.factors[1] ? `${names[term.factors[0] ?? 0]}²` : effectName(term.factors, names)]
  })
}

/** The geometric mean of the information on each coefficient, against that of as many runs at the ends of every column. */
function dEfficiency(columns: readonly Float64Array[], weights: readonly number[]): number {
  const scaled = columns.map((column) => {
    const most = column.reduce((a, x) => Math.max(a, Math.abs(x)), 0)
    return column.map((x) => x / (most || 1))
  })
  const runs = weights.reduce((a, b) => a + b, 0)
  return 100 * Math.exp(logDeterminant(factorize(gramMatrix(scaled, weights))) / columns.length) / runs
}
