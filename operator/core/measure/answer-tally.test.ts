// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEPT_ANSWER } from '../model/record.ts'
import { randomStream } from '../workload/random.ts'
import { isRight, numbersIn } from './answer-check.ts'
import { createAnswerTally } from './answer-tally.ts'
import { crossedNumbers, mixedIds } from './crossed-answers.ts'
import { createResponseIdTally } from './response-id-tally.ts'
import { failed, record } from './testdata/trial.ts'

describe('isRight', () => {
  it.each<[string, string, 'any' | 'first', boolean]>([
    ['5535', '5535', 'any', true], ['5535', 'It is 5,535, I think (55).', 'any', true], ['5535', '5 535', 'any', false], ['35', '5535', 'any', false], ['5535', '', 'any', false],
    ['5535', 'Of 2 numbers: 5535', 'any', true], ['5535', 'Of 2 numbers: 5535', 'first', false], ['444', '444 32', 'first', true], ['5', '005', 'first', true], ['5', '005', 'any', false], ['0', 'zero', 'first', false],
  ])('%s in %j by %s: %s', (expected, answer, match, right) => expect(isRight(expected, answer, match)).toBe(right))

  it('takes commas between digits out, and no others', () => expect(numbersIn('1,234,567 and 1, 2 or 3,')).toEqual(['1234567', '1', '2', '3']))
})

const asked = (i: number, expected: string, answer: string, sentMs = 0) => record({ id: `r${i}`, sentMs, endMs: sentMs + 100, expected, answer })
const tallied = (records: Parameters<ReturnType<typeof createAnswerTally>['add']>[0][]) => {
  const tally = createAnswerTally()
  for (const one of records) tally.add(one, 'any')
  return tally.findings()
}

describe('checked answers', () => {
  it('are none where none is expected, and leave failures out', () => {
    expect(tallied([record({ id: 'a' })])).toBeUndefined()
    expect(tallied([asked(1, '1', '1'), failed({ id: 'b', expected: '2' })])).toMatchObject({ checked: 1, wrong: 0 })
  })

  it('that were cut off before the number are neither right nor wrong', () => {
    expect(tallied([asked(1, '1', 'x'.repeat(KEPT_ANSWER)), asked(2, '2', `2${'x'.repeat(KEPT_ANSWER - 1)}`)])).toMatchObject({ checked: 1, wrong: 0, cut: 1 })
  })

  it.each<[string, ReturnType<typeof asked>[], number]>([
    ['swapped in flight', [asked(1, '17', '9000'), asked(2, '9000', '17')], 2],
    ['one after the other', [asked(1, '17', '9000'), asked(2, '9000', '17', 101)], 0],
    ['a number that nobody asked for', [asked(1, '17', '18'), asked(2, '9000', '9000')], 0],
    ['right, and another\'s beside it', [asked(1, '17', '17, not 9000'), asked(2, '9000', '9000')], 0],
  ])('%s', (_, records, crossings) => expect(tallied(records)?.crossings).toHaveLength(crossings))

  it('are not taken for mixed up when a model only guesses', () => {
    // Twenty numbers that all guess among: by chance many hit what a neighbour asked for.
    fc.assert(fc.property(fc.integer(), (seed) => {
      const random = randomStream(seed, 'guess')
      const records = Array.from({ length: 400 }, (_, i) => asked(i, String(random.integer(0, 19)), String(random.integer(0, 19)), i * 10))
      const found = tallied(records)
      expect(found?.crossings.length).toBeGreaterThan(0)
      expect(crossedNumbers(found)).toBeUndefined()
    }), { numRuns: 30 })
  })
})

describe('response ids', () => {
  const withIds = (id: string, ...responseIds: string[]) => record({ id, responseIds })
  const mixed = (records: ReturnType<typeof withIds>[], remembered?: number) => {
    const tally = createResponseIdTally(remembered)
    for (const one of records) tally.add(one)
    return mixedIds(tally.findings())
  }

  it.each<[string, ReturnType<typeof withIds>[], { certain: boolean; message: RegExp } | undefined]>([
    ['one each', [withIds('r1', 'a'), withIds('r2', 'b')], undefined],
    ['the same for all', [withIds('r1', 'a'), withIds('r2', 'a')], undefined],
    ['another\'s that ended before', [withIds('r1', 'a'), withIds('r2', 'b', 'a')], { certain: true, message: /r2 \(b\) has a, which is the answer to r1$/ }],
    ['another\'s that ended after', [withIds('r1', 'a', 'b'), withIds('r2', 'b')], { certain: true, message: /r1 \(a\) has b, which is the answer to r2$/ }],
    ['nobody\'s', [withIds('r1', 'a', 'x')], { certain: false, message: /^1 streams mix response ids, which no other request was seen to have: r1 \(a\) has x$/ }],
  ])('%s', (_, records, found) => {
    const seen = mixed(records)
    expect(seen?.certain).toBe(found?.certain)
    if (found !== undefined) expect(seen?.message).toMatch(found.message)
  })

  it('are forgotten after a while', () => expect(mixed([withIds('r1', 'a'), withIds('r2', 'b'), withIds('r3', 'c'), withIds('r4', 'd', 'a')], 2)?.certain).toBe(false))
})
