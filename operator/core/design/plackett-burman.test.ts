// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { PLACKETT_BURMAN_RUNS, plackettBurman, plackettBurmanRows } from './plackett-burman.ts'

const text = (row: readonly number[] | undefined) => (row ?? []).map((level) => (level > 0 ? '+' : '-')).join('')

describe('plackettBurman', () => {
  // The first rows that Plackett & Burman (1946) print.
  it.each([
    [8, '+++-+--'], [12, '++-+++---+-'], [16, '++++-+-++--+---'], [20, '++--++++-+-+----++-'], [24, '+++++-+-++--++--+-+----'],
    [36, '-+-+++---+++++-+++--+----+-+-++--+-'], [44, '++--+-+--+++-+++++---+-+++-----+---++-+-++-'],
  ])('of %i runs begins as published, moves right, and ends with all low', (runs, first) => {
    const rows = plackettBurman(runs) ?? []
    expect(text(rows[0])).toBe(first)
    expect(text(rows[1])).toBe(first.slice(-1) + first.slice(0, -1))
    expect(text(rows.at(-1))).toBe('-'.repeat(runs - 1))
  })

  it.each(PLACKETT_BURMAN_RUNS)('of %i runs is orthogonal and balanced: X\'X = N I', (runs) => {
    const rows = (plackettBurman(runs) ?? []).map((row) => [1, ...row])
    expect(rows).toHaveLength(runs)
    for (let a = 0; a < runs; a++) {
      for (let b = 0; b < runs; b++) expect(rows.reduce((sum, row) => sum + (row[a] ?? Number.NaN) * (row[b] ?? Number.NaN), 0)).toBe(a === b ? runs : 0)
    }
  })

  it('takes the smallest design that is enough, or the one that is asked for', () => {
    const runs = (factors: number, wanted?: number) => {
      const read = plackettBurmanRows({ factors, at: 'at', ...(wanted === undefined ? {} : { runs: wanted }) })
      return read.ok ? `${read.rows.length}×${read.rows[0]?.length}` : read.problem.expected
    }
    expect([runs(5), runs(7), runs(8), runs(11), runs(12), runs(32), runs(4, 20)]).toEqual(['8×5', '8×7', '12×8', '12×11', '16×12', '36×32', '20×4'])
    expect([runs(12, 12), runs(3, 14)]).toEqual(['one of 16, 20, 24, 28, 32, 36, 40, 44, 48', 'one of 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48'])
  })
})
