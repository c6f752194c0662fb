// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { fitLeastSquares } from '../linear/least-squares.ts'
import { random } from '../testdata/random.ts'
import { analyzeStratum } from './stratum.ts'
import { interactions, mainTerm } from './terms.ts'

const ROWS = 18
const codes = (levels: number, every: number) => Array.from({ length: ROWS }, (_, i) => Math.floor(i / every) % levels)
const TERMS = interactions([mainTerm({ name: 'a', levels: ['1', '2'], codes: codes(2, 1) }), mainTerm({ name: 'b', levels: ['1', '2', '3'], codes: codes(3, 2) })], 2)

/** A table whose rows ran in a random order, and the trend in it. */
function noisy(seed: number, slope: number) {
  const r = random(seed)
  for (let i = 0; i < 20; i++) r.uniform()
  const order = Array.from({ length: ROWS }, (_, i) => i).map((i) => [r.uniform(), i] as const).sort((x, y) => x[0] - y[0]).map(([, i]) => i)
  const time = Array.from({ length: ROWS }, (_, i) => order.indexOf(i) / (ROWS - 1))
  return { time, y: time.map((t) => 5 + slope * t + r.normal()) }
}

/** Its slope by least squares of what the terms leave, and that slope's variance. */
function without({ time, y }: ReturnType<typeof noisy>) {
  const columns = [new Float64Array(ROWS).fill(1), ...TERMS.flatMap((t) => t.columns), Float64Array.from(time)]
  const fit = fitLeastSquares(columns, Float64Array.from(y))
  const b = fit.coefficients.at(-1) as number
  const meanSquare = fit.residualSquares / fit.df
  const variance = meanSquare * (fit.unitVariance([...columns.slice(1).map(() => 0), 1]) as number)
  return { freed: y.map((v, i) => v - b * (time[i] as number)), variance, fit, meanSquare }
}

describe('a trend that was taken out', () => {
  it('by its own least squares is the analysis of covariance', () => {
    const table = noisy(5, 3)
    const { freed, variance, fit, meanSquare } = without(table)
    const found = analyzeStratum({ y: freed, nuisances: [], terms: TERMS, sums: 'partial', trend: { values: table.time, variance, df: 1 } })
    expect(found.error).toMatchObject({ df: fit.df, meanSquare: expect.closeTo(meanSquare, 10) })
    const covariate = { name: 'time', factors: ['time'], columns: [Float64Array.from(table.time)] }
    const covariance = analyzeStratum({ y: table.y, nuisances: [covariate], terms: TERMS, sums: 'partial' })
    for (const [i, row] of found.terms.entries()) expect(row.p).toBeCloseTo(covariance.terms[i]?.p ?? 0, 8)
    const [one, other] = [found.contrast('a', [2]), covariance.contrast('a', [2])]
    expect(one?.unitVariance).toBeCloseTo(other?.unitVariance ?? 0, 8)
    expect(one?.estimate).toBeCloseTo(other?.estimate ?? 0, 8)
  })

  it('of a slope that is known, elsewhere and exactly, costs nothing', () => {
    const { time, y } = noisy(6, 0)
    const plain = analyzeStratum({ y, nuisances: [], terms: TERMS, sums: 'hierarchical' })
    const taken = analyzeStratum({ y, nuisances: [], terms: TERMS, sums: 'hierarchical', trend: { values: time, variance: 0, df: 0 } })
    expect(taken.terms).toEqual(plain.terms)
    expect(taken.error).toEqual(plain.error)
  })

  it('leaves tests that alarm at their level, where uncounted they alarm too often', () => {
    const alarms = { counted: 0, uncounted: 0 }
    const n = 3000
    for (let seed = 1; seed <= n; seed++) {
      const table = noisy(seed, 3)
      const { freed, variance } = without(table)
      const p = (trend?: { variance: number; df: number }) =>
        analyzeStratum({ y: freed, nuisances: [], terms: TERMS, sums: 'hierarchical', ...(trend === undefined ? {} : { trend: { values: table.time, ...trend } }) }).terms[2]?.p ?? 1
      alarms.counted += Number(p({ variance, df: 1 }) < 0.05)
      alarms.uncounted += Number(p() < 0.05)
    }
    expect(alarms.counted / n).toBeGreaterThan(0.038)
    expect(alarms.counted / n).toBeLessThan(0.062)
    expect(alarms.uncounted / n).toBeGreaterThan(0.062)
  }, 60_000)
})
