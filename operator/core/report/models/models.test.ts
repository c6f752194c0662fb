// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Score } from '../../model/record.ts'
import { analyze } from '../analyze.ts'
import { figureFiles } from '../figure-files.ts'
import { toHtml } from '../to-html.ts'
import { toJson } from '../to-json.ts'
import { toMarkdown } from '../to-markdown.ts'
import { sampleExperiment } from '../testdata/experiment.ts'
import { adviceSentences } from './advice-sentences.ts'
import { comparedSentences, formSentences, lawSentences } from './finding-sentences.ts'
import type { Part } from '../messages.ts'
import { MODELS } from '../messages/en/models.ts'
import { ENGLISH, textsIn } from '../messages/languages.ts'
import { type ModelStudy, modelsOf } from './model-study.ts'
import { modelLines } from './models-markdown.ts'
import { modelTables } from './tables.ts'
import { EXPONENTS, FOUR, modelExperiment, type Planted, type Sample } from './testdata/models.ts'

const golden = (name: string) => join(import.meta.dirname, 'testdata', name)
const results = (planted: Planted = {}) => analyze(modelExperiment(planted))
function found(planted: Planted = {}): ModelStudy {
  const study = modelsOf(results(planted))
  if (study === null) throw new Error('no models')
  return study
}
const chinese = textsIn('zh', '')
const texts = (sentences: readonly Part[]) => sentences.map(ENGLISH.textOf)
const said = (planted: Planted) => {
  const study = found(planted)
  return [...texts(comparedSentences(study)), ...texts(adviceSentences(study)), ...texts(lawSentences(study.laws)), ...texts(formSentences(study.forms))].join('\n')
}
const sizes = (...billions: readonly number[]): Sample[] => billions.map((b) => ({ name: `org/sim-${b}B`, billions: b }))
const score = (value: number, stderr?: number): Score => ({ task: 'gsm8k', metric: 'exact_match', value, n: 1000, better: 'higher', ...(stderr !== undefined && { stderr }) })
const ppl = (value: number): Score => ({ task: 'wikitext', metric: 'perplexity', value, stderr: 0.05, better: 'lower' })

describe('the report', () => {
  it('reads well', async () => {
    await expect(`${modelLines(results({ loads: [4, 64], spec: { slo: { ttft: '300ms' } } }), ENGLISH).join('\n')}\n`).toMatchFileSnapshot(golden('models.golden.md'))
    if (!chinese.ok) throw new Error('no Chinese')
    await expect(`${modelLines(results(), chinese.value).join('\n')}\n`).toMatchFileSnapshot(golden('models.zh.golden.md'))
  })

  it('has the section in every form where there are two models', () => {
    const own = results()
    expect(toMarkdown(own)).toContain('\n## Models\n')
    expect(toHtml(own)).toContain('<section id="models">')
    expect(toHtml(own)).toBe(toHtml(results()))
    expect(JSON.parse(toJson(own))).toMatchObject({ models: { by: 'model', groups: [{ label: 'sim-1B', form: 'none' }, {}, {}, {}], said: { advice: [{ key: 'models.choose', text: expect.stringContaining('sim-1B') as unknown }, {}, {}, {}, {}] } } })
    expect(figureFiles(own).filter((f) => f.name.startsWith('models-')).map((f) => f.name)).toContain('models-time-to-first-token-mean')
  })

  it('has none where there is one model, or nobody says which', async () => {
    const plain = analyze(await sampleExperiment({ requests: 20 }))
    for (const own of [results({ models: sizes(7), loads: [1, 2] }), plain, analyze({ ...modelExperiment(), trials: [] })]) {
      expect(modelsOf(own)).toBeNull()
      expect(toMarkdown(own)).not.toContain('## Models')
      expect(toHtml(own)).not.toContain('id="models"')
      expect(JSON.parse(toJson(own))).not.toHaveProperty('models')
    }
  })

  it('marks what tools claim and what too few requests show', () => {
    const input = modelExperiment({ models: sizes(1, 2) })
    const own = analyze({ ...input, trials: input.trials.map((t) => ({ ...t, stages: t.stages.map((s) => ({ ...s, claimed: ['ttft'], distributions: { ...s.distributions, e2e: { ...(s.distributions['e2e'] as NonNullable<typeof s.distributions[string]>), weak: ['p95'] } } })) })) })
    const tables = modelTables((modelsOf(own) as ModelStudy).study, ENGLISH)
    expect(tables.find((t) => t.title === 'Time to first token')).toMatchObject({ rows: [[expect.anything(), '4/4', expect.stringMatching(/§$/), expect.anything(), expect.anything(), expect.anything(), expect.anything()], expect.anything()], notes: [expect.stringMatching(/^§/)] })
    expect(tables.find((t) => t.title === 'End-to-end latency')?.rows[0]?.[5]).toMatch(/\*$/)
    expect(tables.find((t) => t.title === 'Gaps between tokens')?.notes).toEqual([])
  })

  it('has requests a minute as sixty times those a second', () => {
    const table = modelTables(found({ sd: 0, more: () => ({ request_throughput: 3 }) }).study, ENGLISH).find((t) => t.title === 'Throughput and lengths of answers')
    const at = (title: string) => Number.parseFloat(table?.rows[0]?.[table.head.findIndex((h) => h.title === title)] ?? '')
    expect([at('Requests'), at('Requests a minute')]).toEqual([3, 180])
  })

  it('shows an engine in the tool’s own process by its stages', () => {
    const own = found({ models: sizes(1, 2, 4), more: ({ billions }) => ({ engine_start: 2 * billions, batch_latency: 30 * billions, peak_gpu_memory: 2 * billions }) })
    const tables = modelTables(own.study, ENGLISH)
    expect(tables.map((t) => t.title)).toEqual(expect.arrayContaining(['Latency of a batch', 'Start, memory, energy and cost']))
    expect(own.needs.answers.find((a) => a.need === 'memory')?.best.place.group.label).toBe('sim-1B')
    expect(own.laws.laws.find((l) => l.response.metric === 'peak_gpu_memory')?.law.exponent.estimate).toBeCloseTo(1, 9)
  })

  it('fills every hole of every sentence', () => {
    const all = [said({}), said({ open: true }), said({ models: [...sizes(1, 8), { name: 'x/gpt2-medium', billions: 1, undeclared: true }] }), modelLines(results({ loads: [4, 64] }), ENGLISH).join('\n')].join('\n')
    expect(all).not.toMatch(/\{\w+\}|undefined|NaN/)
    for (const text of Object.values(MODELS)) expect(text.trim()).not.toBe('')
  })
})

