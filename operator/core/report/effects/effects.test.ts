// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { type Random, random, shuffled } from '../../stats/testdata/random.ts'
import { analyze } from '../analyze.ts'
import { ENGLISH, textsIn } from '../messages/languages.ts'
import type { ExperimentInput, ExperimentResults } from '../results.ts'
import { plainExperiment } from '../testdata/plain.ts'
import { effectsOf } from './analyze-effects.ts'
import { overallEffect, isAnalysed, type Analysed } from './effect-size.ts'
import { effectSentences } from './effect-sentences.ts'
import { effectTables } from './effect-table.ts'
import { effectFigures } from './figure-effects.ts'

const TP = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }
const RATE = { name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [4, 8, 16] }
const LENGTH = { name: 'length', path: 'workload.data.synthetic.output.fixed', levels: [64, 256] }

interface Planted {
  readonly seed?: number; readonly stacks?: number; readonly runs?: number; readonly requests?: number; readonly listed?: boolean
  /** Logarithms: of tp, of a step of rate, of both beyond that; and what the last trial has over the first. */
  readonly tp?: number; readonly rate?: number; readonly both?: number; readonly drift?: number
  readonly luck?: number; readonly shared?: number; readonly noise?: number
  /** TPOT is one primary response, TTFT two: half as long to simulate. */
  readonly metric?: 'tpot' | 'ttft'
}

/** One response with planted effects, the luck of each stand-up, what a replicate has in common, and noise. */
function planted({ seed = 1, stacks = 3, runs = 1, requests = 1000, listed = false, tp: a = -0.3, rate: b = 0.2, both = -0.15, drift = 0, luck = 0.02, shared = 0.02, noise = 0.01, metric = 'tpot' }: Planted = {}): ExperimentInput {
  const r = random(seed)
  // Neighbouring seeds begin alike.
  for (let i = 0; i < 20; i++) r.uniform()
  const [lucks, replicates] = [new Map<string, number>(), new Map<string, number>()]
  return plainExperiment({
    factors: [TP, RATE], stacks, runs, requests, ...(listed ? {} : { shuffle: <T>(items: readonly T[]) => shuffled(items, r) }),
    values: ({ at: [tp = 0, rate = 0], stack, stackReplicate, time }) => ({
      [metric]: 100 * (1 + drift * time) * Math.exp(a * tp + b * rate + both * tp * rate + drawn(lucks, { key: stack, sd: luck, r }) + drawn(replicates, { key: String(stackReplicate), sd: shared, r }) + noise * r.normal()),
    }),
  })
}

function drawn(known: Map<string, number>, { key, sd, r }: { readonly key: string; readonly sd: number; readonly r: Random }): number {
  const value = known.get(key) ?? sd * r.normal()
  known.set(key, value)
  return value
}

const chinese = textsIn('zh', '--lang')
const said = (results: ExperimentResults) => effectSentences(results).map(ENGLISH.textOf)
const response = (results: ExperimentResults) => effectsOf(results).responses.filter(isAnalysed).find((r) => r.name === 'p50(tpot)') as Analysed
const matters = (results: ExperimentResults, term: string) => said(results).some((s) => s.startsWith(`${term} matters for p50 TPOT`))

