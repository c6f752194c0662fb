// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_TRIALS } from '../model/design.ts'
import { checkCardinality, checkTrials, countCells, expandCells, MAX_CANDIDATES } from './expand.ts'
import type { FactorPlan, PlannedFactor } from './factors.ts'

const factor = (name: string, levels: readonly unknown[]): PlannedFactor =>
  ({ name, role: 'run', paths: [`workload.overrides.${name}`], levels: levels.map((value) => ({ value, assignments: [] })) })
const plan = (kind: FactorPlan['kind'], sizes: readonly number[]): FactorPlan => ({ kind, factors: sizes.map((size, f) => factor(`f${f}`, Array.from({ length: size }, (_, i) => i))) })
const picksOf = (p: FactorPlan) => [...expandCells(p)].map((cell) => cell.picks)

describe('expandCells', () => {
  it('changes the last factor fastest in a factorial', () => {
    expect(picksOf(plan('fullFactorial', [2, 3]))).toEqual([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
  })

  it('varies one factor at a time from the first levels', () => {
    expect(picksOf(plan('oneFactorAtATime', [2, 3, 1]))).toEqual([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 2, 0]])
  })

  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 })

  it('gives as many combinations as were counted, each once', () => {
    fc.assert(fc.property(sizes, fc.constantFrom('fullFactorial' as const, 'oneFactorAtATime' as const), (size, kind) => {
      const cells = picksOf(plan(kind, size))
      expect(cells).toHaveLength(countCells(plan(kind, size)))
      expect(new Set(cells.map((c) => c.join())).size).toBe(cells.length)
      for (const picks of cells) for (const [f, pick] of picks.entries()) expect(pick).toBeLessThan(size[f] ?? 0)
    }))
  })

  it('counts a factorial as the product and one at a time as one plus the other levels', () => {
    fc.assert(fc.property(sizes, (size) => {
      expect(countCells(plan('fullFactorial', size))).toBe(size.reduce((a, b) => a * b, 1))
      expect(countCells(plan('oneFactorAtATime', size))).toBe(size.reduce((sum, n) => sum + n - 1, 1))
    }))
  })
})

describe('cardinality', () => {
  const huge = plan('fullFactorial', Array.from({ length: 32 }, () => 10))
  const once = { stacks: 1, runs: 1 }

  it('is known without expansion, and names the factors', () => {
    expect(checkCardinality(huge, once, false)).toMatchObject({ reason: 'TooManyTrials', found: '1.0e+32', message: expect.stringContaining('10 f0 × 10 f1') as string })
    expect(checkCardinality(huge, once, true)).toMatchObject({ reason: 'TooManyTrials', expected: expect.stringMatching(/^at most 100,000: .*latinHypercube/) as string })
  })

  it.each([
    [[100, 100], once, undefined],
    [[100, 101], once, '10,100'],
    [[100, 10], { stacks: 2, runs: 5 }, undefined],
    [[100, 10], { stacks: 2, runs: 6 }, '12,000'],
  ])('%j with %j', (sizes, replicates, found) => {
    expect(checkCardinality(plan('fullFactorial', sizes), replicates, false)?.found).toBe(found)
  })

  it('lets constraints be tried on more combinations than trials are allowed', () => {
    const many = plan('fullFactorial', [MAX_CANDIDATES / 1000, 1000])
    expect(countCells(many)).toBeGreaterThan(MAX_TRIALS)
    expect(checkCardinality(many, once, true)).toBeUndefined()
    expect(checkTrials(MAX_TRIALS + 1, once)).toMatchObject({ reason: 'TooManyTrials' })
  })
})