describe('laws of size', () => {
  it('are those that were planted, and say what a doubling costs', () => {
    const { laws } = found({ models: sizes(1, 2, 4, 8, 16), sd: 0.02 }).laws
    for (const metric of ['ttft', 'itl'] as const) {
      const exponent = laws.find((l) => l.response.metric === metric)?.law.exponent
      expect(exponent?.estimate).toBeCloseTo(EXPONENTS[metric], 1)
      expect((exponent?.low ?? 9) < EXPONENTS[metric] && (exponent?.high ?? 0) > EXPONENTS[metric]).toBe(true)
    }
    expect(said({ models: sizes(1, 2, 4, 8, 16), sd: 0 })).toMatch(/Over 5 models of 1 to 16 billion parameters, mean TTFT grows with size\^0\.80 \(95 % 0\.80 to 0\.80\): a doubling of size makes it 1\.74 times as much\./)
  })

  it('cover what was planted 95 times in 100', () => {
    let covered = 0
    for (let seed = 1; seed <= 200; seed++) {
      const exponent = found({ models: sizes(1, 2, 4, 8), stacks: 2, seed, sd: 0.1 }).laws.laws.find((l) => l.response.metric === 'ttft')?.law.exponent
      covered += Number(exponent !== undefined && exponent.low <= EXPONENTS.ttft && exponent.high >= EXPONENTS.ttft)
    }
    expect(Math.abs(covered / 200 - 0.95)).toBeLessThan(0.03)
  }, 60_000)

  it('fit only models alike in form, number format and stack', () => {
    const own = found({ models: FOUR }).laws
    expect(own.laws.every((l) => l.points.length === 3 && l.points.every((p) => p.group.model?.form === 'none'))).toBe(true)
    expect(own.tooFew).toMatchObject([{ form: 'fp8', sizes: 1, models: ['sim-8B-FP8'] }])
    const split = found({ models: sizes(1, 2, 4).map((m, i) => ({ ...m, gpus: 1 + i })) }).laws
    expect([split.laws, split.tooFew.length]).toEqual([[], 3])
  })

  it.each<[string, Planted, RegExp]>([
    ['small sizes', { models: [['a-2M', 0.002], ['b-8M', 0.008], ['c-30M', 0.03]].map(([name, billions]) => ({ name: String(name), billions: Number(billions) })) }, /Over 3 models of 2 to 30 million parameters, mean TTFT grows/],
    ['two sizes', { models: sizes(1, 8) }, /No law of size for sim-1B and sim-8B \(not quantised, simulator, 1 × GPU, native 0\.1\.0\): of three sizes that it takes at least, 2 measured/],
    ['two sizes, many models', { models: [...sizes(1, 8), { name: 'other/big-8B', billions: 8 }] }, /of three sizes that it takes at least, 2 measured/],
    ['an unknown size', { models: [...sizes(1, 2), { name: 'x/gpt2-medium', billions: 1, undeclared: true }] }, /since the size is not known: gpt2-medium\. Set scenario\.model\.parameters/],
    ['a mixture of experts', { models: [...sizes(1, 2, 4), { name: 'q/sim-30B-A3B', billions: 30 }] }, /only a part of the parameters computes a token: sim-30B-A3B/],
    ['sizes read from names', { models: sizes(1, 2, 4).map((m) => ({ ...m, undeclared: true })) }, /sim-1B \(1 billion parameters, read from its name\)/],
    ['an open loop', { models: sizes(1, 2, 4), open: true }, /follows the arrivals: it has no law of size/],
    ['answers of other lengths', { models: sizes(1, 2, 4), more: ({ billions }) => ({ output_length: 100 * billions }) }, /E2E latency follows these too, and has no law of size/],
    ['a shift that is none', { models: sizes(1, 2, 4), more: () => ({ ttft: 20 }) }, /mean TTFT is not shown to change with size: size\^0\.00/],
    ['a model off the line', { models: sizes(1, 2, 4, 8), sd: 0.001, more: ({ billions }) => (billions === 4 ? { ttft: 200 } : {}) }, /The law does not describe mean TTFT well: models lie off its line by more than their stand-ups scatter/],
  ])('of %s', (_, planted, text) => expect(said(planted)).toMatch(text))

  it('leave throughput of an open loop and E2E of unequal answers out', () => {
    const metrics = (planted: Planted) => found(planted).laws.laws.map((l) => l.response.metric)
    expect(metrics({ models: sizes(1, 2, 4), open: true })).not.toContain('output_throughput')
    expect(metrics({ models: sizes(1, 2, 4) })).toEqual(expect.arrayContaining(['output_throughput', 'e2e']))
    expect(metrics({ models: sizes(1, 2, 4), more: ({ billions }) => ({ output_length: 100 * billions }) })).not.toContain('e2e')
  })
})

