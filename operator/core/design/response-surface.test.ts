// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { boxBehnkenCenter, boxBehnkenRows } from './box-behnken.ts'
import { axialDistance, compositeRows } from './central-composite.ts'
import { fractionOf, fractionRows } from './regular-fraction.ts'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const moment = (rows: readonly (readonly number[])[], ...powers: readonly (readonly [factor: number, power: number])[]) => sum(rows.map((row) => powers.reduce((product, [f, p]) => product * (row[f] ?? 0) ** p, 1)))

describe('axialDistance', () => {
  // Box & Hunter (1957), as Montgomery and Myers print them: 2^(k/4), and 2.0 for five factors by half.
  it.each([[2, 4, Math.SQRT2], [3, 8, 1.682], [4, 16, 2], [5, 32, 2.378], [5, 16, 2], [6, 32, 2.378], [6, 64, 2.828]])('of %i factors with %i corners is %f where it is rotatable', (factors, corners, alpha) => {
    expect(axialDistance('rotatable', { factors, corners, center: 5 })).toBeCloseTo(alpha, 3)
  })

  it.each([[2, 4, 1], [3, 8, 1.2154], [4, 16, Math.SQRT2], [5, 16, 1.5467]])('of %i factors with %i corners and one centre is %f where it is orthogonal', (factors, corners, alpha) => {
    expect(axialDistance('orthogonal', { factors, corners, center: 1 })).toBeCloseTo(alpha, 4)
  })

  it('is on the faces where that is asked for', () => {
    expect(axialDistance('faceCentered', { factors: 3, corners: 8, center: 6 })).toBe(1)
  })

  const corners = fractionRows(fractionOf(3, []))

  it('is rotatable: pure fourth moments are three times the mixed ones', () => {
    const rows = compositeRows({ corners, alpha: axialDistance('rotatable', { factors: 3, corners: 8, center: 5 }), inscribed: false })
    expect(moment(rows, [0, 4])).toBeCloseTo(3 * moment(rows, [0, 2], [1, 2]), 10)
    expect(rows).toHaveLength(14)
  })

  it('is orthogonal: squares less their mean are uncorrelated', () => {
    for (const center of [0, 1, 4]) {
      const rows = [...compositeRows({ corners, alpha: axialDistance('orthogonal', { factors: 3, corners: 8, center }), inscribed: false }), ...Array.from({ length: center }, () => [0, 0, 0])]
      expect(moment(rows, [0, 2], [1, 2]) - (moment(rows, [0, 2]) * moment(rows, [1, 2])) / rows.length).toBeCloseTo(0, 10)
    }
  })

  it('keeps axial points at the ends where it is inscribed', () => {
    const rows = compositeRows({ corners, alpha: 2, inscribed: true })
    expect(Math.max(...rows.flat())).toBe(1)
    expect(rows.slice(0, 8).flat().every((x) => Math.abs(x) === 0.5)).toBe(true)
    expect(rows.slice(8)).toEqual([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]])
  })
})

describe('boxBehnkenRows', () => {
  // Box & Behnken (1960): runs with the centre 15, 27, 46, 54, 62.
  it.each([[3, 12, 3], [4, 24, 3], [5, 40, 6], [6, 48, 6], [7, 56, 6]])('of %i factors has %i edge points and %i centres', (factors, edges, center) => {
    expect(boxBehnkenRows(factors)).toHaveLength(edges)
    expect(boxBehnkenCenter(factors)).toBe(center)
  })

  it('of three factors is the published matrix', () => {
    const rows = (boxBehnkenRows(3) ?? []).map((row) => row.join())
    expect(rows.toSorted()).toEqual(['-1,-1,0', '-1,0,-1', '-1,0,1', '-1,1,0', '0,-1,-1', '0,-1,1', '0,1,-1', '0,1,1', '1,-1,0', '1,0,-1', '1,0,1', '1,1,0'])
  })

  it.each([3, 4, 5, 6, 7])('of %i factors is balanced, and second-order effects are there for every pair', (factors) => {
    const rows = boxBehnkenRows(factors) ?? []
    expect(new Set(rows.map((row) => row.join())).size).toBe(rows.length)
    const squares = new Set(Array.from({ length: factors }, (_, f) => moment(rows, [f, 2])))
    expect(squares.size).toBe(1)
    for (let a = 0; a < factors; a++) {
      expect(moment(rows, [a, 1])).toBe(0)
      for (let b = 0; b < a; b++) {
        expect(moment(rows, [a, 1], [b, 1])).toBe(0)
        expect(moment(rows, [a, 2], [b, 2])).toBeGreaterThan(0)
      }
    }
  })

  it('of other numbers of factors is not known', () => {
    expect([boxBehnkenRows(2), boxBehnkenRows(8)]).toEqual([undefined, undefined])
  })
})
