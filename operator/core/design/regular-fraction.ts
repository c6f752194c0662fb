// SPDX-License-Identifier: Apache-2.0
/** Regular fractions of two levels: every factor is a product of basic factors. Runs, words, resolution and aliases follow from that alone. */

export interface Fraction {
  /** Basic factors; there are 2^basic runs. */
  readonly basic: number
  /** For each factor the basic factors whose product it is, as bits. */
  readonly columns: readonly number[]
  /** 1, or -1 where the product is reversed. */
  readonly signs: readonly number[]
}

export const runCount = ({ basic }: Fraction) => 2 ** basic

/** A fraction of which the first factors are basic and the others are the given products. */
export function fractionOf(basic: number, added: readonly number[]): Fraction {
  const columns = [...Array.from({ length: basic }, (_, i) => 1 << i), ...added]
  return { basic, columns, signs: columns.map(() => 1) }
}

export function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Level of a product in a run, -1 or 1: bit i of the run says whether basic factor i is high, so that a product of n low ones is (-1)^n. */
export const productIn = (run: number, column: number) => (bitCount(column & ~run) % 2 === 0 ? 1 : -1)

/** All runs in standard order: the first factor changes fastest. */
export function fractionRows(fraction: Fraction): number[][] {
  const { columns, signs } = fraction
  return Array.from({ length: runCount(fraction) }, (_, run) => columns.map((column, f) => productIn(run, column) * (signs[f] ?? 1)))
}

/** The runs and the same once more with the levels of some factors reversed; undefined when those are the runs that are there already. */
export function foldOver(fraction: Fraction, reversed: readonly number[]): Fraction | undefined {
  const bit = 1 << fraction.basic
  const columns = fraction.columns.map((column, f) => (reversed.includes(f) ? column | bit : column))
  // The new basic factor is low in the first half, and reverses there what it must not.
  const signs = fraction.signs.map((sign, f) => (reversed.includes(f) ? -sign : sign))
  return rank(columns) > fraction.basic ? { basic: fraction.basic + 1, columns, signs } : undefined
}

/** Number of independent columns. */
export function rank(columns: readonly number[]): number {
  return columns.length - definingGenerators({ columns, signs: [] }).length
}

/** A word of the defining relation: the factors in it as bits, and the sign of their product. */
export interface Word { readonly factors: number; readonly sign: number }

/** Independent words that generate the defining relation: one for each factor that is not needed as a basic one. */
export function definingGenerators({ columns, signs }: Pick<Fraction, 'columns' | 'signs'>): Word[] {
  // Independent columns with distinct highest bits, highest first, each with the factors that make it.
  const basis: { vector: number; made: number }[] = []
  const words: Word[] = []
  for (const [f, column] of columns.entries()) {
    let vector = column
    let made = 1 << f
    for (const member of basis) if ((vector ^ member.vector) < vector) [vector, made] = [vector ^ member.vector, made ^ member.made]
    if (vector === 0) words.push({ factors: made, sign: signOf(made, signs) })
    else basis.push({ vector, made })
    basis.sort((a, b) => b.vector - a.vector)
  }
  return words
}

/** Where the columns cancel, every basic factor is there twice, so that only the signs are left. */
function signOf(factors: number, signs: readonly number[]): number {
  return signs.reduce((sign, s, f) => ((factors >>> f) & 1 ? sign * s : sign), 1)
}

/** More words than this are neither listed nor read. */
export const MAX_WORDS = 1024

/** Every word of the defining relation, short ones first; undefined when there are too many to list. */
export function definingWords(fraction: Fraction): Word[] | undefined {
  const generators = definingGenerators(fraction)
  if (2 ** generators.length > MAX_WORDS) return undefined
  const words: Word[] = [{ factors: 0, sign: 1 }]
  for (const g of generators) words.push(...words.map((w) => ({ factors: w.factors ^ g.factors, sign: w.sign * g.sign })))
  return words.slice(1).sort((a, b) => bitCount(a.factors) - bitCount(b.factors) || byLetters(a.factors, b.factors))
}

/** Words as a dictionary orders them: that with the earlier first factor comes first. */
function byLetters(a: number, b: number): number {
  const differ = a ^ b
  return differ === 0 ? 0 : a & (differ & -differ) ? -1 : 1
}

/** How many words of each length the defining relation has: entry i counts those of i factors. Counted over the runs, so that any number of words will do. */
export function wordLengthPattern(fraction: Fraction): number[] {
  const { columns } = fraction
  const k = columns.length
  const byLows = Array.from({ length: k + 1 }, () => 0)
  for (let run = 0; run < runCount(fraction); run++) {
    const odd = columns.reduce((sum, column) => sum + (bitCount(column & run) & 1), 0)
    byLows[odd] = (byLows[odd] ?? 0) + 1
  }
  // MacWilliams: the weights of a code and of its dual determine each other.
  return Array.from({ length: k + 1 }, (_, j) => Math.round(byLows.reduce((sum, count, i) => (count === 0 ? sum : sum + count * krawtchouk(j, i, k)), 0) / runCount(fraction)))
}

function krawtchouk(j: number, i: number, k: number): number {
  let sum = 0
  for (let l = 0; l <= j; l++) sum += (l % 2 === 0 ? 1 : -1) * choose(i, l) * choose(k - i, j - l)
  return sum
}

export function choose(n: number, m: number): number {
  if (m < 0 || m > n) return 0
  let result = 1
  for (let i = 1; i <= m; i++) result = (result * (n - m + i)) / i
  return Math.round(result)
}

/** Length of the shortest word; Infinity for a full factorial. */
export function resolutionOf(fraction: Fraction): number {
  const shortest = wordLengthPattern(fraction).findIndex((count, length) => length > 0 && count > 0)
  return shortest < 0 ? Number.POSITIVE_INFINITY : shortest
}