describe('the effects of an Experiment', () => {
  it('have the strata of a split plot, with replicates as blocks', () => {
    const { analysis } = response(analyze(planted()))
    expect(analysis.factorial?.strata.map((s) => [s.name, s.units, s.rows.map((row) => [row.source, row.kind, row.df]), s.error.df])).toEqual([
      ['whole plots', 6, [['#block', 'block', 2], ['tp', 'term', 1]], 2],
      ['runs', 18, [['rate', 'term', 2], ['tp × rate', 'term', 2]], 8],
    ])
    expect(analysis.scale).toBe('log')
  })

  it('are told in sentences that quote their numbers', () => {
    const sentences = said(analyze(planted()))
    expect(sentences[0]).toMatch(/^rate matters for p50 TPOT: 4 → 16: \+\d\d(\.\d)? % \[\+\d\d(\.\d)?, \+\d\d(\.\d)?\]; F\(2, 8\) = \d+(\.\d)?, p < 0\.0001, \d\d % of all variation\.$|^tp matters/)
    expect(sentences.find((s) => s.startsWith('tp × rate matters'))).toMatch(/what tp does depends on rate \(1 → 2: −2\d(\.\d)? % at rate 4; 1 → 2: −4\d(\.\d)? % at rate 16\); F\(2, 8\)/)
    expect(sentences.join('\n')).not.toMatch(/[{}#]|undefined|NaN/)
  })

  it('of factors that change only between stacks, each stood up once, get no interval and no p-value; that is said', () => {
    const results = analyze(planted({ stacks: 1, runs: 3 }))
    const effect = overallEffect(response(results), 'tp')
    expect(effect).toMatchObject({ interval: null })
    expect(said(results)[0]).toBe('tp changes only between stacks, and each of these was stood up once: what that does gets no interval and no p-value, since it cannot be told from the luck of a stand-up. Set design.replicates.stacks to 2 or more.')
    expect(effectTables(results)[0]?.rows[0]).toMatchObject({ term: 'tp', cells: [{ interval: '', p: '', shown: false }] })
    // What changes within a stack has its error, and is told.
    expect(matters(results, 'rate')).toBe(true)
  })

  it('of one configuration stood up several times take its stand-ups as blocks', () => {
    const r = random(3)
    const results = analyze(plainExperiment({ factors: [RATE, LENGTH], stacks: 3, values: ({ at: [rate = 0] }) => ({ tpot: 100 * Math.exp(0.3 * rate + 0.02 * r.normal()) }) }))
    expect(response(results).analysis.factorial?.strata.map((s) => [s.name, s.rows.map((row) => row.source)])).toEqual([['runs', ['#stack', 'rate', 'length', 'rate × length']]])
    expect(matters(results, 'rate')).toBe(true)
    expect(matters(results, 'length')).toBe(false)
  })

  it('where nothing is replicated are judged against each other', () => {
    const r = random(4)
    const factor = (name: string) => ({ name, path: `scenario.serving.args.${name}`, levels: ['off', 'on'] })
    const results = analyze(plainExperiment({
      factors: ['a', 'b', 'c', 'd'].map(factor), stacks: 1, values: ({ at: [a = 0, , c = 0] }) => ({ tpot: 100 * Math.exp(0.4 * a - 0.25 * c + 0.01 * r.normal()) }),
    }))
    const line = said(results).find((s) => s.startsWith('Nothing is replicated'))
    expect(line).toMatch(/the 15 effects on p50 TPOT are judged against each other \(Lenth\): a stands out for sure \(\+\d\d(\.\d)? %\) and c stands out for sure \(−2\d(\.\d)? %\)\.$/)
  })

  it.each<[string, Planted, string]>([
    ['a percentile from too few requests', { requests: 100, metric: 'ttft' }, 'Not analysed: p99 TTFT; 18 of 18 trials have too few requests for p99 (662 are needed).'],
    ['no difference', { tp: 0, rate: 0, both: 0, noise: 0.05, seed: 6 }, 'Nothing is shown to matter for p50 TPOT: tp (p = '],
  ])('of %s: %s', (_, change, text) => expect(said(analyze(planted(change))).join('\n')).toContain(text))

  it('of a response that is the same everywhere are not looked for', () => {
    const results = analyze(plainExperiment({ factors: [TP, RATE], values: () => ({ error_rate: 0 }) }))
    expect(said(results)).toEqual(['Not analysed: error rate; it is 0 % in all trials.'])
    expect(effectTables(results)).toEqual([])
  })

  it('of nothing varied are none', () => {
    const results = analyze(plainExperiment({ factors: [], values: () => ({ ttft: 1 }) }))
    expect([said(results), effectFigures(results, ENGLISH)]).toEqual([[], []])
  })

  it('are not looked for between what tools claim and what records show', () => {
    const input = planted()
    const claiming = (n: number) => analyze({ ...input, trials: input.trials.map((t, i) => ({ ...t, stages: t.stages.map((s) => ({ ...s, ...(i < n ? { claimed: ['tpot'] } : {}) })) })) })
    expect(said(claiming(9))).toEqual(['Not analysed: p50 TPOT; 9 of 18 trials have only what the tool claims, and the others what records show: two definitions.'])
    expect(matters(claiming(18), 'rate')).toBe(true)
  })

  it('name what the design cannot estimate', () => {
    const input = planted()
    const results = analyze({ ...input, trials: input.trials.filter((t) => !(t.treatment['tp'] === 2 && t.treatment['rate'] === 16)) })
    expect(said(results).join('\n')).toContain('Cannot be estimated: tp × rate (1 of its 2 degrees of freedom are lost: some combinations of levels were never run).')
    expect(chinese.ok && effectSentences(results).map(chinese.value.textOf).join('\n')).toContain('无法估计：tp × rate（2 个自由度中损失了 1 个：有些水平组合从未运行过）。')
  })

  it('say when trials are suspect before what they show', () => {
    const input = planted()
    const results = analyze({ ...input, trials: input.trials.map((t, i) => (i < 2 ? { ...t, verdict: { result: 'suspect' as const, reasons: [] } } : t)) })
    expect(said(results)[0]).toBe('Take care: 2 suspect among the 18 trials analysed here.')
  })
})

it('tables hold every term, and what no factor explains', () => {
  const [table] = effectTables(analyze(planted()))
  expect(table?.rows.map((r) => ENGLISH.textOf(r.term))).toEqual(['tp', 'rate', 'tp × rate', 'blocks', 'between stand-ups', 'between trials'])
  const shares = table?.rows.map((r) => Number(/([\d.]+)/.exec(r.cells[0]?.share ?? '')?.[1] ?? 0)) ?? []
  expect(shares.reduce((a, b) => a + b, 0)).toBeGreaterThan(98)
  expect(shares.reduce((a, b) => a + b, 0)).toBeLessThan(102)
})

it('figures: a map of words beside numbers, and none where words are too long for it', () => {
  const titles = (levels: readonly string[]) => effectFigures(analyze(plainExperiment({
    factors: [{ name: 'dtype', path: 'scenario.serving.args.dtype', levels: [...levels] }, { name: 'batch', path: 'workload.batch', levels: [8, 32] }], stacks: 3,
    values: ({ at: [a = 0, b = 0], time }) => ({ ttft: 100 * (1 + 0.3 * a + 0.5 * b) * (1 + 0.01 * Math.sin(97 * time)) }),
  })), ENGLISH).flatMap((e) => e.figures.map((f) => ENGLISH.textOf(f.title)))
  expect(titles(['fp8', 'bf16', 'fp16'])).toContain('dtype and batch (ms)')
  expect(titles(['fp8', 'bf16', 'a quantisation with a very long name'])).not.toContain('dtype and batch (ms)')
})

it('figures: main effects, the strongest pair, and a map of two numbers', () => {
  const [first] = effectFigures(analyze(planted()), ENGLISH)
  expect(first?.figures.map((f) => [ENGLISH.textOf(f.title), f.series])).toEqual([['Main effects', undefined], ['rate, by tp', ['tp=1', 'tp=2']], ['rate and tp (ms/token)', undefined]])
})

describe('simulated', () => {
  const many = (n: number, of: (seed: number) => boolean) => Array.from({ length: n }, (_, i) => of(1000 + i)).filter(Boolean).length / n

  it('a planted interaction is found, with drift and without', () => {
    expect(many(30, (seed) => matters(analyze(planted({ seed, both: -0.08 })), 'tp × rate'))).toBeGreaterThan(0.95)
    expect(many(30, (seed) => matters(analyze(planted({ seed, both: -0.08, drift: 0.2 })), 'tp × rate'))).toBeGreaterThan(0.9)
  })

  it('nothing planted is hardly ever found, whatever stand-ups and replicates have in common', () => {
    const nothing = { tp: 0, rate: 0, both: 0, luck: 0.05, shared: 0.05 }
    expect(many(80, (seed) => said(analyze(planted({ seed, ...nothing }))).some((s) => s.includes(' matters for p50 TPOT')))).toBeLessThan(0.09)
  }, 60_000)

  it('a drift of 20 % is named with its size, and taken for no effect', () => {
    const nothing = { tp: 0, rate: 0, both: 0, drift: 0.2, runs: 2 }
    expect(many(50, (seed) => said(analyze(planted({ seed, ...nothing }))).some((s) => s.startsWith('p50 TPOT drifted while it was measured: +')))).toBeGreaterThan(0.9)
    expect(many(50, (seed) => said(analyze(planted({ seed, ...nothing }))).some((s) => s.includes(' matters for p50 TPOT')))).toBeLessThan(0.1)
    const { drift } = response(analyze(planted({ drift: 0.2, stacks: 4, runs: 2 })))
    expect(drift?.change).toBeGreaterThan(1.14)
    expect(drift?.change).toBeLessThan(1.26)
  }, 60_000)

  it('what the drift did to an effect is told, and is about what the truth says', () => {
    const results = analyze(planted({ seed: 11, drift: 0.2, stacks: 4, runs: 2, luck: 0.002, shared: 0 }))
    expect(said(results)[0]).toMatch(/^p50 TPOT drifted .*\(p < 0\.0001 after Holm\); with that left in the effect of \w+ would be [−+]\d.* instead of [−+]\d.*\.$/)
    expect(said(results)[1]).toContain('what is shown was taken out of them')
    expect(response(results).drift).toMatchObject({ takenOut: true })
    const { moves } = response(results).drift ?? {}
    const truth = moves?.term === 'tp' ? -0.3 - 0.15 : 0.4 - 0.15
    expect(Math.abs((moves?.without ?? 0) - truth)).toBeLessThan(Math.abs((moves?.with ?? 0) - truth) + 0.005)
  })

  it('without drift none is named', () => {
    expect(many(400, (seed) => said(analyze(planted({ seed, shared: 0.05 }))).some((s) => s.includes(' drifted while ')))).toBeLessThan(0.09)
  }, 60_000)

  it('a drift moves the effects of every single Experiment by at most a quarter of what the listed order gives', () => {
    const estimates = (change: Planted) => {
      const found = response(analyze(planted({ tp: 0, rate: 0, both: 0, luck: 0, shared: 0, noise: 0.01, ...change })))
      return ['tp', 'rate'].map((term) => overallEffect(found, term)?.estimate ?? 0)
    }
    const moved = (change: Planted) => {
      const still = estimates(change)
      return estimates({ ...change, drift: 0.2 }).map((with_, k) => Math.abs(with_ - (still[k] as number)))
    }
    const listed = moved({ listed: true })
    expect(Math.min(...listed)).toBeGreaterThan(0.015)
    for (let seed = 500; seed < 530; seed++) moved({ seed }).forEach((size, k) => expect(size).toBeLessThan(0.25 * (listed[k] as number)))
  }, 60_000)

  it('a drift that is taken out leaves intervals that hold the truth', () => {
    const truths = { tp: -0.3, rate: 0.4 }
    const held = { tp: 0, rate: 0 }
    for (let seed = 1000; seed < 1150; seed++) {
      const found = response(analyze(planted({ seed, both: 0, drift: 0.2, luck: 0.02, shared: 0.01, noise: 0.02, stacks: 4 })))
      for (const term of ['tp', 'rate'] as const) {
        const { low = Infinity, high = -Infinity } = overallEffect(found, term)?.interval ?? {}
        held[term] += Number(low <= truths[term] && high >= truths[term])
      }
    }
    expect(Math.min(held.tp, held.rate) / 150).toBeGreaterThan(0.9)
  }, 60_000)

  it('in the listed order the report says that drift is mixed with the effects', () => {
    const results = analyze(planted({ listed: true, drift: 0.3, runs: 2, luck: 0.005, shared: 0 }))
    expect(said(results).join('\n')).toContain('Trials ran in the order in which they were listed, so that the drift is mixed with the effects')
    expect(said(results)[0]).toContain('with that taken out the effect of')
    expect(response(results).drift).toMatchObject({ takenOut: false })
  })
})
