// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Findings } from '../model/findings.ts'
import { studentQuantile } from '../stats/student-t.ts'
import { analyze } from './analyze.ts'
import { factorsOf } from './factors.ts'
import { formatMeasured, formatNumber } from './format.ts'
import { ENGLISH } from './messages/languages.ts'
import { type Headline, headline, tallyVerdicts } from './outcome.ts'
import { resultTable, startupTable } from './result-table.ts'
import type { ExperimentInput } from './results.ts'
import { sampleExperiment } from './testdata/experiment.ts'

const design = { constants: {}, constraints: [], replicates: { stacks: 2, runs: 1 }, order: { randomize: true, seed: 1 } }
const factor = (name: string, path: string, levels: unknown[], more: object = {}) => ({ name, path, levels, ...more })
const sample = await sampleExperiment({ requests: 60, runs: 2 })
const withVerdict = (t: Findings, result: Findings['verdict']['result']): Findings => ({ ...t, verdict: { result, reasons: [{ reason: 'Throttled', message: 'x' }] } })

const said = ({ level, text }: Headline) => ({ level, text: ENGLISH.textOf(text) })

describe('cells', () => {
  const cell = (input: ExperimentInput, metric: string, statistic: string) =>
    analyze(input).cells.find((c) => c.treatment === 0 && c.stage === 'low' && c.metric === metric && c.statistic === statistic)

  it('are means over stand-ups of means over their trials, with the interval between stand-ups', () => {
    const values = sample.trials.filter((t) => t.treatment['batch'] === 8 && t.treatment['rate'] === 8)
      .map((t) => ({ stack: t.stack, value: t.stages[0]?.distributions['ttft']?.p50 as number }))
    const means = [...Map.groupBy(values, (v) => v.stack).values()].map((own) => own.reduce((a, v) => a + v.value, 0) / own.length) as [number, number]
    expect(values).toHaveLength(4)
    const mean = (means[0] + means[1]) / 2
    const half = studentQuantile(0.975, 1) * Math.abs(means[0] - means[1]) / 2
    expect(cell(sample, 'ttft', 'p50')).toMatchObject({
      mean: expect.closeTo(mean, 9), stacks: 2, trials: 4, unit: 'ms', better: 'lower', weak: false,
      interval: { kind: 'interval', low: expect.closeTo(mean - half, 6), high: expect.closeTo(mean + half, 6), df: 1, basis: 'between stand-ups' },
    })
  })

  it('of one stand-up say so; of one trial have no interval', () => {
    const first = sample.trials.filter((t) => t.replicate.stack === 1)
    expect(cell({ ...sample, trials: first }, 'ttft', 'p50')?.interval).toMatchObject({ basis: 'within one stand-up' })
    expect(cell({ ...sample, trials: first.filter((t) => t.replicate.run === 1) }, 'ttft', 'p50')?.interval).toMatchObject({ kind: 'none' })
  })

  it('carry weakness of percentiles, and their trials\' values', () => {
    expect(cell(sample, 'ttft', 'p99')).toMatchObject({ weak: true, values: expect.arrayContaining([expect.objectContaining({ trial: 'quickstart-1-8x8-s1-r1', weak: true, suspect: false })]) })
  })

  it('leave invalid trials out and keep suspect ones, marked', () => {
    const trials = sample.trials.map((t, i) => (i === 0 ? withVerdict(t, 'invalid') : i === 1 ? withVerdict(t, 'suspect') : t))
    const found = cell({ ...sample, trials }, 'e2e', 'mean')
    expect(found?.trials).toBe(3)
    expect(found?.values.map((v) => v.suspect)).toEqual([true, false, false])
    expect(analyze({ ...sample, trials }).counts).toEqual({ valid: 14, suspect: 1, invalid: 1, failed: 0 })
  })

  it('of start-up count a stack once, however many trials ran on it', () => {
    const found = analyze(sample).cells.find((c) => c.stage === 'startup' && c.metric === 'startup_total')
    expect(found).toMatchObject({ trials: 2, stacks: 2, unit: 's' })
    expect(analyze(sample).cells.find((c) => c.metric === 'startup_load')?.mean).toBeGreaterThan(2.9)
  })
})

