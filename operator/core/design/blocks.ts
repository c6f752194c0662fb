// SPDX-License-Identifier: Apache-2.0
/** Splits a two-level design into blocks: the block of a run follows from interactions, which then cannot be told from differences of blocks. */
import type { Design } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import { effectName, parseEffect } from './effects.ts'
import { type Fraction, productIn, rank, runCount } from './regular-fraction.ts'

export type BlockWish = NonNullable<Design['blocks']>
export type BlockReading = { readonly ok: true; readonly columns: readonly number[] } | { readonly ok: false; readonly problem: Problem }

const AT = 'spec.design.blocks'
const no = (problem: Omit<Problem, 'reason'>): BlockReading => ({ ok: false, problem: { reason: 'BadBlocks', ...problem } })

/** The columns whose signs name the block of a run: those that are asked for, or those that confound least. */
export function confound(fraction: Fraction, wish: BlockWish, names: readonly string[]): BlockReading {
  const wanted = Math.log2(wish.count)
  if (!Number.isInteger(wanted) || wanted >= fraction.basic) {
    const sizes = Array.from({ length: Math.max(0, fraction.basic - 1) }, (_, i) => 2 ** (i + 1))
    return no({ path: `${AT}.count`, message: `${runCount(fraction)} runs cannot be split into ${wish.count} equal blocks of two or more`, found: String(wish.count), expected: sizes.length > 0 ? `one of ${sizes.join(', ')}` : 'more runs' })
  }
  return wish.generators === undefined ? chosen(fraction, wanted) : asked(fraction, wish.generators, { wanted, names })
}

function asked(fraction: Fraction, texts: readonly string[], { wanted, names }: { readonly wanted: number; readonly names: readonly string[] }): BlockReading {
  const columns: number[] = []
  for (const [i, text] of texts.entries()) {
    const effect = parseEffect(text, names, `${AT}.generators[${i}]`)
    if (!effect.ok) return { ok: false, problem: effect.problem }
    columns.push(effect.factors.reduce((bits, f) => bits ^ (fraction.columns[f] ?? 0), 0))
  }
  if (columns.length !== wanted) return no({ path: `${AT}.generators`, message: `${2 ** wanted} blocks are named by ${wanted} interactions`, found: String(columns.length), expected: String(wanted) })
  if (rank(columns) < wanted) return no({ path: `${AT}.generators`, message: 'in this fraction the interactions do not name so many blocks: one of them follows from the others, or is constant', expected: 'independent interactions' })
  const lost = spanOf(columns).flatMap((column) => fraction.columns.flatMap((main, f) => (main === column ? [f] : [])))[0]
  if (lost !== undefined) return no({ path: `${AT}.generators`, message: `${effectName([lost], names)} would be the same throughout every block: its effect could not be told from differences of blocks`, expected: 'interactions whose products are no main effect' })
  return { ok: true, columns }
}

/** Products of some of the columns, each once. */
export function spanOf(columns: readonly number[]): number[] {
  return columns.reduce<number[]>((span, column) => span.concat(span.map((s) => s ^ column), column), [])
}

/** In more runs than this not all pairs of columns are tried: then each is chosen after the others. */
const MAX_PAIRED = 256

function chosen(fraction: Fraction, wanted: number): BlockReading {
  const cost = confoundingCost(fraction)
  let columns: readonly number[] = []
  while (columns.length < wanted) {
    const pair = columns.length === 0 && wanted >= 2 && runCount(fraction) <= MAX_PAIRED
    const next = pair ? bestPair(cost) : bestAddition(cost, columns)
    if (next === undefined) return no({ path: `${AT}.count`, message: `${2 ** wanted} blocks would be confounded with a main effect, whatever names them`, found: String(2 ** wanted), expected: 'fewer blocks, or more runs' })
    columns = next.columns
  }
  return { ok: true, columns }
}

interface Choice { readonly columns: readonly number[]; readonly cost: number }

/** What is lost when blocks are named by a column: two-factor interactions count most, then those of three factors; a main effect must not be. */
function confoundingCost({ basic, columns }: Fraction): readonly number[] {
  const cost = Array.from({ length: 2 ** basic }, () => 0)
  const add = (column: number, weight: number) => {
    cost[column] = (cost[column] ?? 0) + weight
  }
  for (const [a, first] of columns.entries()) {
    add(first, Number.POSITIVE_INFINITY)
    for (const [b, second] of columns.slice(a + 1).entries()) {
      add(first ^ second, 1000)
      for (const third of columns.slice(a + b + 2)) add(first ^ second ^ third, 1)
    }
  }
  return cost
}

const costOf = (cost: readonly number[], columns: readonly number[]) => spanOf(columns).reduce((sum, column) => sum + (column === 0 ? Number.POSITIVE_INFINITY : (cost[column] ?? 0)), 0)

function bestAddition(cost: readonly number[], columns: readonly number[]): Choice | undefined {
  return best([...cost.keys()].flatMap((column) => (column === 0 ? [] : [{ columns: [...columns, column], cost: costOf(cost, [...columns, column]) }])))
}

function bestPair(cost: readonly number[]): Choice | undefined {
  const columns = [...cost.keys()].slice(1)
  return best(columns.flatMap((a) => columns.slice(a).map((b) => ({ columns: [a, b], cost: costOf(cost, [a, b]) }))))
}

/** The cheapest; of equals that with the highest products, which have the most factors. */
function best(choices: Iterable<Choice>): Choice | undefined {
  let found: Choice | undefined
  for (const choice of choices) if (choice.cost < Number.POSITIVE_INFINITY && (found === undefined || choice.cost <= found.cost)) found = choice
  return found
}

/** Block of every run, from 0. */
export function blockOfRuns(fraction: Fraction, columns: readonly number[]): number[] {
  return Array.from({ length: runCount(fraction) }, (_, run) => columns.reduce((block, column, i) => block + (productIn(run, column) > 0 ? 2 ** i : 0), 0))
}
