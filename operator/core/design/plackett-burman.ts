// SPDX-License-Identifier: Apache-2.0
/** Plackett–Burman designs of 8 to 48 runs: two levels, as many factors as runs but one, main effects orthogonal. */
import type { Problem } from '../model/problem.ts'

/** A multiple of four, from 8 to 48. */
export const PLACKETT_BURMAN_RUNS: readonly number[] = Array.from({ length: 11 }, (_, i) => 8 + 4 * i)

/** First rows of cyclic designs (Plackett & Burman 1946) whose length is no prime; the others follow from quadratic residues. */
const FIRST_ROWS: Readonly<Record<number, string>> = {
  16: '++++-+-++--+---',
  32: '----+-+-+++-++---+++++--++-+--+',
  36: '-+-+++---+++++-+++--+----+-+-++--+-',
}

/** The three blocks of 28 runs, which are moved around cyclically as a whole. */
const BLOCKS_OF_28 = [
  ['+-++++---', '++-+++---', '-+++++---', '---+-++++', '---++-+++', '----+++++', '+++---+-+', '+++---++-', '+++----++'],
  ['-+---+--+', '--++--+--', '+---+--+-', '--+-+---+', '+----++--', '-+-+---+-', '--+--+-+-', '+--+----+', '-+--+-+--'],
  ['++-+-++-+', '-++++-++-', '+-+-++-++', '+-+++-+-+', '++--++++-', '-+++-+-++', '+-++-+++-', '++-++--++', '-++-+++-+'],
] as const

const signs = (text: string) => text.split('').map((sign) => (sign === '+' ? 1 : -1))

/** All runs - 1 columns; undefined for a number of runs that there is no design of. */
export function plackettBurman(runs: number): number[][] | undefined {
  if (!PLACKETT_BURMAN_RUNS.includes(runs)) return undefined
  if (runs === 28) return [...Array.from({ length: 3 }, (_, shift) => blockRows(shift)).flat(), lows(27)]
  if (runs === 40) return doubled(20)
  const first = FIRST_ROWS[runs]
  return cyclic(first === undefined ? residues(runs - 1) : signs(first))
}

const lows = (columns: number) => Array.from({ length: columns }, () => -1)

/** Every row is the one before moved to the right; all low comes last. */
function cyclic(first: readonly number[]): number[][] {
  const size = first.length
  return [...first.map((_, shift) => first.map((__, column) => first[(column - shift + size) % size] ?? 0)), lows(size)]
}

/** High at 0 and at the squares modulo a prime of the form 4n + 3 (Paley). */
function residues(prime: number): number[] {
  const squares = new Set(Array.from({ length: prime }, (_, i) => (i * i) % prime))
  return Array.from({ length: prime }, (_, i) => (squares.has(i) ? 1 : -1))
}

function blockRows(shift: number): number[][] {
  return Array.from({ length: 9 }, (_, row) => [0, 1, 2].flatMap((block) => signs(BLOCKS_OF_28[(block - shift + 3) % 3]?.[row] ?? '')))
}

/** A design of twice the runs: itself twice, beside a column that tells the halves apart and itself with the second half reversed. */
function doubled(runs: number): number[][] {
  const half = plackettBurman(runs) ?? []
  return [...half.map((row) => [...row, 1, ...row]), ...half.map((row) => [...row, -1, ...row.map((level) => -level)])]
}

interface Wish { readonly factors: number; readonly runs?: number; readonly at: string }
export type RowsReading = { readonly ok: true; readonly rows: readonly (readonly number[])[] } | { readonly ok: false; readonly problem: Problem }

/** Rows for so many factors, in the smallest design that is enough or in the one that is asked for. */
export function plackettBurmanRows({ factors, runs, at }: Wish): RowsReading {
  const enough = PLACKETT_BURMAN_RUNS.filter((n) => n > factors)
  const wanted = runs ?? enough[0] ?? 0
  const rows = plackettBurman(wanted)
  if (rows === undefined || wanted <= factors) return { ok: false, problem: { reason: 'BadFraction', path: `${at}.runs`, message: `${factors} factors need more runs than factors, and there is a design for each multiple of 4`, found: String(wanted), expected: `one of ${enough.join(', ')}` } }
  return { ok: true, rows: rows.map((row) => row.slice(0, factors)) }
}
