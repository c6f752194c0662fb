// SPDX-License-Identifier: Apache-2.0
/** The error terms of a plan: what varies between stand-ups and what between runs on one, with the degrees of freedom that each has. */
import type { PlannedFactor } from '../design/factors.ts'
import { factorize, type Factorized, gramMatrix, varianceOf } from './gram.ts'
import { interactionTerms, mainTerms, modelSize, type Term } from './model-terms.ts'
import { type Comparison, detectable, powerOf, WANTED_POWER } from './power.ts'

export interface StrataInput {
  readonly factors: readonly PlannedFactor[]
  /** Picks of every treatment, its setup, and how often all replicates together measure it. */
  readonly treatments: readonly { readonly picks: readonly number[]; readonly setup: string; readonly trials: number }[]
  /** Stand-ups in any order: their setup, the block that they stand in, and the distinct treatments on each. */
  readonly stacks: readonly { readonly setup: string; readonly block: string; readonly treatments: readonly number[]; readonly trials: number }[]
  /** Complete replicates, for the advice how many would do. */
  readonly replicates: number
  /** The difference that power is stated for, in standard deviations. */
  readonly effect: number
}

export interface Stratum {
  /** What varies. */
  readonly between: 'stand-ups' | 'runs on a stand-up'
  /** Stand-ups, or trials. */
  readonly units: number
  /** Degrees of freedom: of blocks, of the main effects and two-factor interactions, of treatments beyond those, of repeated measurement. */
  readonly df: { readonly blocks: number; readonly model: number | null; readonly lackOfFit: number | null; readonly error: number }
  /** Main effects that are compared by this error. */
  readonly effects: readonly string[]
  /** The smallest difference between low and high, or between two levels, that is found with 80 %; null without an error term or effects. */
  readonly detectable: number | null
  readonly power: number | null
  /** Stack replicates with which the stated difference would be found with 80 %; null where none up to 100 does. */
  readonly replicatesNeeded: number | null
}

/** More products than this are not worth the wait. */
const MAX_WORK = 2e8

export function strataOf(input: StrataInput): Stratum[] {
  const { treatments, stacks } = input
  const setups = [...new Set(treatments.map((t) => t.setup))]
  const blocks = new Set(stacks.map((s) => s.block)).size
  const trials = stacks.reduce((sum, s) => sum + s.trials, 0)
  const betweenRank = setups.length - components(stacks.map((s) => [s.setup, [`block ${s.block}`]]))
  const withinRank = treatments.length - components(stacks.map((s, i) => [`stack ${i}`, s.treatments.map(String)]))
  const shared = new Set([...input.factors.keys()].filter((f) => sharedByStack(f, treatments)))
  const isShared = (f: number) => shared.has(f)
  const example = new Map(treatments.map((t) => [t.setup, t.picks]))
  const standing = Map.groupBy(stacks, (s) => s.setup)
  const standUps = setups.map((setup) => ({ picks: example.get(setup) ?? [], group: '', weight: standing.get(setup)?.length ?? 0 }))
  const runs = treatments.map((t) => ({ picks: t.picks, group: t.setup, weight: t.trials }))
  return [
    stratum(input, { between: 'stand-ups', units: stacks.length, blocks: blocks - 1, free: stacks.length - blocks, rank: betweenRank, rows: standUps, ours: (effect) => effect.every(isShared) }),
    stratum(input, { between: 'runs on a stand-up', units: trials, blocks: 0, free: trials - stacks.length, rank: withinRank, rows: runs, ours: (effect) => !effect.every(isShared) }),
  ].filter((s) => s.units > 1 && (s.effects.length > 0 || s.df.error > 0))
}

/** Whether a factor is the same in all treatments of each stack: setup factors are, and run factors that follow from them. */
export function sharedByStack(f: number, treatments: readonly { readonly picks: readonly number[]; readonly setup: string }[]): boolean {
  const known = new Map<string, number>()
  return treatments.every(({ setup, picks }) => {
    const pick = picks[f] ?? -1
    if (!known.has(setup)) known.set(setup, pick)
    return known.get(setup) === pick
  })
}

interface StratumParts {
  readonly between: Stratum['between']
  readonly units: number
  readonly blocks: number
  /** Degrees of freedom of units beside their blocks or stand-ups: they grow with the replicates. */
  readonly free: number
  /** Degrees of freedom of treatments within the stratum. */
  readonly rank: number
  readonly rows: readonly { readonly picks: readonly number[]; readonly group: string; readonly weight: number }[]
  /** Whether an effect is one of this stratum. */
  readonly ours: (factors: readonly number[]) => boolean
}

