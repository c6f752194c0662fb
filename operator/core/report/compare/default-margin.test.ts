// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { armOf } from '../../stats/compare/verdict.ts'
import type { Sampled } from './compare-results.ts'
import { marginsOf } from './default-margin.ts'

/** Stand-ups of one trial each. */
const sampled = (base: readonly number[], candidate: readonly number[], name = 'p50(ttft)') =>
  ({ pair: { name, base: { unit: 'ms' } }, base: armOf(base.map((x) => [x])), candidate: armOf(candidate.map((x) => [x])) }) as unknown as Sampled
const margins = (samples: readonly Sampled[], given?: { relative: number }) => marginsOf(samples, { given, sameStandUp: false })

it('is how far replicates of one treatment lie apart, 95 times in 100 (ISO 5725-6: 1.96 √2 of their standard deviation)', () => {
  // Logarithms −d, 0, d have the standard deviation d.
  const three = (middle: number, d = 0.05) => [middle * Math.exp(-d), middle, middle * Math.exp(d)]
  expect(margins([sampled(three(100), three(180))])).toEqual([
    { name: 'p50(ttft)', unit: 'ms', source: 'noise floor', df: 4, margin: { relative: expect.closeTo(Math.expm1(1.959964 * Math.SQRT2 * 0.05), 6) } },
  ])
  expect(margins([sampled([-1, 0, 1], [4, 5, 6])])[0]?.margin).toEqual({ absolute: expect.closeTo(1.959964 * Math.SQRT2, 5) })
})

it.each([
  ['what was given', [sampled([1, 2], [1, 2])], { relative: 0.03 }, { margin: { relative: 0.03 }, source: 'given' }],
  ['none from too few replicates', [sampled([1, 2], [1, 2])], undefined, { margin: null, df: 2, source: 'too few replicates' }],
  ['none from one stand-up each', [sampled([1], [2])], undefined, { margin: null, df: 0, source: 'too few replicates' }],
])('is %s', (_, samples, given, found) => expect(margins(samples, given)[0]).toMatchObject(found))

it('belongs to one response each', () => {
  expect(margins([sampled([1, 2, 3], [1, 2, 3]), sampled([1, 1, 1], [1, 1, 1], 'goodput')]).map((m) => [m.name, m.margin !== null])).toEqual([['p50(ttft)', true], ['goodput', true]])
})
