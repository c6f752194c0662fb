// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../report/analyze.ts'
import { PRIMARY } from '../report/primary.ts'
import { plainExperiment } from '../report/testdata/plain.ts'
import { changesOf, fingerprintOf } from './fingerprint.ts'
import { historyEntry } from './history-entry.ts'
import { formatHistoryLine, type HistoryLine, mergeHistory, readHistory } from './history-line.ts'
import { nightly } from './testdata/nightly.ts'

const lines = nightly({ runs: 6 })
const text = lines.map(formatHistoryLine).join('')
const problems = (content: string) => {
  const read = readHistory(content, 'h.jsonl')
  return read.ok ? [] : read.problems.map((p) => `${p.where} ${p.path} ${p.message}${p.nearest === undefined ? '' : `; did you mean ${p.nearest}?`}`)
}

describe('the text of a history', () => {
  it('is read back as it was written, empty lines apart', () => {
    expect(readHistory(`\n${text}\n\n`, 'h.jsonl')).toEqual({ ok: true, value: lines })
  })
  const [first] = lines as [HistoryLine]
  it.each<[string, string, RegExp]>([
    ['a line that was cut off', `${text}{"schema":"assay.dev/hist`, /^h\.jsonl:7 .*it is no JSON, or was cut off/],
    ['a conflict of Git', `<<<<<<< HEAD\n${text}`, /^h\.jsonl:1 .*it is no JSON/],
    ['a newer schema', text.replace('history/v1', 'history/v2'), /^h\.jsonl:1 .*schema assay\.dev\/history\/v2, and this version of Assay reads assay\.dev\/history\/v1/],
    ['something else', 'null\n[]\n{"a":1}\n', /schema nothing/],
    ['a member that nobody knows', JSON.stringify({ ...first, comit: 'abc' }), /h\.jsonl:1 comit this object has no member "comit"; did you mean commit\?/],
    ['a number that is none', JSON.stringify({ ...first, responses: [{ ...first.responses[0], mean: null }] }), /h\.jsonl:1 responses\[0\]\.mean/],
    ['a time that is none', JSON.stringify({ ...first, time: 'yesterday' }), /h\.jsonl:1 time .*no time/],
  ])('with %s is refused, with the number of the line', (_, content, message) => expect(problems(content)[0]).toMatch(message))
  it('tells everything that is wrong at once', () => expect(problems('x\ny\n')).toHaveLength(2))
})

describe('mergeHistory', () => {
  it('takes each run once in the order of time, whatever order lines come in and however often', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: lines.length - 1 }), { maxLength: 20 }), (picks) => {
      const merged = mergeHistory(picks.map((i) => lines[i] as HistoryLine))
      expect(merged).toEqual(lines.filter((_, i) => picks.includes(i)))
      expect(mergeHistory([...merged, ...merged])).toEqual(merged)
    }))
  })
  it('of two lines of one run takes the one that saw more of it', () => {
    const [early] = lines as [HistoryLine]
    const late = { ...early, measured: { ...early.measured, to: '2026-12-01T00:00:00.000Z' }, responses: [] }
    expect(mergeHistory([early, late])).toEqual([late])
    expect(mergeHistory([late, early])).toEqual([late])
  })
})

const input = plainExperiment({
  factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }],
  values: ({ levels }) => ({ ttft: 100 / Number(levels['tp']), output_throughput: 1000, itl: 3 }), requests: 100,
  spec: { slo: { ttft: '500ms' } },
})
const library = { scenario: { model: { name: 'm/x', revision: 'r1', dtype: 'bfloat16', quantization: 'none' }, serving: { engine: 'vllm' } }, workload: { load: 1 }, harness: { image: 'a' } }
const fingerprint = fingerprintOf(input, library)
const entry = (options: Partial<Parameters<typeof historyEntry>[1]> = {}) => historyEntry(analyze(input), { responses: PRIMARY, ...fingerprint, ...options }, 'work/x')

