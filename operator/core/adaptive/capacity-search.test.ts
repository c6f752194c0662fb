// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../stats/testdata/random.ts'
import { type SearchResult, type SearchRules, searchStep } from './capacity-search.ts'
import type { Probe } from './probe-verdict.ts'
import { batchServer, latencyServer, queueServer, type Server } from './testdata/servers.ts'

const RULES: SearchRules = { start: 8, lower: 1, upper: 64, whole: false, tolerance: 0.03, probes: 12, replicates: 2, maxReplicates: 6 }

interface Course { readonly result: SearchResult; readonly probes: readonly Probe[]; readonly asked: readonly number[] }

/** Asks until there is an answer; `trial` is the margin of one trial, or null where it is no evidence. */
function search(rules: SearchRules, trial: (load: number, run: number) => number | null): Course {
  const probes = new Map<number, (readonly [number] | null)[]>()
  const asked: number[] = []
  for (let steps = 0; steps < 1000; steps++) {
    const seen = [...probes].map(([load, trials]) => ({ load, trials }))
    const step = searchStep(rules, seen)
    if (step.kind === 'done') return { result: step.result, probes: seen, asked }
    const own = probes.get(step.load) ?? []
    if (own.length === 0) asked.push(step.load)
    for (const run of step.runs) {
      const margin = trial(step.load, run)
      own[run - 1] = margin === null ? null : [margin]
    }
    probes.set(step.load, own)
  }
  throw new Error('the search does not end')
}

const exactly = (knee: number) => (load: number) => knee - load

describe('a known knee', () => {
  const SEEDS = 200
  it.each<[string, Server]>([
    ['p99 latency with 3 % noise', latencyServer(32, 0.03)],
    ['p99 latency with 5 % noise', latencyServer(32, 0.05)],
    ['a batch limit with 5 % noise', batchServer(17.3, 0.05)],
    ['attainment of a queue, twenty minutes a trial', queueServer({ serviceRate: 32, bound: 0.5, seconds: 1200 })],
  ])('is found within ± 3 % in at most 12 probes, in 95 % of seeds: %s', (_, { knee, margin }) => {
    const seeds = margin.length > 1 && knee === 32 - Math.log(100) / 0.5 ? 40 : SEEDS
    const found = Array.from({ length: seeds }, (__, i) => {
      const luck = random(i + 1)
      return search(RULES, (load) => margin(load, luck)).result
    })
    expect(Math.max(...found.map((r) => r.probes))).toBeLessThanOrEqual(12)
    const near = found.filter(({ estimate }) => estimate !== null && Math.abs(estimate / knee - 1) <= 0.03).length
    expect(near / seeds).toBeGreaterThanOrEqual(0.95)
    const covered = found.filter(({ met, missed }) => met !== null && missed !== null && met <= knee && knee <= missed).length
    expect(covered / seeds).toBeGreaterThanOrEqual(0.8)
  })

  it('lies within the interval, which is as narrow as was asked, wherever it is, without noise', () => {
    fc.assert(fc.property(fc.double({ min: 1.1, max: 63, noNaN: true }), (knee) => {
      const { ending, met, missed, estimate, probes } = search(RULES, exactly(knee)).result
      expect(ending).toBe('found')
      expect(met).toBeLessThanOrEqual(knee)
      expect(missed).toBeGreaterThan(knee)
      expect((missed ?? 0) / (met ?? 1)).toBeLessThanOrEqual(1.03)
      expect(Math.abs((estimate ?? 0) / knee - 1)).toBeLessThanOrEqual(0.03)
      expect(probes).toBeLessThanOrEqual(12)
    }))
  })

  it('is exact to one where loads are whole numbers', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 63 }), (knee) => {
      expect(search({ ...RULES, whole: true, lower: 1, upper: 64 }, exactly(knee)).result).toMatchObject({ ending: 'found', met: knee, missed: knee + 1 })
    }))
  })
})

