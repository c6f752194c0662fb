// SPDX-License-Identifier: Apache-2.0
/**
 * Which factor takes which column of a fraction. Effects that somebody wants must not be confused with each other or with main effects; setup factors
 * must share few stacks; and no run factor may follow from setup factors alone, or it would change only from stack to stack.
 */
import { type Fraction, rank } from './regular-fraction.ts'

/** Factors of an effect, by index. */
export type WantedEffect = readonly number[]
export interface Wishes {
  readonly effects: readonly WantedEffect[]
  /** Which factors change the stack. */
  readonly setup: readonly number[]
}

/** Assignments that are tried before a search gives up. */
const MAX_STEPS = 50_000

/** The fraction with its columns dealt out anew where the wishes ask for it; undefined when the effects cannot be kept apart. */
export function assignColumns(fraction: Fraction, { effects, setup }: Wishes): Fraction | undefined {
  const interactions = effects.filter((effect) => effect.length > 1)
  const split = setup.length > 0 && setup.length < fraction.columns.length
  if (interactions.length === 0 && !split) return fraction
  const fewest = Math.ceil(Math.log2(setup.length + 1))
  const ranks = split ? Array.from({ length: setup.length - fewest + 1 }, (_, i) => fewest + i) : []
  for (const most of ranks) {
    const found = search(fraction, { interactions, setup, most })
    if (found !== undefined) return found
  }
  return search(fraction, { interactions, setup: [], most: 0 })
}

interface Goal {
  readonly interactions: readonly WantedEffect[]
  /** Factors whose columns must leave out the others; none when that is given up. */
  readonly setup: readonly number[]
  /** Independent columns that they may have: there are 2^most stacks. */
  readonly most: number
}

interface Search extends Goal {
  readonly fraction: Fraction
  /** Factors in the order in which they get columns: setup factors, then those with most interactions. */
  readonly order: readonly number[]
  /** Index of the column of each factor; -1 where none is chosen yet. */
  readonly assigned: number[]
  readonly mains: ReadonlySet<number>
  steps: number
}

function search(fraction: Fraction, goal: Goal): Fraction | undefined {
  const count = (f: number) => goal.interactions.filter((effect) => effect.includes(f)).length
  const order = [...fraction.columns.keys()].sort((a, b) => Number(goal.setup.includes(b)) - Number(goal.setup.includes(a)) || count(b) - count(a) || a - b)
  const assigned = fraction.columns.map(() => -1)
  if (!place({ ...goal, fraction, order, assigned, mains: new Set(fraction.columns), steps: 0 }, 0)) return undefined
  return { basic: fraction.basic, columns: assigned.map((c) => fraction.columns[c] ?? 0), signs: assigned.map((c) => fraction.signs[c] ?? 1) }
}

/** The first assignment that is tried is the fraction as it is. */
function place(state: Search, depth: number): boolean {
  const factor = state.order[depth]
  if (factor === undefined) return true
  const used = new Set(state.assigned)
  for (const column of new Set([factor, ...state.assigned.keys()])) {
    if (used.has(column) || state.steps++ > MAX_STEPS) continue
    state.assigned[factor] = column
    if (isClear(state) && isSplit(state, depth + 1) && place(state, depth + 1)) return true
    state.assigned[factor] = -1
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

/** Whether the setup factors placed so far have few enough stacks and, once all are placed, whether every other column changes within stacks. */
function isSplit({ fraction, setup, most, assigned }: Search, placed: number): boolean {
  if (placed > setup.length) return true
  const own = setup.flatMap((f) => ((assigned[f] ?? -1) < 0 ? [] : [fraction.columns[assigned[f] ?? 0] ?? 0]))
  const stacks = rank(own)
  if (stacks > most) return false
  return placed < setup.length || fraction.columns.every((column) => own.includes(column) || rank([...own, column]) > stacks)
}
