// SPDX-License-Identifier: Apache-2.0
// NIST StRD one-way analysis of variance: certified F statistics, and the digits that the size of the offset leaves in the data itself.
import { describe, expect, it } from 'vitest'
import { analyzeStratum } from './stratum.ts'
import { type Factor, modelTerms } from './terms.ts'

const digits = (got: number | null | undefined, certified: number) => -Math.log10(Math.abs((got as number) - certified) / Math.abs(certified))

function oneWay(groups: readonly (readonly number[])[]) {
  const treatment: Factor = { name: 't', levels: groups.map((_, i) => String(i)), codes: groups.flatMap((g, i) => g.map(() => i)) }
  const y = groups.flat()
  const { terms, error } = analyzeStratum({ y, nuisances: [], terms: modelTerms([treatment], 1), sums: 'sequential' })
  return { row: terms[0], error, r2: (terms[0]?.sumOfSquares as number) / ((terms[0]?.sumOfSquares as number) + error.sumOfSquares) }
}

/** Nine treatments about 1.4, 1.3, 1.5, 1.3, 1.5 … on an offset; after the first value they alternate 0.1 below and above. */
function simonLesage(offset: string, perTreatment: number): number[][] {
  const tenths = (t: number) => (t === 0 ? 4 : t % 2 === 1 ? 3 : 5)
  return Array.from({ length: 9 }, (_, t) => Array.from({ length: perTreatment }, (_v, i) => Number(`${offset}.${tenths(t) + (i === 0 ? 0 : i % 2 === 1 ? -1 : 1)}`)))
}

describe('NIST StRD', () => {
  it('SiRstv', () => {
    const { row, r2 } = oneWay([
      [196.3052, 196.124, 196.189, 196.2569, 196.3403], [196.3042, 196.3825, 196.1669, 196.3257, 196.0422], [196.1303, 196.2005, 196.2889, 196.0343, 196.1811],
      [196.2795, 196.1748, 196.1494, 196.1485, 195.9885], [196.2119, 196.1051, 196.185, 196.0052, 196.209],
    ])
    expect(digits(row?.f, 1.180_462_374_402_55)).toBeGreaterThan(12)
    expect(digits(r2, 0.190_999_039_051_129)).toBeGreaterThan(12)
  })

  it('AtmWtAg', () => {
    const micro = (list: readonly number[]) => list.map((x) => Number(`107.868${x}`))
    const { row, r2 } = oneWay([
      micro([1568, 1465, 1572, 1785, 1446, 1903, 1526, 1494, 1616, 1587, 1519, 1486, 1419, 1569, 1508, 1672, 1385, 1518, 1662, 1424, 1360, 1333, 1610, 1477]),
      micro([1079, 1344, 1513, 1197, 1604, 1385, 1642, 1365, 1151, 1082, 1517, 1448, 1198, 1482, 1334, 1609, 1101, 1512, 1469, 1360, 1254, 1261, 1450, 1368]),
    ])
    expect(digits(row?.f, 15.946_733_567_793)).toBeGreaterThan(9)
    expect(digits(r2, 0.257_426_544_538_321)).toBeGreaterThan(9)
  })

  it.each([
    ['SmLs01', '1', 21, 21, 13], ['SmLs02', '1', 201, 201, 12], ['SmLs03', '1', 2001, 2001, 11], ['SmLs04', '1000000', 21, 21, 10], ['SmLs05', '1000000', 201, 201, 10],
    ['SmLs06', '1000000', 2001, 2001, 10], ['SmLs07', '1000000000000', 21, 21, 4], ['SmLs08', '1000000000000', 201, 201, 4], ['SmLs09', '1000000000000', 2001, 2001, 4],
  ])('%s', (...[, offset, n, certified, wanted]) => {
    expect(digits(oneWay(simonLesage(offset, n)).row?.f, certified)).toBeGreaterThan(wanted)
  })
})

describe('terms that cannot be told apart', () => {
  // The half fraction I = ABCD: every pair is the same as another pair.
  const rows = [0, 1, 2, 3, 4, 5, 6, 7]
  const factor = (name: string, code: (row: number) => number): Factor => ({ name, levels: ['−', '+'], codes: rows.map(code) })
  const [a, b, c] = [0, 1, 2].map((bit) => factor('ABC'[bit] as string, (row) => (row >> bit) & 1)) as [Factor, Factor, Factor]
  const d = factor('D', (row) => (((row >> 0) & 1) + ((row >> 1) & 1) + ((row >> 2) & 1)) % 2)
  const fit = analyzeStratum({ y: [45, 100, 45, 65, 75, 60, 80, 96], nuisances: [], terms: modelTerms([a, b, c, d], 2), sums: 'hierarchical' })

  it('are named by the ones that they are mixed with', () => {
    const aliases = Object.fromEntries(fit.terms.filter((t) => t.df === 0).map((t) => [t.term, t.aliasedWith]))
    expect(aliases).toEqual({ 'B × D': ['A × C'], 'B × C': ['A × D'], 'C × D': ['A × B'] })
  })

  it('leave nothing for an error, and then no test', () => {
    expect(fit.error).toEqual({ df: 0, sumOfSquares: expect.closeTo(0, 9), meanSquare: null })
    expect(fit.terms.every((t) => t.p === null)).toBe(true)
  })
})