it.each<[string, object, string]>([
  ['a full factorial', { blocks: { count: 2 }, effects: ['a'], ...design, fullFactorial: { factors: [] } }, 'fullFactorial'],
  ['a central composite', { ...design, centralComposite: { factors: [] } }, 'centralComposite'],
  ['treatments', { ...design, treatments: [] }, 'treatments'],
])('the kind of a design is told from what goes with it: %s', (_, spec, kind) => {
  expect(analyze({ ...sample, trials: [], experiment: { ...sample.experiment, spec: { design: spec as never } } }).order.design).toBe(kind)
})

describe('treatments', () => {
  it('are in the order of the design, with configurations that leave the load out', () => {
    const { treatments } = analyze(sample)
    expect(treatments.map((t) => [t.label, t.configuration])).toEqual([
      ['batch=8 rate=8', 'batch=8'], ['batch=8 rate=24', 'batch=8'], ['batch=32 rate=8', 'batch=32'], ['batch=32 rate=24', 'batch=32'],
    ])
  })

  it('that were planned and never measured are there, without trials', () => {
    const treatments = [{ levels: { batch: 8, rate: 8 } }, { levels: { batch: 8, rate: 24 } }, { levels: { batch: 16, rate: 8 } }]
    const { treatments: found } = analyze({ ...sample, trials: sample.trials.filter((t) => t.treatment['batch'] === 8), treatments })
    expect(found.map((t) => [t.label, t.trials.length])).toEqual([['batch=8 rate=8', 4], ['batch=8 rate=24', 4], ['batch=16 rate=8', 0]])
  })
})

describe('factorsOf', () => {
  it.each([
    ['a full factorial', { ...design, fullFactorial: { factors: [factor('tp', 'scenario.serving.parallelism.tensor', [2, 1]), factor('rate', 'workload.load.poisson.stages[high].rate', [8, 1], { unit: 'req/s' }), factor('out', 'workload.data.synthetic.output.fixed', [10])] } }, [], [
      { name: 'tp', role: 'setup', isLoad: false, levels: ['2', '1'] }, { name: 'rate', unit: 'req/s', role: 'run', isLoad: true, levels: ['8', '1'] }, { name: 'out', role: 'run', isLoad: false, levels: ['10'] },
    ]],
    ['labels and zips', { ...design, oneFactorAtATime: { factors: [{ name: 'size', zip: [{ path: 'scenario.a', levels: [1, 2] }, { path: 'workload.load.b', levels: [3, 4] }], labels: ['small', 'large'] }] } }, [], [
      { name: 'size', role: 'setup', isLoad: false, levels: ['small', 'large'] },
    ]],
    ['written treatments', { ...design, treatments: [{ name: 'a', set: { 'scenario.serving.replicas': 2 } }, { name: 'b', set: { 'scenario.serving.replicas': 4 } }] }, [{ replicas: 1 }], [
      { name: 'replicas', role: 'setup', isLoad: false, levels: ['2', '4', '1'] },
    ]],
    ['levels of an older run', { ...design, fullFactorial: { factors: [factor('n', 'scenario.x', [10])] } }, [{ n: 9 }, { n: 100 }, { old: 'x' }], [
      { name: 'n', role: 'setup', isLoad: false, levels: ['10', '9', '100'] }, { name: 'old', role: 'run', isLoad: false, levels: ['x'] },
    ]],
  ])('reads %s', (_, spec, treatments, expected) => expect(factorsOf(spec, treatments)).toEqual(expected))
})

describe('the result table', () => {
  it('has a row for every treatment and stage and only columns that were measured', () => {
    const table = resultTable(analyze(sample))
    expect(table.rows.map((r) => [...r.levels, r.stage, r.replicates])).toContainEqual(['32', '24', 'high', '2/4'])
    expect(table.rows).toHaveLength(8)
    expect(table.columns.map((c) => ENGLISH.textOf(c.title))).toEqual(['TTFT p50', 'TTFT p99', 'TPOT p50', 'E2E p99', 'Requests', 'Output', 'Goodput', 'SLO met', 'Errors'])
  })

  it('calls best only what is better than all others under the same load beyond doubt', () => {
    const shifted = (factor: number): ExperimentInput => ({
      ...sample,
      trials: sample.trials.map((t) => ({ ...t, stages: t.stages.map((s) => ({ ...s, offered: { rate: s.stage === 'low' ? 4 : 8 }, distributions: { ttft: { ...(s.distributions['ttft'] as NonNullable<typeof s.distributions[string]>), p50: (t.treatment['batch'] === 32 && t.treatment['rate'] === 24 ? factor : 1) * (100 + t.replicate.stack) } } })) })),
    })
    const best = (input: ExperimentInput) => resultTable(analyze(input)).rows.filter((r) => r.values[0]?.best === true).map((r) => [...r.levels, r.stage])
    expect(best(shifted(0.5))).toEqual([['32', '24', 'low'], ['32', '24', 'high']])
    expect(best(shifted(0.95))).toEqual([])
    expect(best(shifted(1))).toEqual([])
  })

  it('of start-up has a row for every setup', () => {
    expect(startupTable(analyze(sample)).rows.map((r) => r.levels)).toEqual([['8'], ['32']])
  })
})

