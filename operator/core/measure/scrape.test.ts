// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrometheus } from './scrape.ts'
import { readSignals, serverSamples } from './server-metrics.ts'

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

describe('readSignals', () => {
  it('finds what a real vLLM exposes', () => {
    const signals = readSignals({ pod: 'a', atMs: 0, epochMs: 0, text: vllm })
    expect(Object.keys(signals).sort())
      .toEqual(['kvUsage', 'outputTokens', 'preemptions', 'prefixHits', 'prefixQueries', 'running', 'startTime', 'waiting'])
  })

  it('is the same from samples thinned by the collector', () => {
    const at = { pod: 'a', atMs: 0, epochMs: 0 }
    expect(readSignals({ ...at, samples: serverSamples(vllm) })).toEqual(readSignals({ ...at, text: vllm }))
    expect(serverSamples(vllm).length).toBeLessThan(12)
  })

  it('folds the engines of a pod: queues add, usage is averaged', () => {
    const text = ['vllm:num_requests_running{engine="0"} 2', 'vllm:num_requests_running{engine="1"} 3',
      'vllm:kv_cache_usage_perc{engine="0"} 0.2', 'vllm:kv_cache_usage_perc{engine="1"} 0.4', 'vllm:num_preemptions_total NaN'].join('\n')
    expect(readSignals({ pod: 'a', atMs: 0, epochMs: 0, text })).toEqual({ running: 5, kvUsage: expect.closeTo(0.3, 12) })
  })
})
