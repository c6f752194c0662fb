// SPDX-License-Identifier: Apache-2.0
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import type { Claim, ClientHealth, RequestRecord } from '../model/record.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { readStored } from '../report/messages/stored.ts'
import { compareClaims } from './claims.ts'
import { measureStages } from './compute-stages.ts'
import { failed, record, steady, trialJob } from './testdata/trial.ts'
import { addObjection, judge, type JudgeInput } from './verdict.ts'

const { workload } = trialJob().spec
const window = { name: 'low', kind: 'constant', startMs: 0, sendEndMs: 9900, endMs: 9965, rate: 10 }
const good = steady('low', { count: 100, gapMs: 100 })

async function verdictOf({ records = good, stopped, ...overlay }: Partial<JudgeInput> & { records?: readonly RequestRecord[]; stopped?: string } = {}) {
  const stages = await measureStages(records, [{ ...window, ...(stopped === undefined ? {} : { stopped }) }], { countBy: 'server', gpus: 1 })
  return judge({
    stages, workload, caches: { policy: 'Distinct', how: '', failed: false }, server: { restarts: [], gaps: [], hitRateAtStart: 0 }, gpus: { troubles: [] }, gaps: [], nodes: [],
    harness: { exitCode: 0, timedOut: false, oomKilled: false }, claims: [], truncated: [], sendsNothing: false, inProcess: false, ...overlay,
  })
}

const client = (health: Partial<ClientHealth>): ClientHealth => ({ clock: { epochMs: 0, source: 'monotonic' }, ...health })
const lagging = (lagMs: number, ttftMs: number) =>
  good.map((r) => record({ id: r.id, scheduledMs: r.scheduledMs, sentMs: (r.scheduledMs as number) + lagMs, firstTokenMs: (r.scheduledMs as number) + lagMs + ttftMs }))
const failing = (share: number) => good.map((r, i) => (i % 100 < share * 100 ? failed({ id: r.id, sentMs: r.sentMs }) : r))
const withLoad = (load: object, more: object = {}) => WorkloadProfileSpec.parse({ ...workload, ...more, load })
const uniform = (seed: number) => { const rng = xoroshiro128plus(seed); return () => uniformFloat64(rng) }
/** Sends at gaps drawn by inverse transform. */
const sends = (gap: (u: number) => number, n = 400) => {
  const draw = uniform(3)
  let at = 0
  return Array.from({ length: n }, (_, i) => record({ id: `${i}`, sentMs: (at += gap(draw())) }))
}
const exponential = (u: number) => -100 * Math.log(1 - u)
const unscheduled = (records: readonly RequestRecord[]) => records.map((r) => ({ ...r, scheduledMs: null }))

it('a good trial is valid', async () => {
  expect(await verdictOf({ client: client({ cpuUtilization: 0.5, loopLagP99Ms: 2, throttledSeconds: 0 }) })).toEqual({ result: 'valid', reasons: [] })
})

