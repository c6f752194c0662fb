// SPDX-License-Identifier: Apache-2.0
/** Which factor takes which column of a fraction, so that the effects that somebody wants are not confused with each other or with main effects. */
import type { Fraction } from './regular-fraction.ts'

/** Factors of an effect, by index. */
export type WantedEffect = readonly number[]

/** Assignments that are tried before the search gives up. */
const MAX_STEPS = 200_000

/** The fraction with its columns dealt out anew where the effects ask for it; undefined when no way was found. */
export function assignColumns(fraction: Fraction, effects: readonly WantedEffect[]): Fraction | undefined {
  const interactions = effects.filter((effect) => effect.length > 1)
  if (interactions.length === 0) return fraction
  const order = byInvolvement(fraction.columns.length, interactions)
  const assigned = Array.from({ length: fraction.columns.length }, () => -1)
  const search: Search = { fraction, interactions, order, assigned, mains: new Set(fraction.columns), steps: 0 }
  return place(search, 0) ? { basic: fraction.basic, columns: assigned.map((c) => fraction.columns[c] ?? 0), signs: assigned.map((c) => fraction.signs[c] ?? 1) } : undefined
}

interface Search {
  readonly fraction: Fraction
  readonly interactions: readonly WantedEffect[]
  /** Factors, those with most interactions first. */
  readonly order: readonly number[]
  /** Index of the column of each factor; -1 where none is chosen yet. */
  readonly assigned: number[]
  readonly mains: ReadonlySet<number>
  steps: number
}

/** In the order of the design where nothing speaks against it: the first assignment tried is the fraction as it is. */
function byInvolvement(factors: number, interactions: readonly WantedEffect[]): number[] {
  const count = (f: number) => interactions.filter((effect) => effect.includes(f)).length
  return Array.from({ length: factors }, (_, f) => f).sort((a, b) => count(b) - count(a) || a - b)
}

function place(search: Search, depth: number): boolean {
  const factor = search.order[depth]
  if (factor === undefined) return true
  const used = new Set(search.assigned)
  const columns = [factor, ...search.assigned.keys()]
  for (const column of new Set(columns)) {
    if (used.has(column) || search.steps++ > MAX_STEPS) continue
    search.assigned[factor] = column
    if (isClear(search) && place(search, depth + 1)) return true
    search.assigned[factor] = -1
  }
  return false
}

/** Whether the interactions whose factors are all placed have columns of their own, apart from every main effect. */
function isClear({ fraction, interactions, assigned, mains }: Search): boolean {
  const seen = new Set<number>()
  for (const effect of interactions) {
    if (effect.some((f) => (assigned[f] ?? -1) < 0)) continue
    const column = effect.reduce((bits, f) => bits ^ (fraction.columns[assigned[f] ?? 0] ?? 0), 0)
    if (column === 0 || mains.has(column) || seen.has(column)) return false
    seen.add(column)
  }
  return true
}
