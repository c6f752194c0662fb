// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlannedRequest } from '../model/request.ts'
import { conversationsOf, deal, partOfTrace } from './deal.ts'
import type { Share } from './shares.ts'

const request = (id: string, session?: string): PlannedRequest => ({ id, inputTokens: 1, outputTokens: 1, ...(session !== undefined && { session }) })
const ids = (conversations: Iterable<readonly PlannedRequest[]>) => Array.from(conversations, (turns) => turns.map(({ id }) => id).join('+'))
const requests = (count: number) => ({ unit: 'requests', count, guessed: false }) as const
const piles = (list: readonly PlannedRequest[], shares: readonly Share[]) => {
  const result: string[][] = []
  for (const pile of deal(() => list, shares)) result.push(ids(pile))
  return result
}

describe('conversationsOf', () => {
  it('keeps the turns of a session together, and what belongs to none alone', () => {
    expect(ids(conversationsOf([request('a'), request('b', 's'), request('c', 's'), request('d', 't'), request('e')]))).toEqual(['a', 'b+c', 'd', 'e'])
    expect(ids(conversationsOf([]))).toEqual([])
  })
})

describe('deal', () => {
  it('gives every share other requests, and begins anew when they run out', () => {
    const list = ['a', 'b', 'c', 'd', 'e'].map((id) => request(id))
    expect(piles(list, [requests(2), requests(3)])).toEqual([['a', 'b'], ['c', 'd', 'e']])
    expect(piles(list, [requests(4), requests(3)])).toEqual([['a', 'b', 'c', 'd'], ['e', 'a', 'b']])
    expect(piles([], [requests(2), requests(3)])).toEqual([[], []])
  })

  it('never cuts a session, whether sessions or requests are counted', () => {
    const list = [request('a', 's'), request('b', 's'), request('c', 't'), request('d', 't'), request('e', 'u'), request('f', 'u')]
    expect(piles(list, [requests(3), requests(1)])).toEqual([['a+b', 'c+d'], ['e+f']])
    expect(piles(list, [{ unit: 'sessions', count: 1, guessed: false }, { unit: 'sessions', count: 2, guessed: false }])).toEqual([['a+b'], ['c+d', 'e+f']])
  })

  it('deals all of them out once before any comes again', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 }), (n, counts) => {
      const list = Array.from({ length: n }, (_, i) => request(`r${i}`))
      const dealt = piles(list, counts.map(requests)).flat()
      expect(dealt).toEqual(Array.from({ length: counts.reduce((a, b) => a + b, 0) }, (_, i) => `r${i % n}`))
    }))
  })
})

describe('partOfTrace', () => {
  it('splits at the time and lets the rest begin there', () => {
    const trace = [0, 400, 1000, 1700].map((atMs, i) => ({ ...request(`r${i}`), atMs }))
    const times = (part: 'before' | 'after', at = 1000) => Array.from(partOfTrace(trace, at, part), ([first]) => first?.atMs)
    expect(times('before')).toEqual([0, 400])
    expect(times('after')).toEqual([0, 700])
    expect(times('after', 0)).toEqual([0, 400, 1000, 1700])
  })
})
