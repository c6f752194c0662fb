// SPDX-License-Identifier: Apache-2.0
// References: R 4.2 (pnorm, pchisq, pf, pbinom, qbeta with lower.tail as named); 30-digit integrals by mpmath where R has fewer digits than we ask
// (non-central F, studentised range: R's ptukey is off by 4e-5 of a tail at five groups and three degrees of freedom).
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentSurvival, twoSidedP } from '../student-t.ts'
import { betaQuantile, binomialCdf, binomialQuantile, binomialSurvival } from './binomial.ts'
import { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from './chi-square.ts'
import { type FDegrees, fCdf, fQuantile, fSurvival, noncentralFSurvival } from './f.ts'
import { noncentralTSurvival } from './noncentral-t.ts'
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts'
import { rangeCdf, rangeQuantile, rangeSurvival } from './studentized-range.ts'

const expectDigits = (got: number, expected: number, tolerance = 1e-13) =>
  expect(Math.abs(got - expected) / Math.abs(expected), `${got} for ${expected}`).toBeLessThan(tolerance)
const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })

describe('normal', () => {
  it.each([
    [-2, 0.977_249_868_051_820_8], [0.3, 0.382_088_577_811_047_4], [2, 0.022_750_131_948_179_21], [3.1, 0.000_967_603_213_218_356_6],
    [6, 9.865_876_450_376_98e-10], [10, 7.619_853_024_160_525e-24], [30, 4.906_713_927_148_187e-198],
  ])('has P(Z > %f)', (z, expected) => {
    expectDigits(normalSurvival(z), expected)
    expectDigits(normalCdf(-z), expected)
  })
  it.each([
    [1e-300, -37.047_096_299_361_2], [1e-5, -4.264_890_793_922_826], [0.025, -1.959_963_984_540_054], [0.9, 1.281_551_565_544_601],
    [0.9995, 3.290_526_731_491_926],
  ])('has the quantile of %d', (p, expected) => expectDigits(normalQuantile(p), expected))
  it('has no quantile of 0 and 1', () => expect(() => normalQuantile(1)).toThrow('expected 0 < p < 1'))
})

describe('t', () => {
  it.each([
    [8, 3, 0.002_038_288_793_892_733], [1e4, 2, 4.999_999_925_000_001e-9], [50, 30, 9.357_708_829_611_422e-31], [0.01, 7, 0.496_150_158_821_810_9],
  ])('has P(T > %d) with %d degrees of freedom', (t, df, expected) => {
    expectDigits(studentSurvival(t, df), expected)
    expectDigits(twoSidedP(-t, df), 2 * expected)
  })
})

describe('chi-square', () => {
  it.each([
    [0.3, 3, 0.039_971_519_693_122_38, 0.960_028_480_306_877_8], [3.84, 1, 0.949_956_478_751_294_7, 0.050_043_521_248_705_22],
    [100, 10, 1, 5.449_701_982_920_53e-17], [1000, 1000, 0.505_947_146_170_760_4, 0.494_052_853_829_239_7],
    [1200, 1000, 0.999_987_744_057_669_3, 1.225_594_233_062_291e-5], [50, 200, 1.229_388_480_587_473e-29, 1], [0.001, 5, 1.681_487_718_970_627e-9, 0.999_999_998_318_512_3],
  ])('at %d with %d degrees of freedom', (x, df, lower, upper) => {
    expectDigits(chiSquareCdf(x, df), lower)
    expectDigits(chiSquareSurvival(x, df), upper)
  })
  it.each([
    [0.95, 1, 3.841_458_820_694_124], [0.025, 10, 3.246_972_780_236_841], [0.999, 100, 149.449_252_779_038_7], [1e-6, 4, 0.002_829_761_322_958_686],
  ])('has the quantile of %d with %d degrees of freedom', (p, df, expected) => expectDigits(chiSquareQuantile(p, df), expected))
})

describe('F', () => {
  it.each<[number, FDegrees, number, number]>([
    [4.26, [2, 9], 0.950_089_969_618_451, 0.049_910_030_381_548_99], [0.2, [5, 7], 0.047_583_549_778_572_51, 0.952_416_450_221_427_5],
    [100, [3, 20], 0.999_999_999_996_731_7, 3.268_241_807_261_647e-12], [1.1, [200, 300], 0.772_873_671_122_919_7, 0.227_126_328_877_080_3],
    [1e4, [1, 4], 0.999_999_940_039_979_1, 5.996_002_098_992_463e-8], [21, [8, 180], 1, 2.583_264_337_268_952e-22],
  ])('at %d with %j degrees of freedom', (f, df, lower, upper) => {
    expectDigits(fCdf(f, df), lower)
    expectDigits(fSurvival(f, df), upper)
  })
  it.each<[number, FDegrees, number]>([
    [0.95, [2, 9], 4.256_494_729_093_748], [0.99, [1, 4], 21.197_689_584_391_3], [0.05, [5, 7], 0.205_091_532_833_895_4], [0.999, [30, 120], 2.262_125_233_505_893],
  ])('has the quantile of %d with %j degrees of freedom', (p, df, expected) => expectDigits(fQuantile(p, df), expected))
  it('is the square of t', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 40, noNaN: true }), fc.integer({ min: 1, max: 200 }), (t, df) => {
      expectDigits(fSurvival(t * t, [1, df]), twoSidedP(t, df), 1e-12)
    }))
  })
  it.each<[number, FDegrees, number, number]>([
    [2.9, [3, 16], 5, 0.410_713_677_110_428_2], [4, [1, 8], 10, 0.863_745_511_828_378_4], [1.5, [10, 40], 30, 0.990_599_941_811_813_8], [3.49, [3, 12], 0.5, 0.072_678_160_806_046_7],
  ])('non-central at %d with %j degrees of freedom and λ = %d', (f, df, lambda, expected) => expectDigits(noncentralFSurvival(f, df, lambda), expected))
})