describe('historyEntry', () => {
  it('keeps the primary metrics of every treatment and stage, with interval, counts and what it was measured with', () => {
    const made = entry({ commit: 'abc', labels: { branch: 'main' } })
    expect(made).toMatchObject({ ok: true, value: {
      schema: 'assay.dev/history/v1', experiment: 'plain', run: 1, commit: 'abc', labels: { branch: 'main' }, counts: { valid: 4 }, time: '2026-11-23T12:00:00.000Z',
      environment: { model: 'm/x@r1 bfloat16', harness: 'native 0.1.0', assay: '0.1.0', slo: 'ttft 500ms' },
    } })
    if (!made.ok) return
    expect(made.value.responses.map((r) => `${r.treatment} ${r.statistic} ${r.metric} ${r.mean} ${r.weak ?? ''}`)).toEqual([
      'tp=1 p50 ttft 100 ', 'tp=1 p99 ttft 100 true', 'tp=1 value output_throughput 1000 ', 'tp=2 p50 ttft 50 ', 'tp=2 p99 ttft 50 true', 'tp=2 value output_throughput 1000 ',
    ])
    expect(made.value.responses[0]?.interval).toMatchObject({ level: 0.95, basis: 'between stand-ups' })
    expect(readHistory(formatHistoryLine(made.value), 'h')).toEqual({ ok: true, value: [made.value] })
  })
  it('has one identity for a run, whatever is said of it, and another under another name', () => {
    const id = (options: Parameters<typeof entry>[0]) => { const made = entry(options); return made.ok ? made.value.id : '' }
    expect(id({ commit: 'x', time: '2026-12-01T00:00:00Z' })).toBe(id({}))
    expect(id({ name: 'other' })).not.toBe(id({}))
  })
  it.each<[string, () => ReturnType<typeof entry>, RegExp]>([
    ['nothing was measured', () => historyEntry(analyze({ ...input, trials: [] }), { responses: PRIMARY, ...fingerprint }, 'work/x'), /nothing was measured/],
    ['none of the metrics is there', () => entry({ responses: [{ metric: 'gpu_energy', statistic: 'value' }] }), /none of the metrics/],
  ])('refuses a run of which %s', (_, make, message) => {
    const made = make()
    expect(made.ok ? '' : `${made.problems[0]?.where} ${made.problems[0]?.message}`).toMatch(message)
  })
})

describe('fingerprintOf', () => {
  const trial = input.trials[0]!
  const withTrial = (change: Partial<typeof trial.provenance>, tool = trial.tool) => fingerprintOf({ ...input, trials: [{ ...trial, tool, provenance: { ...trial.provenance, ...change } }] }, library)
  const base = withTrial({})
  it.each<[string, ReturnType<typeof fingerprintOf>, 'environment' | 'subject', readonly string[]]>([
    ['another model', fingerprintOf(input, { ...library, scenario: { ...library.scenario, model: { name: 'm/y' } } }), 'environment', ['model']],
    ['another workload', fingerprintOf(input, { ...library, workload: { load: 2 } }), 'environment', ['workload']],
    ['another GPU and driver', withTrial({ gpus: [{ uuid: 'u', model: 'H200', driver: '570' }] }), 'environment', ['driver', 'gpu']],
    ['another tool', withTrial({}, { name: 'guidellm', version: '0.8.1' }), 'environment', ['harness']],
    ['another Assay', withTrial({ operatorVersion: '0.2.0' }), 'environment', ['assay']],
    ['another image of the server', withTrial({ images: [{ name: 'server', image: 'vllm:2', digest: 'r/vllm@sha256:abc' }] }), 'subject', ['images']],
    ['another engine', fingerprintOf(input, { ...library, scenario: { ...library.scenario, serving: { engine: 'sglang' } } }), 'subject', ['scenario']],
  ])('%s is seen where it belongs', (_, other, where, facts) => {
    const one = other.environment['gpus'] === base.environment['gpus'] && facts[0] !== 'model' && facts[0] !== 'workload' && facts[0] !== 'scenario' ? base : fingerprint
    expect(changesOf(one[where], other[where]).map((c) => c.fact)).toEqual(facts)
    expect(changesOf(one[where === 'subject' ? 'environment' : 'subject'], other[where === 'subject' ? 'environment' : 'subject'])).toEqual([])
  })
  it('a description, a node, the image of the tool and its seed are neither', () => {
    expect(withTrial({ nodes: [{ node: 'other' }], images: [{ name: 'harness/native', image: 'assay:9' }], seeds: { arrival: 9, content: 9 } })).toEqual(base)
    expect(fingerprintOf(input, { ...library, workload: { ...library.workload, description: 'new words' }, harness: { ...library.harness, supports: { load: ['poisson'] } } })).toEqual(fingerprint)
  })
})
