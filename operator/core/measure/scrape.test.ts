// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrometheus } from './scrape.ts'
import { readingOf, serverSamples } from './server-metrics.ts'

const vllm = readFileSync(new URL('testdata/vllm-0.32-metrics.txt', import.meta.url), 'utf8')

describe('parsePrometheus', () => {
  it.each([
    ['up 1', { name: 'up', labels: {}, value: 1 }],
    ['vllm:a_total{engine="0",model="m"} 3.5e+06', { name: 'vllm:a_total', labels: { engine: '0', model: 'm' }, value: 3.5e6 }],
    ['a{} 1', { name: 'a', labels: {}, value: 1 }],
    ['a{b="x",} 1', { name: 'a', labels: { b: 'x' }, value: 1 }],
    ['a{b="q\\"u} \\\\ o\\nte, {c=\\"d\\"}"} 2', { name: 'a', labels: { b: 'q"u} \\ o\nte, {c="d"}' }, value: 2 }],
    ['a{path="C:\\\\new"} 2', { name: 'a', labels: { path: 'C:\\new' }, value: 2 }],
    ['a 7 1700000000000', { name: 'a', labels: {}, value: 7, timestampMs: 1_700_000_000_000 }],
    ['a_bucket{le="+Inf"} 9 # {trace_id="x"} 0.3 1.5', { name: 'a_bucket', labels: { le: '+Inf' }, value: 9 }],
    ['a +Inf', { name: 'a', labels: {}, value: Infinity }],
    ['  a\t-Inf  ', { name: 'a', labels: {}, value: -Infinity }],
    ['a NaN', { name: 'a', labels: {}, value: Number.NaN }],
    ['a{b = "c"} 1\r', { name: 'a', labels: { b: 'c' }, value: 1 }],
  ])('reads %j', (line, sample) => expect(parsePrometheus(line)).toEqual([sample]))

  it.each(['', '# TYPE a counter', 'a', 'a{b="c" 1', 'a one', 'a constructor', '{b="c"} 1', '1a 2'])('leaves out %j and keeps the rest', (line) => {
    expect(parsePrometheus(`before 1\n${line}\nafter 2\n`).map((s) => s.name)).toEqual(['before', 'after'])
  })

  it('gives back any label value that was escaped as the format says', () => {
    fc.assert(fc.property(fc.string(), fc.double({ noNaN: true }), (text, double) => {
      const value = double === 0 ? 0 : double
      const single = text.replaceAll(/[\r]/g, '')
      const escaped = single.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
      expect(parsePrometheus(`m{l="${escaped}",k="v"} ${value}`)).toEqual([{ name: 'm', labels: { l: single, k: 'v' }, value }])
    }))
  })

  it('reads a real exposition of vLLM, histograms as their series', () => {
    const samples = parsePrometheus(vllm)
    expect(samples).toHaveLength(vllm.split('\n').filter((l) => l !== '' && !l.startsWith('#')).length)
    expect(samples.find((s) => s.name.endsWith('time_to_first_token_seconds_bucket') && s.labels['le'] === '+Inf')).toBeDefined()
  })
})

describe('readingOf', () => {
  it('finds what a real vLLM exposes', () => {
    const { values, histograms } = readingOf({ pod: 'a', atMs: 0, epochMs: 0, text: vllm })
    expect(Object.keys(values).sort())
      .toEqual(['kvUsage', 'outputTokens', 'preemptions', 'prefixHits', 'prefixQueries', 'promptTokens', 'running', 'startTime', 'waiting'])
    expect(Object.keys(histograms).sort()).toEqual(['decodeTime', 'e2e', 'itl', 'prefillTime', 'queueTime', 'tpot', 'ttft'])
    expect(histograms.ttft?.le.slice(0, 3)).toEqual([0.001, 0.005, 0.01])
    expect(histograms.ttft?.counts).toHaveLength((histograms.ttft?.le.length ?? 0) + 1)
  })

  it('is the same from samples thinned by the collector, and from a reading that it kept', () => {
    const at = { pod: 'a', atMs: 0, epochMs: 0 }
    const reading = readingOf({ ...at, text: vllm })
    expect(readingOf({ ...at, samples: serverSamples(vllm) })).toEqual(reading)
    expect(readingOf({ ...at, reading: JSON.parse(JSON.stringify(reading)) })).toEqual(reading)
  })

  it('folds the engines of a pod: queues add, usage is averaged', () => {
    const text = ['vllm:num_requests_running{engine="0"} 2', 'vllm:num_requests_running{engine="1"} 3',
      'vllm:kv_cache_usage_perc{engine="0"} 0.2', 'vllm:kv_cache_usage_perc{engine="1"} 0.4', 'vllm:num_preemptions_total NaN'].join('\n')
    expect(readingOf({ pod: 'a', atMs: 0, epochMs: 0, text }).values).toEqual({ running: 5, kvUsage: expect.closeTo(0.3, 12) })
  })

  const of = (text: string, kind?: 'router') => readingOf({ pod: 'a', kind, atMs: 0, epochMs: 0, text })
  it.each([
    ['vLLM up to 0.10, whose gaps had another name', 'vllm:gpu_cache_usage_perc 0.5\nvllm:gpu_prefix_cache_hits_total 3\nvllm:time_per_output_token_seconds_bucket{le="0.1"} 1\nvllm:time_per_output_token_seconds_bucket{le="+Inf"} 2\nvllm:time_per_output_token_seconds_sum 3\n',
      { values: { kvUsage: 0.5, prefixHits: 3 }, histograms: { itl: { le: [0.1], counts: [1, 2], sum: 3 } } }],
    ['an old name beside its new one, once', 'vllm:kv_cache_usage_perc 0.5\nvllm:gpu_cache_usage_perc 0.5\n', { values: { kvUsage: 0.5 }, histograms: {} }],
    ['SGLang, its sources of cached tokens added', 'sglang:cached_tokens_total{cache_source="device"} 3\nsglang:cached_tokens_total{cache_source="host"} 4\nsglang:prompt_tokens_total 10\nsglang:num_retracted_requests_total 2\n',
      { values: { prefixHits: 7, prefixQueries: 10, promptTokens: 10, preemptions: 2 }, histograms: {} }],
    ['TGI', 'tgi_queue_size 4\ntgi_request_generated_tokens_sum 55\n', { values: { waiting: 4, outputTokens: 55 }, histograms: {} }],
    ['llama.cpp', 'llamacpp:requests_processing 2\nllamacpp:tokens_predicted_total 9\n', { values: { running: 2, outputTokens: 9 }, histograms: {} }],
    ['a histogram without an end, which is none', 'vllm:time_to_first_token_seconds_bucket{le="0.1"} 1\nvllm:time_to_first_token_seconds_bucket{le="1"} 1\n', { values: {}, histograms: {} }],
  ])('reads %s', (_, text, expected) => expect(of(text)).toEqual(expected))

  it('reads a router by its own names, and an engine never by them', () => {
    const text = 'inference_pool_average_queue_size{name="p"} 3\nllm_d_epp_average_queue_size{name="p"} 4\nvllm:num_requests_running 1\n'
    expect(of(text, 'router').values).toEqual({ poolQueue: 4 })
    expect(of(text).values).toEqual({ running: 1 })
  })
})
