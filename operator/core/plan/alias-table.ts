// SPDX-License-Identifier: Apache-2.0
/** Which effects a design confuses, up to interactions of two factors: exactly for regular fractions, by weights for all other two-level designs. */
import { type AliasGroup, aliasGroups } from '../design/aliases.ts'
import { effectName } from '../design/effects.ts'
import type { Fraction } from '../design/regular-fraction.ts'
import { factorize, gramMatrix, solve } from './gram.ts'
import { interactionTerms, mainTerms, meanTerm, type TreatmentRows } from './model-terms.ts'

/** What an estimate holds besides its own effect; the weight says how much of it. */
export interface AliasRow {
  readonly effect: string
  readonly with: readonly { readonly effect: string; readonly weight: number }[]
}

/** Groups of two and more; an effect of its own has no row. */
export function regularAliases(fraction: Fraction, names: readonly string[]): AliasRow[] {
  return aliasGroups(fraction).filter((group) => group.effects.length > 1 || group.column === 0).map((group) => rowOf(group, names))
}

function rowOf({ column, effects }: AliasGroup, names: readonly string[]): AliasRow {
  const named = effects.map(({ factors, sign }) => ({ effect: effectName(factors, names), sign }))
  if (column === 0) return { effect: 'mean', with: named.map(({ effect, sign }) => ({ effect, weight: sign })) }
  const [first, ...others] = named
  return { effect: first?.effect ?? '', with: others.map(({ effect, sign }) => ({ effect, weight: sign * (first?.sign ?? 1) })) }
}

/** Weights below this are rounding. */
const NEGLIGIBLE = 1e-6

/** How much of each two-factor interaction is in the estimate of each main effect, where interactions are left out of the model. */
export function mainAliases(rows: TreatmentRows, weights: readonly number[]): AliasRow[] {
  const names = rows.factors.map((f) => f.name)
  const mains = mainTerms(rows)
  const model = [meanTerm(rows), ...mains]
  const others = interactionTerms(mains)
  const columns = [...model, ...others].flatMap((term) => term.columns)
  const size = model.reduce((sum, term) => sum + term.columns.length, 0)
  const gram = gramMatrix(columns, weights)
  const factorized = factorize(gram.slice(0, size).map((row) => row.slice(0, size)))
  const mixed = others.map((term, i) => ({ effect: effectName(term.factors, names), weights: solve(factorized, factorized.independent.map((c) => gram[c]?.[size + i] ?? 0)) }))
  return factorized.independent.flatMap((c, k): AliasRow[] => {
    const term = model[c]
    const found = mixed.flatMap(({ effect, weights: w }) => (Math.abs(w[k] ?? 0) > NEGLIGIBLE ? [{ effect, weight: Number((w[k] ?? 0).toFixed(6)) }] : []))
    return term === undefined || term.factors.length === 0 || found.length === 0 ? [] : [{ effect: effectName(term.factors, names), with: found }]
  })
}
