// SPDX-License-Identifier: Apache-2.0
/** Refuses a design that confuses effects which must be estimable: with each other, or with a main effect. */
import { effectName } from '../design/effects.ts'
import type { FactorPlan } from '../design/factors.ts'
import type { Problem } from '../model/problem.ts'
import { type Column, factorize, gramMatrix, solve } from './gram.ts'
import { mainTerms, meanTerm, type Term, termOf } from './model-terms.ts'

/** Weights below this are rounding. */
const NEGLIGIBLE = 1e-6

export function checkEffects({ factors, effects = [], kind }: FactorPlan, picks: readonly (readonly number[])[]): Problem[] {
  if (effects.length === 0) return []
  const names = factors.map((f) => f.name)
  const rows = { factors, picks }
  const mains = mainTerms(rows)
  const wanted = effects.flatMap((effect) => (effect.length > 1 ? [termOf(mains, effect)] : []))
  const constant = effects.find((effect) => termOf(mains, effect) === undefined)
  if (constant !== undefined) return [refusal(`${effectName(constant, names)} cannot be estimated: one of its factors has one level only`, 'factors that vary')]
  const terms = [meanTerm(rows), ...mains, ...wanted.filter((term) => term !== undefined)]
  const alias = firstAlias(terms)
  if (alias === undefined) return []
  const [effect, ...others] = alias.map((term) => (term.factors.length === 0 ? 'the mean' : effectName(term.factors, names)))
  return [refusal(`this design cannot tell ${effect} from ${others.join(' and ')}`, adviceFor(kind))]
}

const refusal = (message: string, expected: string): Problem => ({ reason: 'AliasedEffects', path: 'spec.design.effects', message, expected })

function adviceFor(kind: FactorPlan['kind']): string {
  if (kind === 'fractionalFactorial') return 'other generators, resolution or runs so that a fraction is chosen which can, or fewer effects'
  if (kind === 'treatments') return 'treatments that vary them apart, or fewer effects'
  return 'a fullFactorial, or a fractionalFactorial with resolution: 5, or fewer effects'
}

/** The first term that is a combination of those before it, with the terms that it is made of. */
function firstAlias(terms: readonly Term[]): Term[] | undefined {
  const columns: { readonly term: Term; readonly column: Column }[] = terms.flatMap((term) => term.columns.map((column) => ({ term, column })))
  const gram = gramMatrix(columns.map((c) => c.column), [])
  const factorized = factorize(gram)
  const dependent = columns.findIndex((_, i) => !factorized.independent.includes(i))
  const found = columns[dependent]
  if (found === undefined) return undefined
  const earlier = factorize(gram.slice(0, dependent).map((row) => row.slice(0, dependent)))
  const weights = solve(earlier, earlier.independent.map((i) => gram[i]?.[dependent] ?? 0))
  const made = earlier.independent.flatMap((i, k) => (Math.abs(weights[k] ?? 0) > NEGLIGIBLE && columns[i] !== undefined ? [columns[i].term] : []))
  return [found.term, ...new Set(made)]
}