describe('two forms of one model', () => {
  it('are compared with a verdict, and nothing is said of quality that was not measured', () => {
    const text = said({})
    expect(text).toMatch(/sim-8B-FP8 instead of sim-8B: p50 TTFT better, .*→.* \(−30(\.\d+)? % \[/)
    expect(text).toContain('No quality was measured of both sim-8B and sim-8B-FP8: what this form costs in answers is not known, and nothing is advised about it.')
  })

  const forms = (base: readonly Score[], other: readonly Score[]) => said({ models: FOUR.map((m, i) => ({ ...m, scores: i === 2 ? base : i === 3 ? other : [] })) })
  it.each<[string, readonly Score[], readonly Score[], RegExp]>([
    ['surely worse', [score(0.8, 0.01)], [score(0.6, 0.01)], /sim-8B-FP8 answers worse than sim-8B in gsm8k, exact_match: 0\.6000 ± 0\.01000 against 0\.8000 ± 0\.01000 \(p < 0\.0001\)/],
    ['surely better, where less is better', [ppl(9)], [ppl(8)], /sim-8B-FP8 answers better than sim-8B in wikitext, perplexity/],
    ['not told apart', [score(0.8, 0.02)], [score(0.78, 0.02)], /No difference in quality between sim-8B-FP8 and sim-8B is shown in gsm8k/],
    ['without an error', [score(0.8)], [score(0.1)], /without a standard error: whether they differ is not judged/],
    ['of the base alone', [score(0.8, 0.02)], [], /No quality was measured of both/],
  ])('quality %s', (_, base, other, text) => expect(forms(base, other)).toMatch(text))

  it('that differ in more are not judged, and it is said in what', () => {
    const text = said({ models: [{ name: 'm/big-70B', billions: 70, gpus: 4 }, { name: 'r/big-70B-FP8', billions: 70, gpus: 2, quantization: 'fp8' }] })
    expect(text).toMatch(/big-70B-FP8 differs from big-70B not in quantisation alone but also in number of accelerators/)
    expect(text).not.toContain('instead of')
    expect(text).toMatch(/The number of accelerators changes only together with the model \(big-70B: 4; big-70B-FP8: 2\)/)
  })

  it('by number format alone', () => {
    const text = said({ models: ['float32', 'bfloat16'].map((dtype) => ({ name: 'm/tiny-1B', billions: 1, dtype })) })
    expect(text).toContain('tiny-1B bfloat16 instead of tiny-1B float32')
    expect(text).not.toContain('read from their names')
  })
})

describe('what cannot be told apart', () => {
  it('size and quantisation, with what would', () => {
    const models = [{ name: 'm/small-8B', billions: 8 }, { name: 'm/big-70B', billions: 70, quantization: 'fp8' }]
    expect(said({ models })).toContain('Size and quantisation cannot be told apart: small-8b only as not quantised; big-70b only as fp8. Measure big-70b also as not quantised, and they can.')
    expect(said({ models: [...models, { name: 'm/small-8B', billions: 8, quantization: 'fp8' }] })).not.toContain('cannot be told apart')
    expect(said({ models: sizes(1, 2) })).not.toContain('cannot be told apart')
  })

  it.each<[string, Partial<Sample>, RegExp]>([
    ['engine', { engine: 'sglang' }, /The serving engine changes only together with the model \(sim-1B: simulator; sim-2B: sglang\)/],
    ['accelerator', { accelerator: 'L40S' }, /The accelerator changes only together with the model \(sim-1B: not on record; sim-2B: L40S\)/],
  ])('model and %s', (_, more, text) => expect(said({ models: sizes(1, 2).map((m, i) => (i === 0 ? m : { ...m, ...more })) })).toMatch(text))
})

describe('advice', () => {
  const bounded = { spec: { slo: { ttft: '150ms' } } }
  it.each<[string, Planted, RegExp]>([
    ['quotes the next one', {}, /For the quickest first token, take sim-1B: p50 TTFT .* The next is sim-3B at .*after Holm\)/],
    ['knows bounds', { ...bounded, loads: [4, 64] }, /For the most output within p99 TTFT ≤ 150 ms, take sim-1B with users=64/],
    ['says when nothing meets them', { spec: { slo: { ttft: '1ms' } } }, /No model meets p99 TTFT ≤ 1 ms under a load that was measured/],
    ['says when it is not known', { spec: { slo: { ttft: '1s' } }, requests: 50 }, /Whether a model meets p99 TTFT ≤ 1000 ms is not known/],
    ['does not choose by luck', { models: sizes(1, 1.01), sd: 0.05 }, /It is not told apart from sim-1/],
    ['knows that one stand-up shows nothing', { stacks: 1 }, /Whether it is ahead of sim-3B at .* is not known: each was stood up once/],
    ['knows that arrivals set throughput', { open: true }, /The arrivals set this load/],
    ['cost, where there is a price', { more: ({ billions }) => ({ cost_per_million_output_tokens: billions }) }, /For the cheapest output, take sim-1B/],
    ['load within bounds', { ...bounded, loads: [1, 2, 64] }, /sim-3B: up to 2 requests in flight surely within p99 TTFT ≤ 150 ms\. Client timeout there: at least [\d.]+ s, the upper 95 % limit of p99 E2E latency/],
    ['load without bounds, by power', { loads: [1, 4, 16] }, /sim-1B: about 16 requests in flight, where throughput ÷ mean E2E latency is greatest of the loads measured; that is the highest load measured/],
    ['no timeout from few requests', { ...bounded, loads: [1, 2], requests: 700, stacks: 1 }, /^(?!.*Client timeout there)/],
  ])('%s', (_, planted, text) => expect(said(planted)).toMatch(text))

  const side = (small: readonly Score[], large: readonly Score[], stacks = 4) => said({ models: sizes(1, 8).map((m, i) => ({ ...m, scores: i === 0 ? small : large })), stacks })
  it.each<[string, string, RegExp]>([
    ['nothing without scores', side([], []), /side by side pay is not said: no quality was measured/],
    ['nothing of one that has scores', side([], [score(0.8, 0.01)]), /quality was measured of models of one size only/],
    ['both', side([score(0.5, 0.01)], [score(0.8, 0.01)]), /sim-8B answers better than sim-1B in gsm8k.*\nBoth pay side by side: sim-1B where first tokens must be quick, sim-8B where answers must be good\. That takes 1 \+ 1 accelerators/],
    ['the small one', side([score(0.8, 0.01)], [score(0.5, 0.01)]), /sim-1B alone: it is quicker, and sim-8B answers worse/],
    ['the small one, with a doubt', side([score(0.8, 0.01)], [score(0.81, 0.01)]), /sim-1B alone, unless a difference in quality matters/],
    ['the large one where quickness is not shown', side([score(0.5, 0.01)], [score(0.8, 0.01)], 1), /sim-8B alone: it answers better, and that sim-1B is quicker is not shown/],
    ['neither where tasks disagree', side([score(0.5, 0.01), ppl(8)], [score(0.8, 0.01), ppl(9)]), /scores and latency do not point one way/],
    ['nothing where no score has an error', side([score(0.5)], [score(0.8)]), /no score with a standard error/],
  ])('side by side: %s', (_, text, expected) => expect(text).toMatch(expected))
})

it('is the same whatever the order of trials', () => {
  const input = modelExperiment({ loads: [4, 64], stacks: 2 })
  const whole = modelLines(analyze(input), ENGLISH)
  fc.assert(fc.property(fc.shuffledSubarray([...input.trials], { minLength: input.trials.length }), (trials) => {
    expect(modelLines(analyze({ ...input, trials }), ENGLISH)).toEqual(whole)
  }), { numRuns: 10 })
})
