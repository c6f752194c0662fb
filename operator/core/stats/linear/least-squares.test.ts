// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dot, fitLeastSquares } from './least-squares.ts'
import { symmetricEigenvalues } from './symmetric-eigen.ts'

const digits = (got: number | null | undefined, certified: number) => -Math.log10(Math.abs((got as number) - certified) / Math.abs(certified))

describe('NIST StRD linear regression', () => {
  it('Longley: seven coefficients of a collinear table to ten digits and more', () => {
    const rows = [
      [60_323, 83, 234_289, 2356, 1590, 107_608, 1947], [61_122, 88.5, 259_426, 2325, 1456, 108_632, 1948], [60_171, 88.2, 258_054, 3682, 1616, 109_773, 1949],
      [61_187, 89.5, 284_599, 3351, 1650, 110_929, 1950], [63_221, 96.2, 328_975, 2099, 3099, 112_075, 1951], [63_639, 98.1, 346_999, 1932, 3594, 113_270, 1952],
      [64_989, 99, 365_385, 1870, 3547, 115_094, 1953], [63_761, 100, 363_112, 3578, 3350, 116_219, 1954], [66_019, 101.2, 397_469, 2904, 3048, 117_388, 1955],
      [67_857, 104.6, 419_180, 2822, 2857, 118_734, 1956], [68_169, 108.4, 442_769, 2936, 2798, 120_445, 1957], [66_513, 110.8, 444_546, 4681, 2637, 121_950, 1958],
      [68_655, 112.6, 482_704, 3813, 2552, 123_366, 1959], [69_564, 114.2, 502_601, 3931, 2514, 125_368, 1960], [69_331, 115.7, 518_173, 4806, 2572, 127_852, 1961],
      [70_551, 116.9, 554_894, 4007, 2827, 130_081, 1962],
    ]
    const certified = [-3_482_258.634_595_82, 15.061_872_271_373_3, -0.035_819_179_292_591, -2.020_229_803_816_83, -1.033_226_867_173_59, -0.051_104_105_653_580_7, 1829.151_464_613_55]
    const fit = fitLeastSquares([rows.map(() => 1), ...[1, 2, 3, 4, 5, 6].map((j) => rows.map((r) => r[j] as number))], rows.map((r) => r[0] as number))
    certified.forEach((b, i) => expect(digits(fit.coefficients[i], b)).toBeGreaterThan(10))
    expect(digits(Math.sqrt(fit.residualSquares / fit.df), 304.854_073_561_965)).toBeGreaterThan(11)
    const errors = [890_420.383_607_373, 84.914_925_774_766_9, 0.033_491_007_772_214_7, 0.488_399_681_651_699, 0.214_274_163_161_675, 0.226_073_200_069_37, 455.478_499_142_212]
    errors.forEach((se, i) => expect(digits(Math.sqrt((fit.unitVariance(fit.coefficients.map((_, j) => Number(i === j))) as number) * fit.residualSquares / fit.df), se)).toBeGreaterThan(9))
  })

  it('Wampler1: a quintic of 21 points, all coefficients 1', () => {
    const x = Array.from({ length: 21 }, (_, i) => i)
    const powers = [0, 1, 2, 3, 4, 5].map((p) => x.map((v) => v ** p))
    const fit = fitLeastSquares(powers, x.map((_, i) => powers.reduce((total, column) => total + (column[i] as number), 0)))
    for (const b of fit.coefficients) expect(digits(b, 1)).toBeGreaterThan(9.5)
  })
})

describe('fitLeastSquares', () => {
  it('sets columns aside that earlier ones make up, and gives them no coefficient', () => {
    const [a, b] = [[1, 1, 1, 1, 1], [0, 1, 2, 3, 5]]
    const fit = fitLeastSquares([a, b, a.map((v, i) => 2 * v - 3 * (b[i] as number)), [1, 0, 0, 0, 0]], [1, 2, 2, 4, 5])
    expect(fit.coefficients.map((c) => c === null)).toEqual([false, false, true, false])
    expect([fit.rank, fit.df]).toEqual([3, 2])
    expect(fit.unitVariance([0, 0, 1, 0])).toBeNull()
  })

  it('leaves residuals that are orthogonal to every column, and leverages that add up to the rank', () => {
    // Numbers as measurements have them: squares of such as 1e-162 are zero.
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => (Math.abs(x) < 1e-9 ? 0 : x))
    fc.assert(fc.property(fc.array(fc.tuple(value, value, value), { minLength: 4, maxLength: 30 }), (rows) => {
      const columns = [rows.map(() => 1), rows.map((r) => r[0]), rows.map((r) => r[1])]
      const fit = fitLeastSquares(columns, rows.map((r) => r[2]))
      for (const column of columns) expect(Math.abs(dot(column, fit.residuals))).toBeLessThan(1e-6)
      expect(fit.leverages.reduce((x, y) => x + y, 0)).toBeCloseTo(fit.rank, 8)
    }))
  })
})

it('finds the eigenvalues of a symmetric matrix', () => {
  expect(symmetricEigenvalues([[2, 1], [1, 2]])[0]).toBeCloseTo(1, 13)
  expect(symmetricEigenvalues([[2, 1], [1, 2]])[1]).toBeCloseTo(3, 13)
  // The second difference: 2 − 2 cos(k π / 5).
  symmetricEigenvalues([[2, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]]).forEach((e, k) => expect(e).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / 5), 12))
})
