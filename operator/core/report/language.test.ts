// SPDX-License-Identifier: Apache-2.0
/** Reports in a language that is made up: every text of the catalogue stands in brackets, so that what is written past the catalogue stands out. */
import { beforeAll, describe, expect, it } from 'vitest'
import { METRICS } from '../model/metric.ts'
import { analyze } from './analyze.ts'
import { compareResults } from './compare/compare-results.ts'
import { comparisonNotes, comparisonSummary } from './compare/sentences.ts'
import { comparisonColumns } from './compare/to-lines.ts'
import { figureFiles } from './figure-files.ts'
import { textsIn } from './messages/languages.ts'
import { noteLines } from './note-lines.ts'
import type { ExperimentInput, ExperimentResults } from './results.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { plainExperiment } from './testdata/plain.ts'
import { linesOf, strangersTo, textsOfPage, XX } from './testdata/pseudo-language.ts'
import { toHtml } from './to-html.ts'
import { toMarkdown } from './to-markdown.ts'
import { toStepSummary } from './to-step-summary.ts'
import { toTable } from './to-table.ts'

/** Under these keys stand sentences, or words of our own vocabulary, which a report says in its language. */
const WORDS_OF_OURS: ReadonlySet<string> = new Set(['message', 'notes', 'said', 'text', 'reason', 'basis', 'better', 'kind', 'relation', 'result', 'role', 'designNotes', 'spent', 'doubts', 'by', 'key', 'phase'])
/** Half of the unit of a difference of shares, of a test, of a scale; what rules, conditions and objects are called. */
const OTHERS = ['pp', 'UTC', 'Holm', 'NEW', 'BASE', 'sha', 'MIG', 'CUDA', 'Evicted', 'ClientSaturated', 'ErrorRateHigh', ...Object.keys(METRICS)]

function strangers(texts: readonly string[], { trials, failed, ...results }: ExperimentResults): string[] {
  return strangersTo(texts, { ...results, failed, trials }, { ours: WORDS_OF_OURS, others: OTHERS })
}

const DOUBTS = [
  { reason: 'ClientSaturated', message: 'requests were sent 27.5 ms late at p99 (limit 10 ms)', stage: 'high' }, { reason: 'ErrorRateHigh', message: '7 % of requests failed (limit 5 %)', stage: 'low' },
] as const

function doubted(input: ExperimentInput): ExperimentInput {
  const score = { task: 'gsm8k', metric: 'exact_match', value: 0.6, better: 'higher' as const, stderr: 0.02, n: 500 }
  return {
    ...input, failed: [{ trial: 'quickstart-lost', reason: 'Evicted', message: 'none of 8 requests succeeded' }],
    trials: input.trials.map((t, i) => ({
      ...t, scores: [score], notes: ['main: mean TTFT is 25 ms by the client and 24 ms by the server; 1 ms (± 0.3 ms) between them: network, gateway and client'],
      ...(i === 0 && { verdict: { result: 'suspect' as const, reasons: [DOUBTS[0]] } }), ...(i === 1 && { verdict: { result: 'invalid' as const, reasons: [DOUBTS[1]] } }),
      provenance: { ...t.provenance, tokenizer: 'tok', nodes: [{ node: 'node-1', gpu: { product: 'H100', driver: '550.9', sharing: 'mps' }, kernel: '6.8' }], gpus: [{ uuid: 'g', model: 'H100', driver: '550.9', throttle: ['heat'] }] },
    })),
  }
}

const TP = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }
const RATE = { name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [2, 4, 8], unit: 'req/s' }

function planted(shift = 1): ExperimentInput {
  return plainExperiment({
    factors: [TP, RATE], stacks: 3, runs: 2, shuffle: (items) => [...items].reverse(), offered: ({ rate }) => ({ rate: rate as number }), stages: ['main', 'tail'],
    spec: { slo: { ttft: '200ms' }, gate: { onInsufficient: 'Fail', rules: [{ name: 'fast', expr: 'p99(ttft) <= 100ms' }, { name: 'kept', expr: 'regression(p50(ttft), baseline=nightly) <= 5%' }, { name: 'none', expr: 'p99(itl, stage=main) <= 9ms' }] } },
    values: ({ at: [tp = 0, rate = 0], time, stackReplicate }) => {
      const luck = 1 + 0.02 * Math.sin(100 * time) + 0.01 * stackReplicate + 0.3 * time
      return { ttft: shift * 100 * (1 + 0.2 * rate - 0.3 * tp * rate) * luck, tpot: 10 * luck, e2e: 900 * luck, output_throughput: 500 * (1 + 0.3 * tp) * (1 + rate), error_rate: 0 }
    },
  })
}

