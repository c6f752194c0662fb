// SPDX-License-Identifier: Apache-2.0
/** From factors to combinations. The count is known before anything is expanded, so that no design can fill the memory. */
import { MAX_TRIALS } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import type { Cell, FactorPlan } from './factors.ts'

/** Combinations that constraints may be tried on; without constraints every combination is a treatment. */
export const MAX_CANDIDATES = 100_000

export interface Replicates { readonly stacks: number; readonly runs: number }

/** Number of combinations before constraints, computed and not counted. */
export function countCells({ kind, factors, cells }: FactorPlan): number {
  if (cells !== undefined) return cells.length
  if (kind === 'oneFactorAtATime') return factors.reduce((sum, factor) => sum + Math.max(0, factor.levels.length - 1), 1)
  return factors.reduce((product, factor) => product * factor.levels.length, 1)
}

/** How often one replicate measures, before constraints. */
const countRuns = (plan: FactorPlan) => plan.cells?.reduce((sum, cell) => sum + (cell.repeats ?? 1), 0) ?? countCells(plan)

/** Refuses a design that is too large, before it is expanded. */
export function checkCardinality(plan: FactorPlan, replicates: Replicates, constrained: boolean): Problem | undefined {
  const cells = countCells(plan)
  if (constrained && cells <= MAX_CANDIDATES) return undefined
  if (constrained) return tooMany(`${product(plan)} combinations to try constraints on`, cells, MAX_CANDIDATES)
  return checkTrials(countRuns(plan), replicates, product(plan))
}

/** Refuses too many trials; treatments that are measured several times in each replicate count as often. */
export function checkTrials(treatments: number, { stacks, runs }: Replicates, how = String(treatments)): Problem | undefined {
  const trials = treatments * stacks * runs
  return trials <= MAX_TRIALS ? undefined : tooMany(`${how} treatments × ${stacks} stack replicates × ${runs} run replicates`, trials, MAX_TRIALS)
}

/** Replicates have numbers in names and records: a Trial takes so many of each. */
export const MAX_REPLICATES = { stacks: 100, runs: 1000 } as const

/** Refuses more replicates than can be numbered: blocks are stack replicates of their own, repeated points run replicates. */
export function checkReplicates(blocks: number, repeats: number, { stacks, runs }: Replicates): Problem | undefined {
  if (stacks * blocks > MAX_REPLICATES.stacks) return tooMany(`${stacks} stack replicates × ${blocks} blocks`, stacks * blocks, MAX_REPLICATES.stacks)
  return runs * repeats > MAX_REPLICATES.runs ? tooMany(`${runs} run replicates of a point that is measured ${repeats} times`, runs * repeats, MAX_REPLICATES.runs) : undefined
}

function product(plan: FactorPlan): string {
  return plan.kind === 'fullFactorial' && plan.cells === undefined ? plan.factors.map((f) => `${f.levels.length} ${f.name}`).join(' × ') : String(countRuns(plan))
}

function tooMany(what: string, found: number, limit: number): Problem {
  return { reason: 'TooManyTrials', path: 'spec.design', message: `the design is too large: ${what}`, found: plainCount(found), expected: `at most ${plainCount(limit)}: fewer levels or replicates, or a design that takes a part of the combinations (fractionalFactorial, plackettBurman, latinHypercube)` }
}

const plainCount = (n: number) => (n < 1e15 ? n.toLocaleString('en-US') : n.toExponential(1))

/** Every combination, in the order of the design; in a factorial the last factor changes fastest. */
export function* expandCells(plan: FactorPlan): Generator<Cell> {
  if (plan.cells !== undefined) yield* plan.cells
  else if (plan.kind === 'oneFactorAtATime') yield* oneAtATimeCells(plan)
  else yield* factorialCells(plan)
}

function* factorialCells({ factors }: FactorPlan): Generator<Cell> {
  const total = factors.reduce((n, f) => n * f.levels.length, 1)
  for (let index = 0; index < total; index++) {
    const picks = Array.from<number>({ length: factors.length })
    let rest = index
    for (let f = factors.length - 1; f >= 0; f--) {
      const size = factors[f]?.levels.length ?? 1
      picks[f] = rest % size
      rest = Math.floor(rest / size)
    }
    yield { picks }
  }
}

function* oneAtATimeCells({ factors }: FactorPlan): Generator<Cell> {
  const base = factors.map(() => 0)
  yield { picks: base }
  for (const [f, factor] of factors.entries()) {
    for (let level = 1; level < factor.levels.length; level++) yield { picks: base.with(f, level) }
  }
}