describe('words', () => {
  it.each([
    [{}, 'good', 'Gate passed. 16 trials: 16 valid.'],
    [{ failed: [{ trial: 'x', reason: 'OutOfMemory' }] }, 'doubt', 'Gate passed. 17 trials: 16 valid, 1 failed.'],
    [{ trials: [] }, 'bad', 'Gate undecided: insufficient data. 0 trials: 0 valid.'],
    [{ trials: sample.trials.slice(0, 1), treatments: [{ levels: { batch: 8, rate: 8 } }, { levels: { batch: 99, rate: 8 } }] }, 'doubt', 'Gate undecided: insufficient data. 1 trial: 1 valid; 1 of 2 treatments have no usable trial.'],
  ])('of %j are %s: %s', (overlay, level, text) => {
    const spec = { ...sample.experiment.spec, gate: { onInsufficient: 'Fail' as const, rules: [{ name: 'e', expr: 'value(error_rate) <= 1%' }] } }
    expect(said(headline(analyze({ ...sample, experiment: { ...sample.experiment, spec }, ...overlay })))).toEqual({ level, text })
  })

  it('say what was used, and why a budget ended it', () => {
    const status = { usage: { gpuSeconds: 11_520, cost: 12.8, currency: 'EUR', standing: [] }, budgetEnd: { time: '2026-01-01T00:00:00Z', message: '3.2 of 4 GPU-hours used', budget: { gpuHours: 4 } } }
    expect(said(headline(analyze({ ...sample, experiment: { ...sample.experiment, spec: { ...sample.experiment.spec, gate: undefined }, status } })))).toEqual({ level: 'doubt', text: '16 trials: 16 valid. Used 3.2 GPU-hours (12.8 EUR). Ended for its budget: 3.2 of 4 GPU-hours used.' })
  })

  it('put the same objection of many trials in one line, worst first', () => {
    const trials = sample.trials.map((t, i) => (i < 2 ? withVerdict(t, 'suspect') : i === 2 ? withVerdict(t, 'invalid') : t))
    expect(tallyVerdicts({ ...analyze({ ...sample, trials }), failed: [{ trial: 'x', reason: 'Evicted' }] }).map((o) => [o.severity, o.reason, o.trials.length])).toEqual([
      ['failed', 'Evicted', 1], ['invalid', 'Throttled', 1], ['suspect', 'Throttled', 2],
    ])
  })

  const interval = (half: number, mean: number) => ({ kind: 'interval', low: mean - half, high: mean + half, df: 1, level: 0.95, basis: 'between stand-ups' }) as const
  it.each([
    [123.456, 7.89, '123.5 ± 7.9'], [123.456, 78.9, '123 ± 79'], [0.012_345, 0.001, '0.01235 ± 0.00100'], [6.7069, 0.006_12, '6.707 ± 0.006'], [26.705, 0.000_1, '26.70 ± <0.01'],
    [0, 0, '0 ± 0'], [97, 0, '97 ± 0'], [1.378, 0, '1.378 ± 0'], [12_345, 20, '12345 ± 20'], [-0.001, 0.5, '0.00 ± 0.50'],
  ])('write %f with half width %f as %s', (mean, half, text) => expect(formatMeasured({ mean, interval: interval(half, mean) })).toBe(text))

  it.each([[123.456, '123.5'], [0.001_234_56, '0.001235'], [1_234_567, '1234567'], [0, '0'], [1e-9, '0.000000']])('write %f alone as %s', (value, text) => expect(formatNumber(value)).toBe(text))
})
