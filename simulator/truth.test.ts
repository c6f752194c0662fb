// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createTruth, truthLine } from './truth.ts'
import type { TruthRecord } from './truth.ts'

const record = (ordinal: number, eventNs: readonly number[] = [1e9, 1.5e9]): TruthRecord => ({
  requestId: `r${ordinal}`, ordinal, choice: 0, status: 200, outcome: 'length', streamed: true, arrivalNs: 0.9e9, eventNs, eventTokens: eventNs.map(() => 1),
  endNs: 2e9, promptTokens: 5, cachedTokens: 0, queueMs: 0, preemptions: 0,
})
const ordinals = (truth: ReturnType<typeof createTruth>, sinceOrdinal = 0) =>
  [...truth.lines({ sinceOrdinal, stamps: false })].join('').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { ordinal: number }).ordinal)

describe('the record of true times', () => {
  it('forgets the oldest requests beyond its size, over many rounds', () => {
    const truth = createTruth({ requests: 5, events: 1000 })
    for (let i = 0; i < 5000; i++) truth.add(record(i))
    expect(ordinals(truth)).toEqual([4995, 4996, 4997, 4998, 4999])
    expect(truth.size()).toBe(5)
  })

  it('forgets by events too, so that long answers do not fill the memory', () => {
    const truth = createTruth({ requests: 100, events: 25 })
    for (let i = 0; i < 10; i++) truth.add(record(i, Array.from({ length: 10 }, () => 1e9)))
    expect(ordinals(truth)).toEqual([8, 9])
  })

  it('gives what is asked for, in order and in pieces, and can be emptied', () => {
    const truth = createTruth({ requests: 1000, events: 10_000 })
    for (let i = 0; i < 450; i++) truth.add(record(i))
    expect(ordinals(truth, 440)).toEqual([440, 441, 442, 443, 444, 445, 446, 447, 448, 449])
    expect([...truth.lines({ sinceOrdinal: 0, stamps: true })]).toHaveLength(3)
    truth.reset()
    expect(ordinals(truth)).toEqual([])
    truth.add(record(0))
    expect(truth.size()).toBe(1)
  })

  it.each([
    ['of several events', [1e9, 1.05e9, 1.2e9], [1, 1, 1], { ttftMs: 100, gapsMs: [50, 150], tokens: 3, e2eMs: 300, firstTokenNs: 1e9 }],
    ['of several tokens per event', [1e9, 1.05e9], [1, 4], { gapsMs: [50], tokens: 5, eventTokens: [1, 4] }],
    ['of nothing', [], [], { ttftMs: null, gapsMs: [], tokens: 0, e2eMs: null, firstTokenNs: null }],
  ])('tells durations %s', (_, eventNs, eventTokens, expected) => {
    expect(truthLine({ ...record(0), eventNs, eventTokens }, true)).toMatchObject(expected)
  })

  it('leaves out stamps on request', () => {
    expect(truthLine(record(0), true)).toHaveProperty('tokenNs')
    expect(truthLine(record(0), false)).not.toHaveProperty('tokenNs')
  })
})
