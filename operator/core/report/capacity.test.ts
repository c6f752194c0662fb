// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest'
import type { Findings } from '../model/findings.ts'
import { analyze } from './analyze.ts'
import { capacityOf } from './capacity.ts'
import { capacityTable } from './capacity-table.ts'
import { capacityFigure } from './figure-capacity.ts'
import { figureFiles } from './figure-files.ts'
import { designNotes } from './design-notes.ts'
import { ENGLISH } from './messages/languages.ts'
import type { CapacityRow, ExperimentInput } from './results.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { toHtml } from './to-html.ts'
import { toMarkdown } from './to-markdown.ts'
import { toTable } from './to-table.ts'

const RATES = [8, 16, 11.31, 13.45, 12.33, 12.88, 12.6] as const
/** 12.5 with a batch of 8; a batch of 32 meets its bounds at every rate. */
const attained = ({ batch, rate }: Readonly<Record<string, unknown>>) => (batch === 8 ? 0.99 + (12.5 - (rate as number)) / 200 : 1)

function withAttainment(findings: Findings, value: number | null): Findings {
  return { ...findings, stages: findings.stages.map((s) => ({ ...s, scalars: { ...s.scalars, attainment: { unit: 'ratio', value } } })) }
}

let input: ExperimentInput
beforeAll(async () => {
  const sample = await sampleExperiment({ batches: [8, 32], rates: RATES, stacks: 2, runs: 2, requests: 25 })
  const { fullFactorial: _, ...design } = sample.experiment.spec.design
  const load = { name: 'rate', path: 'workload.load.poisson.stages[high].rate', lower: 1, upper: 16, unit: 'req/s' }
  const search = { load, factors: [{ name: 'batch', path: 'scenario.serving.args.max-num-seqs', levels: [8, 32] }], tolerance: 0.03, probes: 12, replicates: 2, maxReplicates: 6 }
  const { gate: _gate, ...spec } = sample.experiment.spec
  const trials = sample.trials.map((t) => withAttainment(t, attained(t.treatment)))
  input = { ...sample, experiment: { ...sample.experiment, spec: { ...spec, design: { ...design, search } } }, trials }
})

describe('capacityOf', () => {
  it('finds the capacity of every configuration over its stand-ups', () => {
    const [small, large] = capacityOf(input)?.rows ?? []
    expect(small).toMatchObject({ levels: ['8'], met: 12.33, missed: 12.6, probes: 14, trials: 28, doubts: [] })
    expect(small?.summary?.mean).toBeCloseTo(12.5, 2)
    expect(small?.summary?.interval).toMatchObject({ kind: 'interval', basis: 'between stand-ups', df: 1 })
    expect(large).toMatchObject({ levels: ['32'], met: 16, missed: null, summary: null })
  })

  it('takes no invalid trial for evidence, and waits for none that left nothing', () => {
    const spoilt = input.trials.map((t): Findings => (t.replicate.run === 1 ? { ...withAttainment(t, 0), verdict: { result: 'invalid', reasons: [] } } : t))
    const lost = input.trials.filter((t) => t.replicate.run !== 1)
    for (const trials of [spoilt, lost]) {
      const [small] = capacityOf({ ...input, trials })?.rows ?? []
      expect(small).toMatchObject({ met: 12.33, missed: 12.6 })
      expect(small?.summary?.mean).toBeCloseTo(12.5, 2)
    }
  })

  it('is unknown where the objective was not measured', () => {
    const trials = input.trials.map((t) => withAttainment(t, null))
    expect(capacityOf({ ...input, trials })?.rows[0]?.results[0]).toMatchObject({ ending: 'insufficient', met: null, missed: null })
  })

  it('is nothing of another design', async () => {
    expect(capacityOf(await sampleExperiment({ requests: 5 }))).toBeUndefined()
  })
})

describe('renderers', () => {
  it('show the capacities before the measurements', () => {
    const results = analyze(input)
    expect(capacityTable(results).rows).toHaveLength(2)
    const [capacity] = toTable(results).split('\n\nbatch  rate')
    expect(capacity).toMatchInlineSnapshot(`
      "batch  highest rate [req/s]                                     surely met  surely not  stand-ups  probes  trials
      8      12.5 ± 0                                                      12.33        12.6          2      14      28
      32     at least 16 req/s: the upper limit meets the objectives          16           –          2      14      28

      The highest load that meets value(attainment, stage=high) >= 99 %: where the means of its trials cross the bounds, between the highest load that surely met them and the lowest that surely did not (90 % each). ± is half of the 95 % confidence interval between stand-ups (Student). Loads are chosen by what earlier ones showed, so that drift over time and load cannot be told apart."
    `)
    expect(toMarkdown(results)).toContain('## Capacity')
    expect(toHtml(results)).toContain('<section id="capacity">')
  })
})

describe('capacityFigure', () => {
  const figure = () => capacityFigure(analyze(input), ENGLISH)
  it('draws every load that was tried on a stand-up, by what its trials said', () => {
    const { rows = [] } = capacityOf(input) ?? {}
    // 14 probes of two stand-ups each: 16 and above 12.5 were not met with a batch of 8.
    expect(rows.map(({ tried }) => tried.filter((t) => t.verdict === 'met').length)).toEqual([6, 14])
    const svg = figure()?.svg ?? ''
    expect(svg.match(/<title>/g)).toHaveLength(28)
    expect(figure()?.legend).toEqual(['met', 'not met'])
    expect(svg).toContain('aria-label="rate [req/s] at which each of 2 configurations met the objectives or did not, with its capacity."')
  })

  it('draws what is known of a capacity alone', () => {
    const { capacity } = analyze(input)
    const [small, large] = capacity?.rows ?? []
    if (capacity === undefined || small === undefined || large === undefined) throw new Error('no rows')
    const drawn = (...rows: readonly CapacityRow[]) => {
      const svg = capacityFigure({ capacity: { ...capacity, rows } }, ENGLISH)?.svg ?? ''
      return [(svg.match(/<rect[^>]*>/g) ?? []).length, /stroke-width="2"/.test(svg)]
    }
    // An upper limit that was met is open above: it has neither bar nor estimate.
    expect([drawn(small), drawn(small, large), drawn(large)]).toEqual([[1, true], [1, true], [0, false]])
  })

  it('is a file of its own, and of the page', () => {
    const results = analyze(input)
    expect(figureFiles(results)[0]?.name).toBe('capacity-capacity-by-configuration')
    expect(toHtml(results)).toContain('<h3>Capacity by configuration</h3>')
  })

  it('is not there where nothing was searched', () => expect(capacityFigure({ capacity: undefined }, ENGLISH)).toBeNull())
})

describe('designNotes', () => {
  const { order, ...rest } = { constants: {}, constraints: [], order: { randomize: true, seed: 1 } }
  it('say what deciding by results does to them', () => {
    const until = { response: 'p50(ttft, stage=main)', relative: 0.05, confidence: 0.95, unit: 'stacks' as const, min: 3, max: 8 }
    expect(designNotes({ ...rest, order, replicates: { stacks: 1, runs: 1, until } }).map(ENGLISH.textOf)).toEqual([expect.stringContaining('until p50(ttft, stage=main) was known to ± 5 %, at least 3 and at most 8 times')])
    const successiveHalving = { objective: 'value(goodput, stage=main)', eta: 3, min: 1, unit: 'stacks' as const, margin: 0.02 }
    expect(designNotes({ ...rest, order, replicates: { stacks: 1, runs: 1 }, successiveHalving }).map(ENGLISH.textOf)).toEqual([expect.stringContaining('the best 1/3 went on')])
  })
})
