// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../model/record.ts'
import { Load } from '../model/workload-profile.ts'
import { measureStages } from './compute-stages.ts'
import { overloadNotes, overloadOf } from './overload.ts'
import { failed, record, steady } from './testdata/trial.ts'

const window = { name: 'low', kind: 'constant', startMs: 0, sendEndMs: 9900, endMs: 9965, rate: 10 }
const measure = (records: readonly RequestRecord[], ttftOverMs?: number) => measureStages(records, [window], { countBy: 'server', gpus: 0, ttftOverMs })
const first = (id: string, waitMs: number) => record({ id, firstTokenMs: waitMs, endMs: waitMs + 5 })
const load = (over: object = {}) => Load.parse({ synchronous: { requests: 1 }, ...over })

describe('ttft_over_share', () => {
  it.each<[string, RequestRecord[], number | undefined, number | undefined, number | undefined]>([
    ['nobody waits', steady('low', { count: 10, gapMs: 1 }), undefined, 0, 10],
    ['longer than the limit only', [first('a', 3000), first('b', 3000.1)], undefined, 0.5, 2],
    ['by the profile\'s limit', [first('a', 150), first('b', 90)], 100, 0.5, 2],
    ['one that timed out before its first token waited too', [first('a', 20), failed({ id: 'b', endMs: 60_000, error: { class: 'timeout', message: '' } })], undefined, 0.5, 2],
    ['one that was cancelled while it waited, too', [first('a', 20), failed({ id: 'b', endMs: 4000, status: 'cancelled' })], undefined, 0.5, 2],
    ['one that failed at once tells nothing', [first('a', 20), failed({ id: 'b', endMs: 5 })], undefined, 0, 1],
    ['warm-up does not count', [first('a', 20), record({ id: 'b', phase: 'warmup', firstTokenMs: 9000 })], undefined, 0, 1],
    ['answers in one piece have no first token', [record({ id: 'a', firstTokenMs: null, endMs: 9000, eventsMs: undefined })], undefined, undefined, undefined],
  ])('%s', async (_, records, limit, ...expected) => {
    const [stage] = await measure(records, limit)
    expect([stage?.findings.scalars['ttft_over_share']?.value, stage?.findings.scalars['ttft_over_share']?.n]).toEqual(expected)
  })
})

describe('overload', () => {
  it('is noted by llmval\'s limits where the profile has none, and left to the verdict where it has', async () => {
    const stages = await measure([...steady('low', { count: 94, gapMs: 1 }), ...Array.from({ length: 6 }, (_, i) => first(`late${i}`, 3500))])
    expect(overloadNotes(stages, load())).toEqual(['low: 6 % of requests waited longer than 3 s for their first token (limit 5 %): the server is overloaded'])
    expect(overloadNotes(stages, load({ overload: {} }))).toEqual([])
    expect(overloadNotes(await measure([...steady('low', { count: 95, gapMs: 1 }), ...Array.from({ length: 5 }, (_, i) => first(`late${i}`, 3500))]), load())).toEqual([])
    expect(overloadOf(load({ overload: { ttft: '500ms', share: 0.2 } }))).toEqual({ ttftMs: 500, share: 0.2 })
  })
})
