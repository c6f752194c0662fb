// SPDX-License-Identifier: Apache-2.0
// Montgomery, Design and Analysis of Experiments, ch. 11: yield of a chemical process, a central composite design; figures by R's lm.
import { describe, expect, it } from 'vitest'
import { fitSurface } from './response-surface.ts'

// The book rounds √2 like this.
const axial = 1414 / 1000
const x1 = [-1, -1, 1, 1, 0, 0, 0, 0, 0, axial, -axial, 0, 0]
const x2 = [-1, 1, -1, 1, 0, 0, 0, 0, 0, 0, 0, axial, -axial]
const y = [76.5, 77, 78, 79.5, 79.9, 80.3, 80, 79.7, 79.8, 78.4, 75.6, 78.5, 77]
const surface = fitSurface([{ name: 'x1', values: x1 }, { name: 'x2', values: x2 }], y)

describe('a quadratic', () => {
  it.each([
    ['intercept', 79.939_954_606_400_15, 0.119_088_619_524_876_4], ['x1', 0.995_050_252_588_155, 0.094_154_930_959_463_4], ['x2', 0.515_202_795_622_151, 0.094_154_930_959_463_4],
    ['x1 × x2', 0.25, 0.133_145_126_731_523_3], ['x1²', -1.376_449_282_594_762, 0.100_984_168_795_640_4], ['x2²', -1.001_335_998_382_93, 0.100_984_168_795_640_4],
  ])('has the coefficient of %s', (term, estimate, standardError) => {
    const found = surface.coefficients.find((c) => c.term === term)
    expect(found?.estimate).toBeCloseTo(estimate, 11)
    expect(found?.standardError).toBeCloseTo(standardError, 11)
  })

  it('says how well it fits', () => {
    expect(surface.r2).toBeCloseTo(0.982_730_676_505_013, 12)
    expect(surface.adjustedR2).toBeCloseTo(0.970_395_445_437_166, 12)
    expect(surface.predictedR2).toBeCloseTo(1 - 2.353_461_497_099_555 / surface.total.sumOfSquares, 12)
    expect(surface.groups.map((g) => [g.name, g.df])).toEqual([['linear', 2], ['interactions', 1], ['squares', 2]])
    expect(surface.groups.at(-1)?.sumOfSquares).toBeCloseTo(17.953_748_738_29, 9)
    expect(surface.lackOfFit?.lack).toEqual({ df: 3, sumOfSquares: expect.closeTo(0.284_373_493_625_9, 10) })
    expect(surface.lackOfFit?.pure).toEqual({ df: 4, sumOfSquares: expect.closeTo(0.212, 10) })
    expect(surface.lackOfFit?.p).toBeCloseTo(0.288_56, 5)
  })

  it('finds its peak', () => {
    expect(surface.stationary).toMatchObject({ kind: 'maximum', inside: true, at: { x1: expect.closeTo(0.389_230_432_963, 10), x2: expect.closeTo(0.305_846_591_38, 10) }, predicted: expect.closeTo(80.212_393_036_173, 10) })
  })

  it('does not depend on the units of the factors', () => {
    const scaled = fitSurface([{ name: 'x1', values: x1.map((x) => 170 + 5 * x) }, { name: 'x2', values: x2.map((x) => 35 + 5 * x) }], y)
    expect(scaled.r2).toBeCloseTo(surface.r2, 11)
    expect(scaled.stationary?.at['x1']).toBeCloseTo(170 + 5 * 0.389_230_432_963, 8)
    expect(scaled.coefficients.find((c) => c.term === 'x1²')?.estimate).toBeCloseTo(-1.376_449_282_594_762 / 25, 9)
  })

  it('takes the shift of a block out', () => {
    const block = { name: 'day', factors: ['day'], columns: [Float64Array.from(x1, (_, i) => (i < 7 ? -1 : 1))] }
    const clean = fitSurface([{ name: 'x1', values: x1 }, { name: 'x2', values: x2 }], y, { blocks: [block] })
    const shifted = fitSurface([{ name: 'x1', values: x1 }, { name: 'x2', values: x2 }], y.map((v, i) => v + (i < 7 ? 0 : 30)), { blocks: [block] })
    clean.coefficients.slice(1).forEach((c, i) => expect(shifted.coefficients[i + 1]?.estimate).toBeCloseTo(c.estimate as number, 9))
  })
})

it('gives no coefficient to squares that a two-level design with centre points cannot tell apart', () => {
  // Montgomery ch. 6: 2² with five centre points.
  const corners = fitSurface([{ name: 'a', values: [-1, 1, -1, 1, 0, 0, 0, 0, 0] }, { name: 'b', values: [-1, -1, 1, 1, 0, 0, 0, 0, 0] }], [39.3, 40.9, 40, 41.5, 40.3, 40.5, 40.7, 40.2, 40.6])
  expect(corners.coefficients.map((c) => c.estimate === null)).toEqual([false, false, false, false, false, true])
  expect(corners.stationary).toBeNull()
})
