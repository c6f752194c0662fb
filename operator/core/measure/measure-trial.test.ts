// SPDX-License-Identifier: Apache-2.0
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { BenchmarkReport, benchmarkReportJsonSchema } from '../model/benchmark-report.ts'
import { Findings } from '../model/findings.ts'
import { measureTrial, type MeasureTrialInput } from './measure-trial.ts'
import { reasonTexts, summarize } from './summarize.ts'
import { dcgmScrapes } from './testdata/dcgm.ts'
import { exposition, goodAdapter, ORIGIN, record, steady, trialJob } from './testdata/trial.ts'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
formats.default(ajv)
const valid = ajv.compile(benchmarkReportJsonSchema())
const expectValid = (report: unknown) => expect([valid(report), valid.errors]).toEqual([true, null])

const scrapes = Array.from({ length: 22 }, (_, t) => ({
  pod: 'sim-0', atMs: 1000 * t, epochMs: ORIGIN + 1000 * t, text: exposition({ running: 2, kv: 0.25, queries: 100 * t, hits: 0, preemptions: 0, tokens: 90 * t }),
}))
const input: MeasureTrialInput = {
  job: trialJob(), adapter: goodAdapter(), scrapes, harness: { exitCode: 0, timedOut: false, oomKilled: false },
  artifacts: [{ name: 'scrapes.jsonl', bytes: 10, sha256: 'aa' }, { name: 'raw/native.jsonl', bytes: 10, sha256: 'bb' }],
  requests: { sha256: 'cafe', count: 1100, bytes: 1, tokenizer: 'bundled', dataKind: 'synthetic', seed: 1, inputTokens: { mean: 64, min: 16, max: 128 }, notes: [] },
  time: { startEpochMs: ORIGIN - 500, endEpochMs: ORIGIN + 22_000 },
}
/** All units below a value, by the path of their statistic. */
function units(value: unknown, path = ''): [string, string][] {
  if (value === null || typeof value !== 'object') return []
  const own = 'units' in value && typeof value.units === 'string' ? [[path, value.units] as [string, string]] : []
  return [...own, ...Object.entries(value).flatMap(([key, child]) => units(child, path === '' ? key : `${path}.${key}`))]
}