describe('a trial is doubted or refused', () => {
  it.each<[string, Parameters<typeof verdictOf>[0], string, string, RegExp]>([
    ['no success', { records: failing(1) }, 'invalid', 'NoSuccessfulRequest', /none of 100 requests succeeded: 100 × http5xx, such as "engine is dead"/],
    ['no stage at all', { stages: [] }, 'invalid', 'NoSuccessfulRequest', /no stage and no request/],
    ['some errors', { records: failing(0.1) }, 'suspect', 'ErrorRateHigh', /10 % of requests failed \(limit 5 %\)/],
    ['mostly errors', { records: failing(0.6) }, 'invalid', 'ErrorRateHigh', /60 % of requests failed \(limit 50 %\)/],
    ['a busy loop', { client: client({ loopLagP99Ms: 5.1 }) }, 'suspect', 'ClientSaturated', /late by 5\.1 ms at p99 \(limit 5 ms\)/],
    ['a busy core', { client: client({ cpuUtilization: 0.81 }) }, 'suspect', 'ClientSaturated', /81 % of a core \(limit 80 %\)/],
    ['late sends', { records: lagging(12, 900) }, 'suspect', 'ClientSaturated', /12\.0 ms late at p99 \(limit 10 ms\)/],
    ['sends late beside a short TTFT', { records: lagging(2, 20) }, 'suspect', 'ClientSaturated', /2\.00 ms late at p99, 10 % of the median TTFT/],
    ['throttling', { client: client({ throttledSeconds: 0.02 }) }, 'suspect', 'Throttled', /throttled for 0\.020 s/],
    ['unsent requests', { records: good.map((r, i) => (i < 90 ? r : { ...r, sentMs: null, status: 'cancelled' as const })) }, 'suspect', 'OfferedRateNotReached', /90 of 100 scheduled requests/],
    ['a cap on concurrency', { records: good.map((r, i) => record({ id: r.id, scheduledMs: r.scheduledMs, sentMs: 120 * i })), client: client({ capWaits: 80 }) }, 'suspect', 'OfferedRateNotReached', /80 requests waited for maxConcurrency/],
    ['another rate than asked for', { records: unscheduled(steady('low', { count: 100, gapMs: 110 })) }, 'suspect', 'OfferedRateNotReached', /10\.00 req\/s asked for/],
    ['constant that is exponential', { records: sends(exponential) }, 'suspect', 'ArrivalsOff', /constant should give 0\.00/],
    ['Poisson that is constant', { workload: withLoad({ poisson: { stages: [{ name: 'low', rate: 10, requests: 100 }] } }) }, 'suspect', 'ArrivalsOff', /poisson should give 1\.00/],
    ['short answers', { records: good.map((r, i) => (i < 10 ? { ...r, outputTokens: 5 } : r)) }, 'suspect', 'OutputLengthsOff', /10 of 100 answers/],
    ['a restart', { server: { restarts: [{ pod: 'sim-0', atMs: 4200, what: 'its process started again' }], gaps: [], hitRateAtStart: null } }, 'invalid', 'ServerRestarted', /sim-0, 4\.2 s into the trial: its process started again/],
    ['carried-over caches', { server: { restarts: [], gaps: [], hitRateAtStart: 0.4 } }, 'suspect', 'CachesCarriedOver', /40 % of the first prompts' tokens/],
    ['a failed reset', { caches: { policy: 'Reset', how: 'HTTP 404', failed: true } }, 'suspect', 'CacheResetFailed', /caches: Reset was asked for and failed \(HTTP 404\)/],
    ['scrapes with holes', { server: { restarts: [], gaps: ['a: the last 30 s are not covered'], hitRateAtStart: null } }, 'suspect', 'ScrapeIncomplete', /last 30 s/],
    ['cut records', { truncated: ['truncated: native.jsonl ends within a line'] }, 'suspect', 'RecordsTruncated', /native\.jsonl/],
    ['files that cannot be read', { harness: { exitCode: null, timedOut: false, oomKilled: false, unreadable: 'no native.jsonl' } }, 'invalid', 'HarnessFailed', /^no native.jsonl$/],
    ['an exit code', { harness: { exitCode: 3, timedOut: false, oomKilled: false, message: 'no route' } }, 'invalid', 'HarnessFailed', /exit code 3: no route/],
    ['an OOM kill', { harness: { exitCode: 137, timedOut: false, oomKilled: true } }, 'invalid', 'HarnessFailed', /out of memory/],
    ['a timeout', { harness: { exitCode: null, timedOut: true, oomKilled: false } }, 'invalid', 'HarnessTimedOut', /timeout/],
    ['an early stop', { stopped: 'error rate 0.6 reached stop.errorRate' }, 'suspect', 'StoppedEarly', /stop\.errorRate/],
    ['a handful of requests', { records: good.slice(0, 10) }, 'suspect', 'FewRequests', /10 successful requests \(at least 20 are needed\)/],
  ])('for %s', async (...[, overlay, result, reason, message]) => {
    const verdict = await verdictOf(overlay)
    expect(verdict).toMatchObject({ result, reasons: [{ reason }] })
    expect(verdict.reasons).toHaveLength(1)
    expect(verdict.reasons[0]?.message).toMatch(message)
    // A report in another language reads it back by its form, unless it is what a tool said.
    if (!/^(?:truncated|no native|error rate)/.test(verdict.reasons[0]?.message ?? '')) expect(readStored(verdict.reasons[0]?.message ?? '')?.key).toBeDefined()
  })
})

it('names both what a slow sender did and what became of the rate', async () => {
  const { reasons } = await verdictOf({ records: good.map((r, i) => record({ id: r.id, scheduledMs: r.scheduledMs, sentMs: 102 * i })) })
  expect(reasons.map((r) => `${r.reason}: ${r.message}`)).toEqual([
    'ClientSaturated: requests were sent 196.0 ms late at p99 (limit 10 ms)',
    'OfferedRateNotReached: 9.804 req/s were sent and 10.00 req/s scheduled (limit 1 %)',
  ])
})

describe('a trial is not doubted', () => {
  const chat = withLoad(workload.load, { api: { kind: 'chat' } })
  const shared = WorkloadProfileSpec.parse({ ...workload, data: { synthetic: { input: { fixed: 9 }, output: { fixed: 9 }, prefix: { length: 64 } } } })
  const free = withLoad(workload.load, { api: { ignoreEos: false } })
  const hits = { restarts: [], gaps: [], hitRateAtStart: 0.4 }
  it.each<[string, Parameters<typeof verdictOf>[0]]>([
    ['for 5 % of errors', { records: failing(0.05) }],
    ['for lateness below a timer\'s resolution', { records: lagging(0.9, 5) }],
    ['for hits that prompts share by design', { server: hits, workload: shared }],
    ['for the text of a chat template', { server: hits, workload: chat }],
    ['for warm caches that were asked for', { server: hits, caches: { policy: 'Keep', how: '', failed: false } }],
    ['for short answers that may end', { records: good.map((r) => ({ ...r, outputTokens: 5 })), workload: free }],
    ['for a closing token', { records: good.map((r) => ({ ...r, outputTokens: 11 })) }],
    ['for a rate that chance explains', { records: unscheduled(sends((u) => exponential(u) * 1.05)), workload: withLoad({ poisson: { stages: [{ name: 'low', rate: 10, requests: 100 }] } }) }],
    ['for jitter of fast constant gaps', { records: sends((u) => 1 + u, 400), workload: withLoad({ constant: { stages: [{ name: 'low', rate: 666, requests: 100 }] } }) }],
    ['for the gaps of bursts', { records: sends((u) => (u < 0.2 ? 500 : 0.1)), workload: withLoad({ burst: { size: 5, stages: [{ name: 'low', rate: 10, requests: 100 }] } }) }],
    ['for a harness that sends nothing', { stages: [], sendsNothing: true }],
    ['for a handful of iterations of an engine in the pod', { records: good.slice(0, 3), inProcess: true }],
    ['for an exit code that nobody saw', { harness: { exitCode: null, timedOut: false, oomKilled: false } }],
  ])('%s', async (_, overlay) => expect(await verdictOf(overlay)).toEqual({ result: 'valid', reasons: [] }))
})

// Seeds, not luck: the limits must let real processes pass at any seed, or every tenth good trial would be called suspect.
it.each([1, 0.5, 2])('Gamma gaps of coefficient %f pass at 60 seeds', async (cv) => {
  const shape = 1 / cv ** 2
  const spec = withLoad({ gamma: { cv, stages: [{ name: 'low', rate: 10, requests: 300 }] } })
  for (let seed = 1; seed <= 60; seed++) {
    const draw = gammaGaps(shape, seed)
    let at = 0
    const records = Array.from({ length: 300 }, (_, i) => record({ id: `${i}`, sentMs: (at += draw() * 100 * cv ** 2) }))
    expect((await verdictOf({ records, workload: spec })).reasons).toEqual([])
  }
})

/** Marsaglia and Tsang's method. */
function gammaGaps(shape: number, seed: number): () => number {
  const draw = uniform(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  const d = Math.max(shape, shape + 1 * Number(shape < 1)) - 1 / 3
  return () => {
    for (;;) {
      const x = normal()
      const v = (1 + x / Math.sqrt(9 * d)) ** 3
      if (v <= 0 || Math.log(draw()) >= 0.5 * x * x + d - d * v + d * Math.log(v)) continue
      return shape < 1 ? d * v * draw() ** (1 / shape) : d * v
    }
  }
}

describe('claims', () => {
  const claim = (overlay: Partial<Claim>): Claim => ({ stage: 'low', metric: 'ttft', statistic: 'mean', value: 20, unit: 'ms', nativeName: 'mean_ttft_ms', ...overlay })
  const compared = async (overlay: Partial<Claim>, tool = 'vllm') => {
    const stages = await measureStages(good, [window], { countBy: 'server', gpus: 1 })
    return compareClaims([claim(overlay)], stages, { tool })
  }

  it.each([
    [{}, true], [{ value: 0.02, unit: 's' }, true], [{ value: 20.3 }, true], [{ value: 20.9 }, false],
    [{ statistic: 'p99', value: 20.9 }, true], [{ statistic: 'p99', value: 22 }, false],
    [{ metric: 'request_throughput', statistic: 'value', value: 10.04, unit: 'req/s' }, true],
    // Printed without decimals, 10.03 is 10.
    [{ metric: 'request_throughput', statistic: 'value', value: 10, unit: 'req/s' }, true],
    [{ metric: 'error_rate', statistic: 'value', value: 0, unit: '%' }, true], [{ metric: 'request_throughput', statistic: 'value', value: 0, unit: 'req/s' }, false],
    // 65 ms printed to a tenth of a second; to a hundredth it would be wrong.
    [{ metric: 'e2e', value: 0.1, unit: 's' }, true], [{ metric: 'e2e', value: 0.11, unit: 's' }, false],
  ])('%j agrees: %s', async (overlay, agrees) => expect(await compared(overlay)).toMatchObject([{ agrees }]))

  it('of what we have not, or in other dimensions, are compared with nothing', async () => {
    for (const overlay of [{ metric: 'fluidity' }, { stage: 'x' }, { statistic: 'p42' }, { unit: 'tokens' }]) expect(await compared(overlay)).toEqual([])
  })

  const spread = Array.from({ length: 11 }, (_, i) => record({ id: `${i}`, sentMs: 1000 * i, outputTokens: 10, clientOutputTokens: 12, endMs: 1000 * i + 65 + 10 * i }))
  it.each<[string, Partial<Claim>, object]>([
    ['the neighbour in the order of values', { metric: 'e2e', statistic: 'p50', value: 125 }, { agrees: false, cause: 'another definition of quantiles: it lies between the neighbours in the order of 11 values' }],
    ['beyond the neighbours', { metric: 'e2e', statistic: 'p50', value: 126 }, { agrees: false }],
    ['a rate over the tool\'s own window', { metric: 'request_throughput', statistic: 'value', value: 11 / 20, unit: 'req/s' }, { agrees: false, cause: 'the tool divides by its own window of 20 s, and we by 10.16 s, first send to last content' }],
    ['a rate over another window', { metric: 'request_throughput', statistic: 'value', value: 11 / 15, unit: 'req/s' }, { agrees: false }],
    ['tokens by the other count', { metric: 'output_length', value: 12, unit: 'tokens' }, { agrees: false, cause: expect.stringContaining('counts tokens in the other way') as string }],
    ['tokens by the other count over its own window', { metric: 'output_throughput', statistic: 'value', value: 132 / 20, unit: 'tokens/s' }, { agrees: false, cause: expect.stringContaining('counts tokens in the other way') as string }],
    ['tokens by no count of ours', { metric: 'output_length', value: 11, unit: 'tokens' }, { agrees: false }],
    ['a difference within the limits', { value: 20.3 }, { agrees: true, exact: false }],
    ['a difference of rounding', { value: 20.01 }, { agrees: true, exact: true }],
  ])('%s', async (_, overlay, expected) => {
    const windows = [{ ...window, endMs: 20_000 }]
    const stages = await measureStages(spread, windows, { countBy: 'server', gpus: 1 })
    const otherCount = await measureStages(spread, windows, { countBy: 'tokenizer', gpus: 1 })
    const [comparison] = compareClaims([claim(overlay)], stages, { tool: 'x', otherCount })
    expect(comparison).toMatchObject(expected)
    if (!('cause' in expected)) expect(comparison?.cause).toBeUndefined()
  })

  it('of a sample are compared with nothing', async () => {
    const stages = await measureStages(good, [{ ...window, counted: { total: 1000, ok: 1000, failed: 0, cancelled: 0 } }], { countBy: 'server', gpus: 1 })
    expect(compareClaims([claim({})], stages, { tool: 'x' })).toEqual([])
  })

  it('that differ without a known cause make the trial suspect; with one they do not', async () => {
    const unknown = await compared({ value: 40 })
    expect(await verdictOf({ claims: unknown })).toMatchObject({ result: 'suspect', reasons: [{ reason: 'ClaimsDisagree', message: 'mean(ttft, stage=low) is 40 by the tool and 20 ms by its records' }] })
    const explained = await compared({ metric: 'tpot', nativeName: 'time_per_output_token_ms', value: 6.5, unit: 'ms/token' }, 'guidellm')
    expect(explained).toMatchObject([{ agrees: false, cause: expect.stringContaining('the first included') }])
    expect((await verdictOf({ claims: explained })).result).toBe('valid')
  })
})

it('puts invalid reasons first, and takes one more from the controller', async () => {
  const verdict = await verdictOf({ records: failing(1), client: client({ throttledSeconds: 1 }) })
  expect(verdict.reasons.map((r) => r.reason)).toEqual(['NoSuccessfulRequest', 'Throttled'])
  const drift = { reason: 'StackDrifted', severity: 'suspect', message: 'image changed' } as const
  expect(addObjection({ result: 'valid', reasons: [] }, drift)).toEqual({ result: 'suspect', reasons: [{ reason: 'StackDrifted', message: 'image changed' }] })
  expect(addObjection(verdict, drift)).toMatchObject({ result: 'invalid', reasons: [{ reason: 'NoSuccessfulRequest' }, {}, { reason: 'StackDrifted' }] })
})