function stratum({ factors, replicates, effect }: StrataInput, { between, units, blocks, free, rank, rows, ours }: StratumParts): Stratum {
  const treatments = { factors, picks: rows.map((r) => r.picks) }
  const size = modelSize(treatments)
  const small = size.mains ** 2 * rows.length <= MAX_WORK
  const mains = small ? mainTerms(treatments) : []
  const own = mains.filter((term) => ours(term.factors))
  const error = free - rank
  const model = size.pairs ** 2 * rows.length > MAX_WORK ? null : modelRank([...own, ...interactionTerms(mains).filter((term) => ours(term.factors))], rows)
  const variance = own.length === 0 ? Number.NaN : worstVariance(own, rows)
  const comparison: Comparison = { variance, df: error }
  const usable = Number.isFinite(variance) && error > 0
  return {
    between, units, effects: factors.filter((_, f) => ours([f]) && new Set(rows.map((r) => r.picks[f])).size > 1).map((factor) => factor.name),
    df: { blocks, model: model === null ? null : Math.min(model, rank), lackOfFit: model === null ? null : Math.max(0, rank - model), error },
    detectable: usable ? detectable(comparison) : null, power: usable ? powerOf(effect, comparison) : null,
    replicatesNeeded: Number.isFinite(variance) ? enough({ variance: variance * replicates, free: free / replicates, rank, effect }) : null,
  }
}

/** Of one replicate, but for the rank, which they share. */
interface Enough { readonly variance: number; readonly free: number; readonly rank: number; readonly effect: number }

/** Error degrees of freedom and precision both grow with the replicates. */
function enough({ variance, free, rank, effect }: Enough): number | null {
  for (let replicates = 1; replicates <= 100; replicates++) {
    const df = Math.round(free * replicates) - rank
    if (df > 0 && powerOf(effect, { variance: variance / replicates, df }) >= WANTED_POWER) return replicates
  }
  return null
}

/** Rank of the terms beside the groups' own means. */
function modelRank(terms: readonly Term[], rows: StratumParts['rows']): number {
  const columns = terms.flatMap((term) => term.columns)
  const centred = columns.map((column) => withinGroups(column, rows))
  return factorize(gramMatrix(centred, rows.map((r) => r.weight))).independent.length
}

/** A column less its mean in every group, which the stratum above has. */
function withinGroups(column: Float64Array, rows: StratumParts['rows']): Float64Array {
  const sums = new Map<string, { sum: number; weight: number }>()
  for (const [i, { group, weight }] of rows.entries()) {
    const known = sums.get(group) ?? { sum: 0, weight: 0 }
    sums.set(group, { sum: known.sum + weight * (column[i] ?? 0), weight: known.weight + weight })
  }
  return column.map((x, i) => {
    const { sum, weight } = sums.get(rows[i]?.group ?? '') ?? { sum: 0, weight: 1 }
    return x - sum / weight
  })
}

/** Variance of the difference of two levels, of the factor for which it is largest, in a model of main effects. */
function worstVariance(mains: readonly Term[], rows: StratumParts['rows']): number {
  const columns = mains.flatMap((term) => term.columns.map((column) => ({ term, column: withinGroups(column, rows) })))
  const factorized = factorize(gramMatrix(columns.map((c) => c.column), rows.map((r) => r.weight)))
  if (factorized.independent.length < columns.length) return Number.NaN
  return Math.max(...mains.map((term) => termVariance(term, columns.flatMap((c, i) => (c.term === term ? [i] : [])), factorized)))
}

/** One column is a difference from -1 to 1; of several, each is a level against the last. */
function termVariance(term: Term, places: readonly number[], factorized: Factorized): number {
  const size = factorized.independent.length
  const combination = (weights: readonly number[]) => Array.from({ length: size }, (_, i) => weights[places.indexOf(i)] ?? 0)
  if (term.columns.length === 1) return varianceOf(factorized, combination([2]))
  // With levels a, b, …, z coded against z: a - b and a - z.
  return Math.max(varianceOf(factorized, combination(term.columns.map((_, i) => (i === 0 ? 1 : i === 1 ? -1 : 0)))), varianceOf(factorized, combination(term.columns.map((_, i) => (i === 0 ? 2 : 1)))))
}

/** Connected parts of a graph of pairs of things: what hangs together can be compared. */
function components(edges: readonly (readonly [string, readonly string[]])[]): number {
  const parent = new Map<string, string>()
  const root = (node: string): string => {
    let at = node
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) {
      // Halving the way up keeps chains short: thousands of stacks hang on one block.
      parent.set(at, parent.get(up) ?? up)
      at = up
    }
    return at
  }
  for (const [a, others] of edges) {
    parent.set(a, parent.get(a) ?? a)
    for (const b of others) {
      parent.set(b, parent.get(b) ?? b)
      parent.set(root(b), root(a))
    }
  }
  return [...parent.keys()].filter((node) => root(node) === node).length
}
