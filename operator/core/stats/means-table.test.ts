// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { meansTable } from './means-table.ts'

const tp = { name: 'tp', levels: ['1', '2'], codes: [0, 0, 1, 1, 1] }
const rate = { name: 'rate', levels: ['4', '12'], codes: [0, 1, 0, 1, 1] }
const y = [10, 20, 8, 12, 14]

it('has a mean for each level, and one in which each cell counts once', () => {
  expect(meansTable(y, [tp, rate], ['tp'])).toEqual([
    { levels: ['1'], n: 2, mean: 15, meanOfCells: 15 }, { levels: ['2'], n: 3, mean: 34 / 3, meanOfCells: (8 + 13) / 2 },
  ])
})

it('has a mean for each pair of levels that was run, in the order of the factors', () => {
  expect(meansTable(y, [tp, rate], ['rate', 'tp']).map((r) => [...r.levels, r.mean])).toEqual([['1', '4', 10], ['1', '12', 20], ['2', '4', 8], ['2', '12', 13]])
})

it('says where a level lacks a combination', () => {
  expect(meansTable([1, 2, 3], [{ ...tp, codes: [0, 0, 1] }, { ...rate, codes: [0, 1, 0] }], ['tp']).map((r) => r.meanOfCells)).toEqual([1.5, null])
})