describe('measureTrial', () => {
  it('gives findings that fit their schema, with their provenance', async () => {
    const { findings } = await measureTrial(input)
    expect(Findings.parse(findings)).toEqual(findings)
    expect(findings).toMatchObject({
      schema: 'assay.dev/findings/v1', experiment: 'quick', stack: 'quick-1-abc-s1', gpus: 2, verdict: { result: 'valid', reasons: [] },
      time: { start: '2026-11-23T11:59:59.500Z', end: '2026-11-23T12:00:22.000Z' }, caches: { policy: 'Distinct', hitRateAtStart: 0 },
      provenance: {
        requestsSha256: 'cafe', requestsCount: 1100, tokenizer: 'bundled', specDigest: 'sha256:feed',
        images: [{ name: 'simulator', digest: 'sha256:5111' }, { name: 'harness/native', image: 'ghcr.io/assay-dev/harness-native:0.1.0' }],
      },
      notes: [],
    })
    expect(findings.stages.map((s) => [s.stage, s.requests.ok, s.scalars['achieved_rate']?.value])).toEqual([['low', 100, 10], ['high', 1000, 100]])
    expect(findings.stages[0]).toMatchObject({
      window: { startEpochMs: ORIGIN, durationS: 9.965 }, distributions: { kv_cache_usage: { p50: 0.25 } }, scalars: { prefix_cache_hit_rate: { value: 0 } },
    })
    expect(findings.server.map((s) => s.metric)).toEqual(['running_requests', 'queue_length', 'kv_cache_usage', 'output_throughput'])
  })

  it('takes records as a stream, and parsed samples for text', async () => {
    const { records, ...adapter } = goodAdapter()
    async function* stream() { yield* records }
    expect((await measureTrial({ ...input, adapter: { ...adapter, records: stream() } })).findings).toEqual((await measureTrial(input)).findings)
  })

  it('sees a server that died: what it says names the pod and the time', async () => {
    const died = scrapes.map((s, t) => (t < 15 ? s : { ...s, text: exposition({ queries: t, started: 1015 }) }))
    const { findings } = await measureTrial({ ...input, scrapes: died })
    expect(findings.verdict.result).toBe('invalid')
    expect(reasonTexts(findings)).toEqual(['ServerRestarted: sim-0, 15.0 s into the trial: its process started again'])
  })

  const bucket = (t: number, le: string, count: number) => `vllm:time_to_first_token_seconds_bucket{le="${le}",engine="0"} ${count * t}`
  const latencies = (t: number) => [bucket(t, '0.01', 0), bucket(t, '0.02', 10), bucket(t, '+Inf', 10), `vllm:time_to_first_token_seconds_sum ${0.15 * t}`].join('\n')
  const gpu = (t: number) => ({ uuid: 'GPU-a', pod: 'sim-0', fields: { POWER_USAGE: 500, GPU_UTIL: 80, TOTAL_ENERGY_CONSUMPTION: 500_000 * t } })

  it('puts what servers and GPUs say beside what requests show, and makes figures per token of it', async () => {
    const job = trialJob({ stack: { gpus: 1, accelerator: { hourlyCost: { amount: 3.6, currency: 'EUR' } }, nodes: [{ node: 'n1', gpu: { product: 'H100', driver: '550' }, cpu: 8, otherCpu: 6 }] } })
    const all = [...scrapes.map((s, t) => ({ ...s, text: `${s.text}\n${latencies(t)}` })), ...dcgmScrapes(22, (t) => [gpu(t)])]
    const { findings, reports } = await measureTrial({ ...input, job, scrapes: all, sourceNotes: ['metrics from Prometheus are known every 5 s'] })
    for (const report of Object.values(reports)) expectValid(report)
    expect(findings.verdict.result).toBe('valid')
    const [low] = findings.stages
    expect(low?.distributions).toMatchObject({ server_ttft: { mean: 15, p50: 15, ranges: { p50: [10, 20] } }, gpu_power: { mean: 500 } })
    expect(low?.scalars).toMatchObject({
      ttft_beyond_server: { unit: 'ms', value: 5 }, gpu_energy: { value: expect.closeTo(500 * 9.965, 3) as number }, energy_per_output_token: { unit: 'J/token', value: expect.closeTo(4.9825, 4) as number },
      cost_per_request: { unit: 'EUR/req', value: expect.closeTo(0.001 * 9.965 / 100, 9) as number },
    })
    expect(findings.server.map((s) => s.metric)).toContain('gpu_power')
    expect(findings.provenance).toMatchObject({ nodes: [{ gpu: { driver: '550' } }], gpus: [{ uuid: 'GPU-a', driver: '550.90.07' }] })
    expect(findings.notes).toEqual(expect.arrayContaining([
      expect.stringMatching(/^low: mean TTFT is 20 ms by the client and 15 ms by the server; 5 ms/), 'n1: pods of others request 6 of its 8 cores (75 %)', 'metrics from Prometheus are known every 5 s',
    ]))
    expect(reports['low']?.results.observability?.components?.[0]?.aggregate).toMatchObject({ power_consumption: { units: 'Watts', mean: 500 }, gpu_utilization: { units: 'fraction', mean: 0.8 } })
  })

  it('doubts a trial on a shared, throttled or erring GPU, and one whose first tokens were late on the way', async () => {
    const shared = trialJob({ stack: { gpus: 1, nodes: [{ node: 'n1', gpu: { sharing: 'time-slicing', replicas: '4' } }] } })
    const hot = dcgmScrapes(22, (t) => [{ ...gpu(t), fields: { ...gpu(t).fields, CLOCK_THROTTLE_REASONS: 0x40, ECC_DBE_VOL_TOTAL: t } }])
    const late = goodAdapter().records.map((r) => ({ ...r, firstTokenMs: (r.firstTokenMs as number) + 500, endMs: (r.endMs as number) + 500, eventsMs: r.eventsMs?.map((t) => t + 500) ?? [] }))
    const { findings } = await measureTrial({ ...input, job: shared, adapter: { ...goodAdapter(), records: late }, scrapes: [...scrapes.map((s, t) => ({ ...s, text: `${s.text}\n${latencies(t)}` })), ...hot] })
    expect(findings.verdict.result).toBe('suspect')
    expect([...new Set(findings.verdict.reasons.map((r) => r.reason))]).toEqual(['Throttled', 'GpuErrors', 'SharedGpu', 'TtftDisagrees'])
  })

  it('says which exporters never answered', async () => {
    const job = trialJob({ stack: { targets: [{ url: 'http://10.0.0.9:9400/metrics', kind: 'gpu' }, { url: 'http://10.0.0.8:9090/metrics', kind: 'router' }] } })
    expect((await measureTrial({ ...input, job, scrapes: [...scrapes, ...dcgmScrapes(22, (t) => [gpu(t)])] })).findings.notes).toContain('no metrics came from http://10.0.0.8:9090/metrics (router)')
  })

  it('a CPU stack is not held to what GPUs of its node are shared', async () => {
    const job = trialJob({ stack: { gpus: 0, nodes: [{ node: 'n1', gpu: { sharing: 'mps' } }] } })
    expect((await measureTrial({ ...input, job })).findings.verdict.result).toBe('valid')
  })

  it('takes the offer from the workload where the tool does not give it', async () => {
    const adapter = goodAdapter()
    const stages = adapter.stages.map((stage) => ({ ...stage, rate: undefined }))
    expect((await measureTrial({ ...input, adapter: { ...adapter, stages } })).findings.stages.map((s) => s.offered)).toEqual([{ rate: 10 }, { rate: 100 }])
  })

  it('notes metrics that it does not know and claims that mean something else', async () => {
    const adapter = {
      ...goodAdapter(), tool: { name: 'guidellm', version: '0.8.1' },
      claims: [
        { stage: 'low', metric: 'tpot', statistic: 'mean', value: 6.5, unit: 'ms/token', nativeName: 'time_per_output_token_ms' },
        { stage: 'low', metric: 'tpot', statistic: 'p50', value: 6.4, unit: 'ms/token', nativeName: 'time_per_output_token_ms' },
      ],
    }
    const { findings } = await measureTrial({ ...input, adapter, scrapes: scrapes.map((s) => ({ ...s, text: 'other 1' })) })
    expect(findings.notes).toEqual([
      'mean(tpot, stage=low) is 6.5 by the tool (time_per_output_token_ms) and 5 ms/token by its records, the most of 2 values: guidellm divides the whole latency by the tokens, the first included',
      'the server\'s metrics have none of the names that Assay knows: no KV-cache usage, queue or prefix-cache figures',
    ])
    expect(findings.claims).toHaveLength(2)
  })

  describe('of a tool that writes no requests', () => {
    const claims = [
      { stage: 'low', metric: 'ttft', statistic: 'p99', value: 0.5, unit: 's', nativeName: 'x' }, { stage: 'low', metric: 'ttft', statistic: 'n', value: 30, unit: 'requests', nativeName: 'x' },
      { stage: 'low', metric: 'output_throughput', statistic: 'value', value: 70, unit: 'tok/s', nativeName: 'x' }, { stage: 'low', metric: 'other', statistic: 'mean', value: 1, unit: 'x', nativeName: 'x' },
    ]
    const counted = (ok: number) => ({ total: 30, ok, failed: 30 - ok, cancelled: 0 })
    const of = (ok: number, more: object = {}) => ({ ...input, scrapes: [], job: trialJob({ stack: { scrape: [] } }), adapter: { ...goodAdapter(), records: [], claims, stages: [{ name: 'low', kind: 'constant', startMs: 0, sendEndMs: 0, endMs: 3000, counted: counted(ok) }], ...more } })

    it('takes its claims, marked as such', async () => {
      const { findings, reports } = await measureTrial(of(30))
      expect(findings.verdict).toEqual({ result: 'valid', reasons: [] })
      expect(findings.stages[0]).toMatchObject({ claimed: ['output_throughput', 'ttft'], distributions: { ttft: { unit: 'ms', n: 30, p99: 500, mean: null, weak: ['p99'] } }, scalars: { output_throughput: { unit: 'tokens/s', value: 70 } } })
      expect(findings.notes).toEqual([
        'low: the tool counted 30 requests and wrote down none',
        'low: the tool\'s own claims, which no records check: output_throughput, ttft',
      ])
      expectValid(reports['low'])
    })

    it('judges success by its counts, and takes no zeros where nothing succeeded', async () => {
      const { findings } = await measureTrial(of(0))
      expect(findings.verdict.reasons[0]).toMatchObject({ reason: 'NoSuccessfulRequest', message: 'none of 30 requests succeeded' })
      expect(findings.stages[0]?.distributions).toEqual({})
    })

    it('is content with scores alone', async () => {
      const scores = [{ task: 'arc_easy', metric: 'acc', value: 0.5, stderr: 0.01, n: 100, better: 'higher' as const }]
      const { findings, reports } = await measureTrial(of(0, { stages: [], claims: [], scores }))
      expect([findings.verdict.result, findings.scores, reports]).toEqual(['valid', scores, {}])
    })
  })

  it('of a harness that died before it wrote anything is invalid, and still has findings', async () => {
    const adapter = { ...goodAdapter(), records: [], stages: [], client: undefined }
    const { findings, reports } = await measureTrial({ ...input, adapter, harness: { exitCode: 137, timedOut: false, oomKilled: true } })
    expect(findings.verdict).toMatchObject({ result: 'invalid', reasons: [{ reason: 'HarnessFailed' }, { reason: 'NoSuccessfulRequest' }] })
    expect(reports).toEqual({})
  })
})

