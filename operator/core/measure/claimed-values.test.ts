// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Claim, StageWindow } from '../model/record.ts'
import { withClaimed } from './claimed-values.ts'
import { measureStages } from './compute-stages.ts'
import { record } from './testdata/trial.ts'

const claim = (overlay: Partial<Claim>): Claim => ({ stage: 'low', metric: 'ttft', statistic: 'mean', value: 0.055, unit: 's', nativeName: 'x', ...overlay })
const window: StageWindow = { name: 'low', kind: 'constant', startMs: 0, sendEndMs: 900, endMs: 2000, counted: { total: 40, ok: 40, failed: 0, cancelled: 0 } }

async function claimedOf(claims: readonly Claim[], { records = [] as ReturnType<typeof record>[], tool = 'other', counted = window.counted } = {}) {
  const [result] = await measureStages(records, [{ ...window, ...(counted === undefined ? {} : { counted }) }], { countBy: 'server', gpus: 1 })
  if (result === undefined) throw new Error('no stage')
  return withClaimed(result, claims, tool).findings
}

describe('values that only the tool gives', () => {
  it('stand in our unit, marked, with what is too few marked weak and what it does not say left open', async () => {
    const found = await claimedOf([claim({}), claim({ statistic: 'p50', value: 0.05 }), claim({ statistic: 'p99', value: 0.2 }), claim({ metric: 'request_throughput', statistic: 'value', value: 20, unit: 'req/s' })])
    expect(found.distributions['ttft']).toMatchObject({ unit: 'ms', n: 40, mean: 55, p50: 50, p99: 200, p90: null, stddev: null, weak: ['p99'] })
    expect(found.scalars['request_throughput']).toEqual({ unit: 'req/s', value: 20 })
    expect(found.claimed).toEqual(['request_throughput', 'ttft'])
  })

  it('never replace what records show', async () => {
    const found = await claimedOf([claim({ value: 9 })], { records: [record({ id: 'a', stage: 'low' })], counted: { total: 1, ok: 1, failed: 0, cancelled: 0 } })
    expect(found.distributions['ttft']?.mean).toBe(20)
    expect(found.claimed).toBeUndefined()
  })

  it.each<[string, Partial<Claim>, string]>([
    ['another stage', { stage: 'high' }, 'other'],
    ['no metric of ours', { metric: 'speed' }, 'other'],
    ['bounds that are not ours', { metric: 'goodput', statistic: 'value', value: 3, unit: 'req/s' }, 'other'],
    ['another quantity by the same name', { metric: 'tpot', unit: 's/token', nativeName: 'time_per_output_token_ms.mean' }, 'guidellm'],
    ['a unit that is none of it', { unit: 'tokens' }, 'other'],
  ])('leave out %s', async (_, overlay, tool) => {
    expect((await claimedOf([claim(overlay)], { tool })).claimed).toBeUndefined()
  })

  it('leave out everything but the error rate where nothing succeeded: tools write 0 there', async () => {
    const found = await claimedOf([claim({ value: 0 }), claim({ metric: 'request_throughput', statistic: 'value', value: 0, unit: 'req/s' })], { counted: { total: 4, ok: 0, failed: 4, cancelled: 0 } })
    expect(found.claimed).toBeUndefined()
  })
})
