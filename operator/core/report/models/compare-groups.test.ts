// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../model/problem.ts'
import { analyze } from '../analyze.ts'
import { parseResponses } from '../primary.ts'
import type { Response } from '../response.ts'
import { compareGroups, type GroupComparison, type GroupOptions } from './compare-groups.ts'
import { readingOf, summaryOf } from './comparison-sentences.ts'
import { comparedSentences } from './finding-sentences.ts'
import type { Compared } from './groups.ts'
import { ENGLISH } from '../messages/languages.ts'
import { modelExperiment, type Planted, type Sample } from './testdata/models.ts'

const { textOf } = ENGLISH
const results = (planted: Planted = {}): Compared => analyze(modelExperiment(planted))
const sizes = (...billions: readonly number[]): Sample[] => billions.map((b) => ({ name: `org/sim-${b}B`, billions: b }))
const metrics = (text: string): Response[] => {
  const read = parseResponses(text, '')
  return read.ok ? read.value : []
}
function compare(sources: readonly Compared[], options: Partial<GroupOptions> = {}): GroupComparison {
  const compared = compareGroups(sources, { by: 'model', ...options })
  if (!compared.ok) throw new Error(compared.problems.map(formatProblem).join('\n'))
  return compared.value
}
const pairs = ({ rows }: GroupComparison) => [...new Set(rows.map((r) => `${r.baseGroup.label} < ${r.otherGroup.label}`))]

describe('many models', () => {
  it('are compared each against each, or all against one', () => {
    const own = results({ models: sizes(1, 2, 4) })
    expect(pairs(compare([own]))).toEqual(['sim-1B < sim-2B', 'sim-1B < sim-4B', 'sim-2B < sim-4B'])
    expect(pairs(compare([own], { reference: 'sim-2B' }))).toEqual(['sim-2B < sim-1B', 'sim-2B < sim-4B'])
    expect(pairs(compare([own], { reference: 'org/sim-4B' }))).toEqual(['sim-4B < sim-1B', 'sim-4B < sim-2B'])
  })

  it('have verdicts of the other against the base, within blocks, Holm over all', () => {
    const { rows, family } = compare([results({ models: sizes(1, 2, 4) })], { responses: metrics('p50(ttft),output_throughput') })
    expect(rows.map((r) => r.verdict)).toEqual(['worse', 'worse', 'worse', 'worse', 'worse', 'worse'])
    expect([family, new Set(rows.map((r) => r.difference.blocks))]).toEqual([6, new Set([4])])
    for (const r of rows) expect(r.p).toBeGreaterThanOrEqual(r.difference.p ?? 1)
  })

  it('of several Experiments are joined, and what goes with the Experiment is said', () => {
    const [a, b] = [results({ models: sizes(1), name: 'small' }), results({ models: sizes(2), name: 'large' })]
    const both = compare([a, b], { responses: metrics('p50(ttft)') })
    expect(both.rows.map((r) => [r.baseGroup.label, r.otherGroup.label, r.verdict, r.base.standUps, r.difference.blocks])).toEqual([['sim-1B', 'sim-2B', 'worse', 4, 0]])
    expect(comparedSentences(both.found).map(textOf).join('\n')).toContain('The Experiment, and with it time and cluster, changes only together with the model (sim-1B: small; sim-2B: large)')
    // Two runs of one Experiment have stand-ups of the same names: they are two.
    expect(compare([results({ models: sizes(1, 2) }), results({ models: sizes(1, 2), seed: 9 })], { responses: metrics('p50(ttft)') }).rows[0]?.base.standUps).toBe(8)
  })

  it('may be levels of any factor', () => {
    const { found, rows } = compare([results({ models: sizes(1, 2), loads: [4, 64] })], { by: 'users', responses: metrics('p50(ttft)') })
    expect(found.study.groups.map((g) => g.label)).toEqual(['4', '64'])
    expect(rows.map((r) => [r.condition.label, r.verdict])).toEqual([['model=m0', 'worse'], ['model=m1', 'worse']])
  })

  it('take replicates of a group for noise only once', () => {
    const { margins } = compare([results({ models: sizes(1, 2, 4, 8), stacks: 3 })], { responses: metrics('p50(ttft)') })
    expect(margins).toMatchObject([{ df: 8 }])
  })

  it('say what is decided, and how to read it', () => {
    const once = compare([results({ models: sizes(1, 2), stacks: 1 })], { responses: metrics('p50(ttft)') })
    expect(textOf(summaryOf(once))).toBe('2 groups by model, two by two: 0 of 1 questions decided (the other is better in 0, worse in 0, the same in 0), 1 undecided.')
    expect(readingOf(once).map(textOf).at(-1)).toContain('Models that were stood up once are insufficient')
    expect(readingOf(compare([results()], { margin: { relative: 0.05 } })).map((m) => m.key)).toContain('models.pairs.marginGiven')
  })
})

describe('refused', () => {
  it.each<[string, readonly Compared[], Partial<GroupOptions>, string]>([
    ['an unknown reference', [results()], { reference: 'sim-3b' }, '--reference: there is no model "sim-3b"; did you mean "sim-3B"? (expected one of sim-1B, sim-3B, sim-8B, sim-8B-FP8)'],
    ['an unknown factor', [results()], { by: 'modle' }, '--by: there is no factor "modle"; did you mean "model"? (expected one of model, users)'],
    ['an unknown stage', [results()], { stage: 'mian' }, '--stage: there is no stage "mian"; did you mean "main"?'],
    ['one model', [results({ models: sizes(7) })], {}, '--by: every trial that counts has one model, sim-7B: there is nothing to compare'],
    ['no trial', [{ ...results(), treatments: [] }], {}, '--by: no trial that counts says its model: there is nothing to compare'],
    ['a metric without a direction', [results()], { responses: metrics('p50(input_length)') }, 'p50(input_length) is neither better when it is higher nor when it is lower'],
    ['a metric that was not measured', [results()], { responses: metrics('peak_ram') }, '--metrics: peak_ram was not measured alike of two of sim-1B'],
    ['no condition in common', [results({ models: sizes(1), loads: [1, 2] }), results({ models: sizes(2), loads: [4, 8] })], {}, 'nothing was measured of two of sim-1B, sim-2B under one condition (users=1; users=2; users=4; users=8)'],
  ])('%s', (...[, sources, options, message]) => {
    const compared = compareGroups(sources, { by: 'model', ...options })
    expect(compared.ok ? 'nothing' : compared.problems.map(formatProblem).join('\n')).toContain(message)
  })
})

// Three models of one size: three pairs and six responses, one family.
it('A/A: of models that are the same at most 5 % ± 2 % are called different', () => {
  let alarms = 0
  for (let seed = 1; seed <= 200; seed++) {
    const models = ['a', 'b', 'c'].map((n) => ({ name: `org/${n}-1B`, billions: 1 }))
    const { rows } = compare([results({ models, stacks: 3, seed, sd: 0.05 })])
    alarms += Number(rows.some((r) => r.verdict === 'better' || r.verdict === 'worse'))
  }
  expect(alarms / 200).toBeLessThan(0.07)
}, 60_000)