describe('the benchmark report', () => {
  it('is one a stage, valid against its JSON schema, in units of each field\'s class', async () => {
    const { reports } = await measureTrial(input)
    expect(Object.keys(reports)).toEqual(['low', 'high'])
    for (const report of Object.values(reports)) expectValid(report)
    expect(Object.fromEntries(units(reports['low']?.results))).toEqual({
      'request_performance.aggregate.requests.input_length': 'count', 'request_performance.aggregate.requests.output_length': 'count',
      'request_performance.aggregate.latency.time_to_first_token': 'ms', 'request_performance.aggregate.latency.request_latency': 'ms',
      'request_performance.aggregate.latency.normalized_time_per_output_token': 'ms/token', 'request_performance.aggregate.latency.time_per_output_token': 'ms/token',
      'request_performance.aggregate.latency.inter_token_latency': 'ms/token', 'request_performance.aggregate.throughput.input_token_rate': 'tokens/s',
      'request_performance.aggregate.throughput.output_token_rate': 'tokens/s', 'request_performance.aggregate.throughput.total_token_rate': 'tokens/s',
      'request_performance.aggregate.throughput.request_rate': 'queries/s', 'observability.components.0.aggregate.kv_cache_usage': 'fraction',
      'observability.components.0.aggregate.cache_hit_rate': 'fraction', 'observability.components.0.aggregate.running_requests': 'count',
      'observability.components.0.aggregate.waiting_requests': 'count', 'observability.components.0.aggregate.preemptions': 'count',
      'observability.pod_startup_times.aggregate': 's', 'observability.components.0.time_series.kv_cache_usage': 'fraction',
      'observability.components.0.time_series.num_requests_running': 'count', 'observability.components.0.time_series.num_requests_waiting': 'count',
    })
  })

  it('is filled and joins its parts', async () => {
    const { reports } = await measureTrial(input)
    const { run, scenario, results } = reports['high'] as BenchmarkReport
    expect(run).toEqual({
      uid: '0b1c.1.high', eid: 'bench/quick', user: 'namespace=bench', keywords: ['native', 'high', 'batch=8', 'rate=low'],
      description: 'quick-1-abc-s1-r1, stage high, stack replicate 1, run 1',
      time: { start: '2026-11-23T12:00:11.000Z', end: '2026-11-23T12:00:21.055Z', duration: 'PT10.055S' },
    })
    expect(scenario?.stack?.[0]).toMatchObject({
      metadata: { label: 'quick-1-abc-s1', cfg_id: 'sha256:fact' }, native: { args: { 'max-num-seqs': 8 } },
      standardized: { tool_version: 'ghcr.io/assay-dev/simulator:0.1.0@sha256:5111', replicas: 2, accelerator: { model: 'NVIDIA-H100-80GB-HBM3', count: 2 } },
    })
    expect(scenario?.load?.standardized).toEqual({
      tool: 'native', tool_version: '0.1.0', parallelism: 1, source: 'random', stage: 1, rate_qps: 100,
      input_seq_len: { distribution: 'gaussian', value: 64, std_dev: 8, min: 16, max: 128 }, output_seq_len: { distribution: 'fixed', value: 10 },
    })
    expect(scenario?.load?.native).toMatchObject({ args: { command: ['node', 'harnesses/native/main.ts'] }, config: { load: { constant: {} } } })
    const { request_performance: performance, observability, component_health: health } = results
    expect(performance?.aggregate?.latency?.time_to_first_token).toMatchObject({ mean: 20, p0p1: 20, p99p9: 20, stddev: 0 })
    expect(performance?.aggregate?.requests).toMatchObject({ total: 1000, failures: 0, incomplete: 0 })
    // One label for all, so that observability can be joined to the stack.
    expect(observability?.components?.map((c) => c.component_label)).toEqual([scenario?.stack?.[0]?.metadata.label])
    expect(health).toEqual([{ component_label: 'quick-1-abc-s1', total_restarts: 0 }])
    expect(observability?.components?.[0]?.raw_data_path).toBe('scrapes.jsonl')
    expect(observability?.pod_startup_times).toMatchObject({ pods: [{ name: 'sim-0', node: 'n1', startup_seconds: 4 }, { startup_seconds: 3 }], aggregate: { mean: 3.5 } })
  })

  const workload = trialJob().spec.workload
  const withData = (synthetic: object, more: object = {}) => trialJob({ spec: { workload: { data: { synthetic }, ...more } } })
  it.each([
    ['uniform', withData({ input: { normal: undefined, uniform: { min: 10, max: 30 } } }), { input_seq_len: { distribution: 'uniform', value: 20, min: 10, max: 30 } }],
    ['log-normal, by what was sent', withData({ input: { normal: undefined, lognormal: { median: 60, sigma: 1 } } }), { input_seq_len: { distribution: 'other', value: 64, std_dev: 0, min: 64, max: 64 } }],
    ['a shared prefix', withData({ prefix: { groups: 4, length: 512 } }), { prefix: { prefix_len: { distribution: 'fixed', value: 512 }, num_groups: 4, num_users_per_group: 275, num_prefixes: 1 } }],
    ['turns', withData({ turns: { count: 3 } }), { multi_turn: { enabled: true, max_turns: { distribution: 'fixed', value: 3 } } }],
    ['free output lengths', withData({}, { api: { ignoreEos: false } }), expect.not.objectContaining({ output_seq_len: expect.anything() })],
    ['a file', trialJob({ spec: { workload: { ...workload, data: { synthetic: undefined, sharegpt: { source: { inline: '[]' } } } } } }), { source: 'sampled', output_seq_len: { distribution: 'other', value: 10, std_dev: 0, min: 10, max: 10 } }],
  ])('describes %s', async (_, job, expected) => {
    const { reports } = await measureTrial({ ...input, job })
    expectValid(reports['low'])
    const matcher = 'asymmetricMatch' in expected ? expected : expect.objectContaining(expected)
    expect(reports['low']?.scenario?.load?.standardized).toEqual(matcher)
  })

  it('gives gaps per token, as its unit says, where events carry several', async () => {
    const records = goodAdapter().records.map((r) => ({ ...r, outputTokens: 20, eventTokens: Array.from({ length: 10 }, () => 2) }))
    const { findings, reports } = await measureTrial({ ...input, adapter: { ...goodAdapter(), records } })
    expect(findings.stages[0]?.distributions['itl']?.mean).toBe(5)
    expect(reports['low']?.results.request_performance?.aggregate?.latency?.inter_token_latency).toMatchObject({ units: 'ms/token', mean: 2.5 })
  })

  it('counts sessions', async () => {
    const records = Array.from({ length: 60 }, (_, i) => record({ id: `${i}`, session: `s${i % 30}`, sentMs: 100 * i }))
    const { reports } = await measureTrial({ ...input, adapter: { ...goodAdapter(), records } })
    expectValid(reports['low'])
    expect(reports['low']?.results.session_performance?.sessions).toMatchObject({ total: 30, succeeded: 30, failed: 0, total_events: 60, session_duration: { units: 's', mean: 3.065 } })
  })

  it('of nop has start-up times and no load', async () => {
    const job = trialJob({ spec: { harnessName: 'nop', harness: { image: '', results: { adapter: 'nop' } } } })
    const { findings, reports } = await measureTrial({ ...input, job, adapter: { ...goodAdapter(), records: [], stages: [] }, scrapes: [], artifacts: [] })
    expect(findings.verdict.result).toBe('valid')
    expect(Object.keys(reports)).toEqual(['startup'])
    expectValid(reports['startup'])
    expect(reports['startup']?.results).toEqual({ observability: { pod_startup_times: expect.objectContaining({ aggregate: expect.objectContaining({ mean: 3.5, units: 's' }) }) } })
  })

  it('of a stage in which nothing succeeded is still valid, and has no latencies', async () => {
    const records = goodAdapter().records.map((r) => ({ ...r, status: 'error' as const, endMs: null, firstTokenMs: null, eventsMs: [] }))
    const { reports } = await measureTrial({ ...input, adapter: { ...goodAdapter(), records } })
    expectValid(reports['low'])
    expect(reports['low']?.results.request_performance?.aggregate).not.toHaveProperty('latency')
  })

  it.each([
    ['an unknown field', (r: BenchmarkReport) => ({ ...r, extra: 1 })],
    ['units of another class', (r: BenchmarkReport) => ({ ...r, results: { request_performance: { aggregate: { latency: { time_to_first_token: { units: 'ms/token', mean: 1 } } } } } })],
    ['a statistic without a mean', (r: BenchmarkReport) => ({ ...r, results: { request_performance: { aggregate: { latency: { time_to_first_token: { units: 'ms' } } } } } })],
    ['another version', (r: BenchmarkReport) => ({ ...r, version: '0.2' })],
  ])('with %s is refused by both schemas', async (_, spoil) => {
    const spoilt = spoil((await measureTrial(input)).reports['low'] as BenchmarkReport)
    expect(valid(spoilt)).toBe(false)
    expect(BenchmarkReport.safeParse(spoilt).success).toBe(false)
  })
})

describe('summarize', () => {
  it('names the worst latency and errors and the best throughput, with units', async () => {
    const adapter = goodAdapter()
    const records = adapter.records.map((r, i) => (i === 3 ? { ...r, status: 'error' as const } : r))
    expect(summarize((await measureTrial({ ...input, adapter: { ...adapter, records } })).findings)).toEqual({ ttftP99: '20.0 ms', tokensPerSecond: '995 tok/s', errorRate: '1.00 %' })
  })

  it('leaves out what no stage has', async () => {
    const adapter = { ...goodAdapter(), records: steady('low', { count: 30, gapMs: 100 }).map((r) => ({ ...r, firstTokenMs: null })), stages: [] }
    expect(Object.keys(summarize((await measureTrial({ ...input, adapter })).findings))).toEqual(['tokensPerSecond', 'errorRate'])
    expect(summarize({ stages: [] })).toEqual({})
  })
})
