// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { gpuFindings } from './gpu-findings.ts'
import { parseAnswer, type RangeAnswer, rangeQueries, rangeWindow, toQueried, toScrapes } from './prometheus-range.ts'
import { serverFindings } from './server-findings.ts'
import { trialJob } from './testdata/trial.ts'

const job = (prometheus: object | undefined, stack: object = {}) => trialJob({ stack: { scrape: [], ...(prometheus && { prometheus: { url: 'http://p:9090', queries: {}, step: '5s', timeout: '15s', ...prometheus } }), ...stack } })

describe('rangeQueries', () => {
  it('are none where no Prometheus is named', () => expect(rangeQueries(job(undefined))).toEqual([]))

  it('ask for engines and GPUs by the stack\'s pods, under both names of the label', () => {
    const [engine, gpu, ...rest] = rangeQueries(job({}))
    expect(rest).toEqual([])
    expect(engine?.query).toContain('vllm:time_to_first_token_seconds_bucket|')
    expect(engine?.query).toContain('",namespace="bench",pod=~"sim-0|sim-1"} or {')
    expect(gpu?.query).toContain('exported_namespace="bench",exported_pod=~"sim-0|sim-1"}')
    expect(gpu?.query).toMatch(/^\{__name__=~"DCGM_FI_DEV_GPU_UTIL\|/)
  })

  it('leave out what is scraped', () => {
    const scraped = job({}, { scrape: ['http://1/metrics'], targets: [{ url: 'http://2/metrics', kind: 'gpu' }] })
    expect(rangeQueries(scraped)).toEqual([])
  })

  it('take a selector as it is written, and fill in what queries leave open', () => {
    const own = job({ selector: 'job="llm"', queries: { gpu_power: 'sum(x{namespace="$namespace",pod=~"$pods",node=~"$nodes"})' } }, { nodes: [{ node: 'n.1' }, { node: 'n2' }] })
    expect(rangeQueries(own).map((q) => q.of)).toEqual(['engine', 'gpu', 'gpu_power'])
    expect(rangeQueries(own)[0]?.query).toMatch(/,job="llm"\}$/)
    expect(rangeQueries(own)[2]?.query).toBe(String.raw`sum(x{namespace="bench",pod=~"sim-0|sim-1",node=~"n\\.1|n2"})`)
  })
})

it.each([[600_000, '5s', 5000], [600_000, '100ms', 1000], [24 * 3_600_000, '5s', 44_000]])('a window of %i ms at %s has a step of %i ms', (length, step, stepMs) => {
  expect(rangeWindow({ startEpochMs: 1e6, endEpochMs: 1e6 + length }, step)).toEqual({ startEpochMs: 1e6 - stepMs, endEpochMs: 1e6 + length + stepMs, stepMs })
})

it.each([['no JSON', '<html>', 'the answer is no JSON'], ['an error', '{"status":"error","error":"x"}', 'the answer is no range of series'], ['nothing', '{"status":"success","data":{"resultType":"matrix","result":[]}}', []]])('of %s', (_, text, expected) => {
  expect(parseAnswer(text)).toEqual(expected)
})

describe('answers', () => {
  const series = (metric: Record<string, string>, values: (t: number) => number): RangeAnswer[number] => ({ metric, values: Array.from({ length: 5 }, (_, i) => [1000 + 10 * i, String(values(10 * i))]) })
  const own = { pod: 'vllm-0', namespace: 'bench' }

  it('are read as if we had scraped: counters, gauges and histograms', () => {
    const bucket = (le: string, values: (t: number) => number) => series({ __name__: 'vllm:time_to_first_token_seconds_bucket', le, ...own }, values)
    const scrapes = toScrapes([
      series({ __name__: 'vllm:num_requests_running', job: 'a', ...own }, () => 3), series({ __name__: 'vllm:num_requests_running', job: 'b', ...own }, () => 3), series({ __name__: 'vllm:num_preemptions_total', ...own }, (t) => t / 10),
      bucket('0.1', (t) => t), bucket('+Inf', (t) => t), series({ __name__: 'vllm:time_to_first_token_seconds_sum', ...own }, (t) => 0.05 * t),
    ], 'engine')
    const stage = serverFindings(scrapes, [{ stage: 'x', startMs: 0, endMs: 40_000 }], { originEpochMs: 1_000_000, pods: 0 }).stages.get('x')
    expect(stage).toMatchObject({ distributions: { running_requests: { mean: 3 }, server_ttft: { n: 40, mean: 50, p50: 50 } }, scalars: { preemptions: { value: 4 } } })
  })

  it('of GPUs too', () => {
    const scrapes = toScrapes([series({ __name__: 'DCGM_FI_DEV_POWER_USAGE', instance: 'n1:9400', UUID: 'GPU-a', exported_pod: 'vllm-0', exported_namespace: 'bench', secret: 'no' }, () => 500)], 'gpu')
    expect(JSON.stringify(scrapes)).not.toContain('secret')
    const found = gpuFindings(scrapes, [{ stage: 'x', startMs: 0, endMs: 40_000 }], { originEpochMs: 1_000_000, pods: ['vllm-0'], namespace: 'bench', gpus: 1 })
    expect(found.stages.get('x')?.scalars['gpu_energy']).toMatchObject({ value: 20_000 })
  })

  it('of a query are points, several series added, what is no number left out', () => {
    expect(toQueried([series({}, (t) => t), series({}, () => 1), { metric: {}, values: [[1000, 'NaN']] }], 'gpu_power').points.slice(0, 2)).toEqual([[1_000_000, 1], [1_010_000, 11]])
  })
})