describe('ends', () => {
  it.each<[string, Partial<SearchRules>, (load: number, run: number) => number | null, Partial<SearchResult>]>([
    ['at the upper limit', {}, () => 1, { ending: 'aboveUpper', met: 64, missed: null, estimate: null }],
    ['at the lower limit', {}, () => -1, { ending: 'belowLower', met: null, missed: 1, estimate: null }],
    ['at one user where nothing works', { whole: true, lower: undefined }, () => -1, { ending: 'belowLower', missed: 1 }],
    ['when probes are used up on the way up', { upper: undefined, probes: 4 }, () => 1, { ending: 'unresolved', met: 64, missed: null, probes: 4 }],
    ['when probes are used up on the way down', { lower: undefined, probes: 4 }, () => -1, { ending: 'unresolved', met: null, missed: 1, probes: 4 }],
    ['when probes are used up within', { probes: 4 }, exactly(20), { ending: 'unresolved', met: 16, missed: 22.63, probes: 4 }],
    ['where no trial can be used', {}, () => null, { ending: 'insufficient', met: null, missed: null, probes: 2, unmeasured: [4, 8] }],
    ['where overload leaves no usable trial, which counts as not met', {}, (load) => (load > 20 ? null : 20 - load), { met: 19.87, missed: null, ending: 'unresolved' }],
    ['where a load cannot be told', { upper: 64, whole: true }, (load, run) => (load === 9 ? (run % 2 === 0 ? 1 : -1) : 9 - load), { met: 8, missed: 10, undecided: [9], ending: 'unresolved' }],
    ['with one trial of each load', { replicates: 1, maxReplicates: 1 }, exactly(20), { ending: 'found', trials: 8 }],
  ])('%s', (_, rules, trial, expected) => {
    expect(search({ ...RULES, ...rules }, trial).result).toMatchObject(expected)
  })

  it('names loads that met the objectives above one that did not', () => {
    const probes = [{ load: 8, trials: [[1], [1]] }, { load: 16, trials: [[-1], [-1]] }, { load: 32, trials: [[1], [1]] }]
    const step = searchStep({ ...RULES, probes: 3 }, probes)
    expect(step).toMatchObject({ kind: 'done', result: { met: 8, missed: 16, contradictions: [32] } })
  })

  it('estimates by the objective that is missed first', () => {
    const trials = (load: number) => [[100 - load, 20 - load], [100 - load, 20 - load]]
    const probes = [16, 19, 21, 32].map((load) => ({ load, trials: trials(load) }))
    const step = searchStep({ ...RULES, tolerance: 0.2 }, probes)
    expect(step).toMatchObject({ kind: 'done', result: { met: 19, missed: 21 } })
    expect(step.kind === 'done' ? step.result.estimate : null).toBeCloseTo(Math.sqrt(19 * 21), 10)
  })
})

describe('the next step', () => {
  const margins = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 100, maxLength: 100 })
  const rules = fc.record({ whole: fc.boolean(), replicates: fc.integer({ min: 1, max: 3 }), lower: fc.constantFrom(1, undefined), upper: fc.constantFrom(64, undefined) }).map((r) => ({ ...RULES, ...r }))

  it('follows from what was measured alone, in whatever order it is given, and waits for all trials that it asked for', () => {
    fc.assert(fc.property(rules, margins, fc.double({ min: 2, max: 60, noNaN: true }), (r, noise, knee) => {
      const trial = (load: number, run: number) => (run % 5 === 4 ? null : knee - load + (noise[Math.round(load * 7 + run) % noise.length] ?? 0))
      const probes = new Map<number, ((readonly [number]) | null | undefined)[]>()
      const seen = () => [...probes].map(([load, trials]) => ({ load, trials }))
      for (let steps = 0; steps < 200; steps++) {
        const step = searchStep(r, seen())
        expect(searchStep(r, seen().toReversed())).toEqual(step)
        if (step.kind === 'done') return
        const own = probes.get(step.load) ?? []
        probes.set(step.load, own)
        for (const [i, run] of step.runs.toReversed().entries()) {
          const margin = trial(step.load, run)
          own[run - 1] = margin === null ? null : [margin]
          const left = step.runs.slice(0, step.runs.length - i - 1)
          if (left.length > 0) expect(searchStep(r, seen())).toEqual({ kind: 'measure', load: step.load, runs: left })
        }
      }
      throw new Error('the search does not end')
    }))
  })

  it('stays between the limits, and within the probes and the trials of each', () => {
    fc.assert(fc.property(rules, margins, (r, noise) => {
      const { probes } = search(r, (load, run) => 30 - load + 10 * (noise[Math.round(load * 3 + run) % noise.length] ?? 0))
      expect(probes.length).toBeLessThanOrEqual(r.probes)
      for (const { load, trials } of probes) {
        expect(load).toBeGreaterThanOrEqual(r.lower ?? 0)
        expect(load).toBeLessThanOrEqual(r.upper ?? Number.POSITIVE_INFINITY)
        expect(trials.length).toBeLessThanOrEqual(r.maxReplicates)
        if (r.whole) expect(Number.isInteger(load)).toBe(true)
      }
    }))
  })

  it('measures a trial again that was deleted', () => {
    const step = searchStep(RULES, [{ load: 8, trials: [undefined, [1]] }])
    expect(step).toEqual({ kind: 'measure', load: 8, runs: [1] })
  })
})