describe('binomial', () => {
  it.each([
    [3, 10, 0.5, 0.171_875, 0.828_125], [0, 20, 0.01, 0.817_906_937_597_230_8, 0.182_093_062_402_769_2], [990, 1000, 0.99, 0.542_699_407_825_111_1, 0.457_300_592_174_888_9],
    [999, 1000, 0.99, 0.999_956_828_752_589_3, 4.317_124_741_065_782e-5], [5, 100, 0.2, 1.868_006_630_032_428e-5, 0.999_981_319_933_699_7],
  ])('at %d of %d with probability %d', (...[k, n, p, lower, upper]) => {
    expectDigits(binomialCdf(k, n, p), lower)
    expectDigits(binomialSurvival(k, n, p), upper)
  })
  it('adds up to its terms', () => {
    const terms = [0, 1, 2, 3, 4].map((k) => (24 / ([1, 1, 2, 6, 24][k] as number) / ([24, 6, 2, 1, 1][k] as number)) * 0.3 ** k * 0.7 ** (4 - k))
    terms.forEach((_, k) => expect(binomialCdf(k, 4, 0.3)).toBeCloseTo(terms.slice(0, k + 1).reduce((a, b) => a + b), 14))
    expect([binomialCdf(-1, 4, 0.3), binomialSurvival(-1, 4, 0.3), binomialSurvival(4, 4, 0.3)]).toEqual([0, 1, 0])
  })
  it.each([[0.975, 10, 0.5, 8], [0.025, 10, 0.5, 2], [0.5, 1000, 0.99, 990]])('has the %d quantile of %d tries at %d', (q, n, p, k) => expect(binomialQuantile(q, n, p)).toBe(k))
  it.each([[0.025, 3, 8, 0.066_739_511_177_734_47], [0.975, 0.5, 20, 0.119_407_023_955_037_5], [0.5, 100, 2, 0.983_438_384_466_954_8]])(
    'has the beta quantile of %d with %d and %d', (p, a, b, expected) => expectDigits(betaQuantile(p, a, b), expected))
})

describe('studentised range', () => {
  it.each([
    [1, 3, 3, 0.223_316_242_895_420_43], [1, 10, 20, 0.000_873_296_931_936_460_6], [1, 20, 3, 9.226_767_488_578_4e-5], [4, 3, 10, 0.956_650_650_240_017_5],
    [4, 10, 3, 0.616_487_523_240_417_4], [4, 20, 50, 0.631_804_281_923_238_3], [10, 3, 3, 0.988_133_563_371_299_4], [10, 10, 10, 0.999_173_832_596_354_8],
    [10, 20, 100, 0.999_999_960_294_805_5],
  ])('has P(Q ≤ %d) of %d groups with %d degrees of freedom to 12 decimals', (q, groups, df, expected) => expect(Math.abs(rangeCdf(q, { groups, df }) - expected)).toBeLessThan(1e-12))
  it.each([[10, 5, 3, 0.022_686_105_112_252_68], [12, 3, 5, 0.000_878_120_648_284_318_6], [30, 4, 20, 2.031_140_243_991_228_2e-14]])(
    'has P(Q > %d) of %d groups with %d degrees of freedom', (q, groups, df, expected) => expectDigits(rangeSurvival(q, { groups, df }), expected, 1e-11))
  // Published tables of the upper 5 and 1 % points, three decimals.
  it.each([[0.95, 3, 10, 3.877], [0.95, 2, 1, 17.97], [0.99, 10, 20, 6.09], [0.95, 4, Infinity, 3.633], [0.95, 5, 60, 3.977]])(
    'has the tabled quantile of %d for %d groups with %d degrees of freedom', (p, groups, df, expected) => expect(Math.abs(rangeQuantile(p, { groups, df }) - expected)).toBeLessThan(0.006))
  it('of two groups is √2 |t|', () => {
    for (const df of [1, 4, 30]) expectDigits(rangeSurvival(2.5 * Math.SQRT2, { groups: 2, df }), twoSidedP(2.5, df), 1e-12)
  })
})

describe('non-central t', () => {
  it.each([[2, 5, 1.5, 0.368_550_752_744_328_3], [2.3, 18, 3, 0.753_182_816_870_741_3], [-1, 10, -0.5, 0.678_630_638_691_129_4], [6.3, 1, 2, 0.247_198_289_149_546_9]])(
    'at %d with %d degrees of freedom and δ = %d', (t, df, delta, expected) => expectDigits(noncentralTSurvival(t, df, delta), expected, 1e-12))
  it('is central without a shift', () => expectDigits(noncentralTSurvival(2.1, 9, 0), studentSurvival(2.1, 9), 1e-12))
})

it('quantiles undo distribution functions', () => {
  fc.assert(fc.property(probability, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (p, a, b) => {
    expectDigits(normalCdf(normalQuantile(p)), p, 1e-11)
    expectDigits(chiSquareCdf(chiSquareQuantile(p, a), a), p, 1e-11)
    expectDigits(fCdf(fQuantile(p, [a, b]), [a, b]), p, 1e-11)
  }))
})
