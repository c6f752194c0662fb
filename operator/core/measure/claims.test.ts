// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest'
import type { Claim, StageWindow } from '../model/record.ts'
import { claimNotes } from './claim-notes.ts'
import { compareClaims } from './claims.ts'
import { measureStages } from './compute-stages.ts'
import type { StageResult } from './stage-findings.ts'
import { record } from './testdata/trial.ts'

/** TTFT 10, 20, … 100 ms; ten tokens 5 ms apart; sent 100 ms apart. */
const records = Array.from({ length: 10 }, (_, i) => {
  const [sentMs, firstTokenMs] = [100 * i, 100 * i + 10 * (i + 1)]
  return record({ id: `r${i}`, stage: 'low', sentMs, scheduledMs: sentMs, firstTokenMs, endMs: firstTokenMs + 45, eventsMs: Array.from({ length: 10 }, (__, k) => firstTokenMs + 5 * k), clientOutputTokens: 19 })
})
const windows: readonly StageWindow[] = [{ name: 'low', kind: 'constant', startMs: 0, sendEndMs: 900, endMs: 2000 }]
const claim = (overlay: Partial<Claim>): Claim => ({ stage: 'low', metric: 'ttft', statistic: 'mean', value: 55, unit: 'ms', nativeName: 'x', ...overlay })

let stages: StageResult[]
let byTokenizer: StageResult[]
beforeAll(async () => {
  stages = await measureStages(records, windows, { countBy: 'server', gpus: 1 })
  byTokenizer = await measureStages(records, windows, { countBy: 'tokenizer', gpus: 1 })
})

describe('a claim', () => {
  it.each<[string, Partial<Claim>, boolean, boolean]>([
    ['equals ours', {}, true, true],
    ['equals ours in another unit', { value: 0.055, unit: 's' }, true, true],
    ['is within the limit', { value: 55.4 }, false, true],
    ['is printed in whole numbers', { metric: 'e2e', statistic: 'p10', value: 64 }, true, true],
    ['is off by a tenth of a percent', { value: 55.05 }, true, true],
    ['is off by more than the limit', { value: 60.1 }, false, false],
    ['of 0 is not taken for rounded', { value: 0 }, false, false],
  ])('%s', (_, overlay, exact, agrees) => {
    expect(compareClaims([claim(overlay)], stages, { tool: 'other' })).toMatchObject([{ exact, agrees }])
  })

  it.each<[string, Partial<Claim>]>([['another stage', { stage: 'high' }], ['a metric that no record shows', { metric: 'batch_latency' }], ['a unit that is none of it', { unit: 'tokens' }]])('of %s is compared with nothing', (_, overlay) => {
    expect(compareClaims([claim(overlay)], stages, { tool: 'other' })).toEqual([])
  })

  it('is compared with no sample', async () => {
    const sampled = await measureStages(records, [{ ...windows[0] as StageWindow, counted: { total: 500, ok: 500, failed: 0, cancelled: 0 } }], { countBy: 'server', gpus: 1 })
    expect(compareClaims([claim({ value: 70 })], sampled, { tool: 'other' })).toEqual([])
  })
})

describe('the cause of a difference', () => {
  const causeOf = (overlay: Partial<Claim>, tool: string): string | undefined => compareClaims([claim(overlay)], stages, { tool, otherCount: byTokenizer })[0]?.cause

  it.each<[string, string, Partial<Claim>, RegExp]>([
    ['another quantile between the same neighbours', 'guidellm', { statistic: 'p90', value: 90 }, /another definition of quantiles: .* 10 values/],
    ['the tool\'s own window', 'vllm-bench', { metric: 'request_throughput', statistic: 'value', value: 5, unit: 'req/s' }, /own window of 2 s, and we by 1\.045 s/],
    ['tokens counted by the other side', 'aiperf', { metric: 'tpot', value: 2.5, unit: 'ms/token' }, /counts tokens in the other way/],
    ['a definition that is known', 'guidellm', { metric: 'e2e', value: 103, nativeName: 'request_latency.mean' }, /ends a request when its stream is closed/],
  ])('is %s', (_, tool, overlay, cause) => {
    expect(causeOf(overlay, tool)).toMatch(cause)
  })

  it.each<[string, string, Partial<Claim>]>([
    ['a quantile of a tool that interpolates as we do', 'aiperf', { statistic: 'p90', value: 90 }],
    ['a quantile farther than one place off', 'guidellm', { statistic: 'p90', value: 70 }],
    ['a known difference on the other side', 'guidellm', { metric: 'e2e', value: 97, nativeName: 'request_latency.mean' }],
    ['another window of what is no rate', 'vllm-bench', { value: 28.74 }],
  ])('is not made up for %s', (_, tool, overlay) => {
    expect(causeOf(overlay, tool)).toBeUndefined()
  })
})

describe('notes', () => {
  const notesOf = (...claims: Claim[]): string[] => claimNotes(compareClaims(claims, stages, { tool: 'guidellm' }))

  it('say nothing of what agrees', () => {
    expect(notesOf(claim({}))).toEqual([])
  })

  it('say one thing of all values of one cause, by the widest', () => {
    expect(notesOf(claim({ metric: 'e2e', value: 102, nativeName: 'request_latency.mean' }), claim({ metric: 'e2e', statistic: 'max', value: 160, nativeName: 'request_latency.max' }))).toEqual([
      'max(e2e, stage=low) is 160 by the tool (request_latency.max) and 145 ms by its records, the most of 2 values: guidellm ends a request when its stream is closed, not at its last token',
    ])
  })

  it('keep what has no cause apart, metric by metric', () => {
    expect(notesOf(claim({ value: 40 }), claim({ metric: 'itl', value: 7 }))).toEqual([
      'mean(ttft, stage=low) is 40 by the tool (x) and 55 ms by its records: the cause is not known',
      'mean(itl, stage=low) is 7 by the tool (x) and 5 ms by its records: the cause is not known',
    ])
  })
})
