// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { placeNames } from './place-names.ts'

const SIZE = { width: 760, height: 360 }
const named = (x: number, y: number, name = 'distilgpt2') => ({ x, y, name })

it('writes names above their marks, below where that is taken, and not at all where both are', () => {
  const marks = [named(10, 5), named(11, 5), named(12, 5), named(100, 5)]
  expect(placeNames(marks, SIZE)).toEqual([{ dy: -10, marks: [marks[0], marks[3]] }, { dy: 14, marks: [marks[1]] }])
})

it('places no name twice', () => {
  fc.assert(fc.property(fc.array(fc.record({ x: fc.nat(1000), y: fc.nat(1000), name: fc.string({ maxLength: 12 }) }), { maxLength: 24 }), (marks) => {
    const placed = placeNames(marks, SIZE).flatMap((p) => p.marks)
    expect(new Set(placed).size).toBe(placed.length)
    expect(placed.every((mark) => marks.includes(mark))).toBe(true)
    if (marks.length > 0) expect(placed.length).toBeGreaterThan(0)
  }))
})