const cases: Record<string, ExperimentResults> = {}
beforeAll(async () => {
  const sample = doubted(await sampleExperiment({ requests: 60 }))
  const search = { load: { name: 'rate', path: 'workload.load.poisson.stages[high].rate', lower: 1, upper: 32, unit: 'req/s' }, factors: [{ name: 'batch', path: 'scenario.serving.args.max-num-seqs', levels: [8, 32] }], tolerance: 0.03, probes: 12, replicates: 2, maxReplicates: 6 }
  const { fullFactorial: _, ...design } = sample.experiment.spec.design
  const tools = plainExperiment({
    factors: [{ name: 'harness', path: 'harness', levels: ['native', 'aiperf', 'guidellm'] }], stacks: 2, runs: 3, tool: ({ harness }) => ({ name: String(harness), version: '1' }),
    values: ({ levels, time, stackReplicate }) => ({ ttft: 100 * stackReplicate * (levels['harness'] === 'guidellm' ? 2 : 1) * (1 + 0.002 * Math.sin(99 * time)), input_length: levels['harness'] === 'guidellm' ? 70 : 64 }),
  })
  Object.assign(cases, {
    sample: analyze(sample), effects: analyze(planted()), tools: analyze(tools),
    search: analyze({ ...sample, experiment: { ...sample.experiment, spec: { ...sample.experiment.spec, design: { ...design, search } } } }),
  })
})

describe.each(['sample', 'effects', 'tools', 'search'])('of %s everything that is read comes from the catalogue', (name) => {
  const of = () => cases[name] as ExperimentResults
  it('in HTML', () => expect(strangers(textsOfPage(toHtml(of(), XX)), of())).toEqual([]))
  it('in Markdown', () => expect(strangers(linesOf(toMarkdown(of(), XX)), of())).toEqual([]))
  it('in the summary of a pipeline', () => expect(strangers(linesOf(toStepSummary(of(), XX)), of())).toEqual([]))
  it('in a table', () => expect(strangers(linesOf(toTable(of(), XX)), of())).toEqual([]))
  it('in figures by themselves', () => expect(strangers(figureFiles(of(), XX).flatMap(({ svg }) => textsOfPage(svg)), of())).toEqual([]))
})

it('figures have the same file names in every language', () => {
  const results = cases['effects'] as ExperimentResults
  expect(figureFiles(results, XX).map((f) => f.name)).toEqual(figureFiles(results).map((f) => f.name))
})

it('a comparison says nothing past the catalogue', () => {
  const found = compareResults(analyze(planted()), analyze({ ...planted(1.2), experiment: { ...planted().experiment, name: 'other' } }))
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  const columns = comparisonColumns(found.value, XX)
  const texts = [comparisonSummary(found.value), ...comparisonNotes(found.value)].map(XX.textOf)
  expect(strangers([...texts, ...columns.map((c) => c.title), ...found.value.rows.map((r) => columns.at(-1)?.value(r) ?? '')], cases['effects'] as ExperimentResults)).toEqual([])
})

it('is no check of nothing: a word past the catalogue is seen', () => {
  const results = cases['sample'] as ExperimentResults
  expect(strangers(['⟦Results⟧ forgotten', '⟦of ⟦p99⟧ nested⟧ 3 ms', 'low'], results)).toEqual(['⟦Results⟧ forgotten'])
  expect(textsOfPage(toHtml(results, XX)).length).toBeGreaterThan(200)
  expect(noteLines(results)).not.toEqual([])
})

describe('in Chinese', () => {
  const chinese = textsIn('zh', '--lang')
  const golden = (name: string) => new URL(`testdata/${name}`, import.meta.url).pathname
  it.each(['sample', 'effects', 'tools', 'search'])('the report of %s', async (name) => {
    if (chinese.ok) await expect(toMarkdown(cases[name] as ExperimentResults, chinese.value)).toMatchFileSnapshot(golden(`${name}.zh.golden.md`))
  })
  it('pages say what they are in', () => {
    const page = chinese.ok ? toHtml(cases['sample'] as ExperimentResults, chinese.value) : ''
    expect(page).toMatch(/^<!doctype html>\n<html lang="zh-Hans">/)
    expect(page).toContain('Noto Sans CJK SC')
  })
})
