// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pythonRandom } from './python-random.ts'

interface Vector {
  readonly seed: number
  readonly uniform: readonly number[]
  readonly gauss: readonly number[]
  readonly range: readonly number[]
  readonly shuffled: readonly number[]
  readonly samples: readonly (readonly number[])[]
  readonly last: number
}
/** What CPython 3.11 draws in this order. */
const vectors = JSON.parse(readFileSync(new URL('./testdata/python-random.json', import.meta.url), 'utf8')) as readonly Vector[]
const SAMPLES = [[10, 3], [21, 5], [22, 5], [100, 6], [100, 30], [1000, 12], [85, 85], [86, 16], [277, 22]] as const
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('pythonRandom', () => {
  it.each(vectors)('draws what Python draws from seed $seed', ({ seed, uniform, gauss, range, shuffled, samples, last }) => {
    const random = pythonRandom(seed)
    expect(uniform.map(() => random.uniform())).toEqual(uniform)
    for (const value of gauss) expect(random.gauss(550, 150)).toBeCloseTo(value, 9)
    const ranges = [...upTo(4).map(() => [100, 1000] as const), [5, 6], [0, 2 ** 31], [0, 2 ** 32 - 1]] as const
    expect(ranges.map(([start, stop]) => random.range(start, stop))).toEqual(range)
    expect(random.shuffled(upTo(9))).toEqual(shuffled)
    expect(SAMPLES.map(([size, count]) => random.sample(upTo(size), count))).toEqual(samples)
    expect(random.uniform()).toBe(last)
  })

  it('keeps the second of a pair for a call with another mean', () => {
    const [a, b] = [pythonRandom(1), pythonRandom(1)]
    a.gauss(0, 1)
    b.gauss(100, 5)
    expect(a.gauss(550, 0)).toBe(550)
    expect(b.gauss(0, 1)).toBeCloseTo(pythonSecond(1), 12)
  })

  it.each<[string, () => unknown, string]>([
    ['a seed that is no whole number', () => pythonRandom(0.5), 'expected a whole number'],
    ['an empty range', () => pythonRandom(1).range(5, 5), 'range of 0 numbers'],
    ['more than there are', () => pythonRandom(1).sample([1, 2], 3), 'sample of 3 from 2'],
  ])('refuses %s', (_, draw, message) => expect(draw).toThrow(message))
})

function pythonSecond(seed: number): number {
  const random = pythonRandom(seed)
  const angle = random.uniform() * 2 * Math.PI
  return Math.sin(angle) * Math.sqrt(-2 * Math.log(1 - random.uniform()))
}
