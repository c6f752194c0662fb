// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { random } from '../testdata/random.ts'
import { measureDifference } from './difference.ts'
import { noiseFloor } from './noise-floor.ts'
import { type Arm, armOf, compareMetrics, type MetricSamples, type Verdict, type VerdictKind } from './verdict.ts'

const arm = (...values: readonly number[]): Arm => ({ unit: 'stand-up', values })
const latency = (base: Arm, candidate: Arm, more: Partial<MetricSamples> = {}): MetricSamples => ({ name: 'ttft', base, candidate, better: 'lower', ...more })
const one = (metric: MetricSamples) => compareMetrics([metric])[0] as Verdict

describe('measureDifference chooses by what can answer', () => {
  const values = (n: number, from = 100) => ({ values: Array.from({ length: n }, (_, i) => from + i) })
  const blocked = (n: number, from = 100) => ({ ...values(n, from), blocks: Array.from({ length: n }, (_, i) => `day ${i}`) })
  it.each([
    ['four a side: ranks', values(4), values(4, 200), {}, 'Mann–Whitney (exact)'],
    ['three a side: Welch on logarithms', values(3), values(3, 200), {}, 'Welch on logarithms'],
    ['three against five: ranks reach 2 in 56', values(3), values(5, 200), {}, 'Mann–Whitney (exact)'],
    ['four a side and twenty metrics: ranks cannot pass Holm', values(4), values(4, 200), { family: 20 }, 'Welch on logarithms'],
    ['values below 0: no logarithms', values(3, -1), values(3, 5), {}, 'Welch'],
    ['six blocks with both', blocked(6), blocked(6, 200), {}, 'Wilcoxon signed rank within blocks (exact)'],
    ['four blocks with both', blocked(4), blocked(4, 200), {}, 'paired t within blocks on logarithms'],
    ['one block with both', { values: [1, 2, 3, 4], blocks: ['a', 'b', 'c', 'd'] }, { values: [5, 6, 7, 8], blocks: ['a', 'e', 'f', 'g'] }, {}, 'Mann–Whitney (exact)'],
    ['nothing moves', { values: [7, 7, 7] }, { values: [7, 7] }, {}, 'all values equal'],
  ])('%s', (...[, base, candidate, options, method]) => {
    const found = measureDifference(base, candidate, options)
    expect(found.method.startsWith(method), found.method).toBe(true)
    expect(found.because).not.toBe('')
  })

  it('says why it did not take ranks', () => {
    expect(measureDifference(values(3), values(3, 200)).because).toContain('cannot get below p = 0.10, and 0.050 is needed')
  })

  it('names blocks that only one side has', () => {
    const found = measureDifference({ values: [1, 2, 3], blocks: ['a', 'b', 'c'] }, { values: [2, 3, 4], blocks: ['a', 'b', 'z'] })
    expect(found).toMatchObject({ blocks: 2, notes: ['left out, since only one side was measured in them: blocks c, z'] })
  })

  it('takes the shift of blocks out: days that differ by half hide nothing', () => {
    const days = ['a', 'b', 'c', 'd', 'e']
    const level = [100, 150, 90, 200, 120]
    const [base, candidate] = [{ values: level, blocks: days }, { values: level.map((x, i) => x * (0.95 + 0.002 * i)), blocks: days }]
    expect(measureDifference(base, candidate).p).toBeLessThan(0.001)
    expect(measureDifference({ values: base.values }, { values: candidate.values }).p).toBeGreaterThan(0.5)
  })
})

describe('compareMetrics', () => {
  it.each<[string, VerdictKind, MetricSamples]>([
    ['lower latency', 'better', latency(arm(100, 102, 98, 101, 99), arm(80, 82, 79, 81, 83))],
    ['higher latency', 'worse', latency(arm(80, 82, 79, 81, 83), arm(100, 102, 98, 101, 99))],
    ['higher throughput', 'better', latency(arm(80, 82, 79, 81, 83), arm(100, 102, 98, 101, 99), { better: 'higher' })],
    ['within the margin', 'same', latency(arm(100, 101, 99, 100.5, 99.5), arm(100.2, 101, 99.1, 100.6, 99.4), { margin: { relative: 0.05 } })],
    ['different for sure, but within the margin', 'same', latency(arm(100, 100.1, 99.9, 100.05, 99.95), arm(101, 101.1, 100.9, 101.05, 100.95), { margin: { relative: 0.05 } })],
    ['no difference shown, and no margin', 'insufficient', latency(arm(100, 101, 99, 100.5, 99.5), arm(100.2, 101, 99.1, 100.6, 99.4))],
    ['wide intervals', 'insufficient', latency(arm(100, 140, 70, 120, 90), arm(105, 130, 80, 110, 95), { margin: { relative: 0.05 } })],
    ['the very same values', 'same', latency(arm(64, 64, 64), arm(64, 64, 64), { margin: { relative: 0.01 } })],
    ['one replicate', 'insufficient', latency(arm(100), arm(80))],
  ])('%s: %s', (_, verdict, metric) => expect(one(metric).verdict).toBe(verdict))

  it('takes a margin as it is meant: a share of the base, or the unit of the metric', () => {
    const [base, candidate] = [arm(0, 0.01, 0, 0.02, 0.01), arm(0.01, 0, 0.01, 0.01, 0.02)]
    // Of values with zeros there is no ratio: 5 % of a mean of 0.008 is next to nothing, 5 points are a lot.
    expect(one(latency(base, candidate, { margin: { relative: 0.05 } }))).toMatchObject({ verdict: 'insufficient', margin: { high: expect.closeTo(0.0004, 12) } })
    expect(one(latency(base, candidate, { margin: { absolute: 0.05 } }))).toMatchObject({ verdict: 'same', difference: { scale: 'difference' } })
    expect(one(latency(arm(100, 101, 99, 100), arm(102, 103, 101, 102), { margin: { absolute: 5 } }))).toMatchObject({ verdict: 'same', reason: expect.stringContaining('± 5') })
  })

  it('says how many more replicates would do: that many decide four times in five', () => {
    const found = one(latency(arm(100, 110, 90, 105, 95), arm(101, 108, 92, 104, 96), { margin: { relative: 0.05 } }))
    expect(found.moreReplicates).toBeGreaterThan(20)
    const n = 5 + (found.moreReplicates as number)
    const r = random(3)
    let decided = 0
    const sd = found.difference.sd as number
    for (let i = 0; i < 100; i++) {
      const draw = (shift: number) => Array.from({ length: n }, () => 100 * Math.exp(shift + sd * r.normal()))
      decided += Number(one(latency(arm(...draw(0)), arm(...draw(i % 2 === 0 ? 0 : Math.log(1.05))), { margin: { relative: 0.05 } })).verdict === (i % 2 === 0 ? 'same' : 'worse'))
    }
    expect(decided / 100).toBeGreaterThan(0.72)
  })

  it('of one stand-up each says nothing, unless both ran on the same', () => {
    const runs = (from: number): Arm => armOf([[from, from + 1, from + 2, from + 3, from + 4]])
    expect(one(latency(runs(100), runs(50)))).toMatchObject({ verdict: 'insufficient', p: null, reason: expect.stringContaining('each side was stood up once') })
    expect(one(latency(armOf([[1, 2], [3, 4], [2, 3], [1, 3]]), runs(50))).reason).toContain('the candidate was stood up once')
    expect(compareMetrics([latency(runs(100), runs(50))], { sameStandUp: true })[0]?.verdict).toBe('better')
  })

  it('counts what was asked and could not be tested: it does not make the rest easier', () => {
    const [base, candidate] = [arm(100, 104, 98, 101), arm(110, 106, 113, 108)]
    const alone = one(latency(base, candidate))
    expect(alone).toMatchObject({ verdict: 'worse', p: expect.closeTo(2 / 70, 12) })
    const both = compareMetrics([latency(base, candidate), latency(armOf([[1, 2, 3]]), armOf([[7, 8, 9]]))])
    expect(both[0]?.difference.method).toBe('Welch on logarithms')
    expect(both[0]?.p).toBeCloseTo(2 * (both[0]?.difference.p as number), 12)
  })

  it('takes stand-ups as units: many runs on two of them do not make it sure', () => {
    const stacks = (level: number) => armOf([Array.from({ length: 50 }, (_, i) => level + (i % 5)), Array.from({ length: 50 }, (_, i) => level + 30 + (i % 5))])
    expect(stacks(100)).toEqual({ unit: 'stand-up', values: [102, 132] })
    expect(one(latency(stacks(100), stacks(120))).verdict).toBe('insufficient')
  })

  it('keeps the block of each stand-up', () => expect(armOf([[1, 3], [], [5]], ['a', 'b', 'c'])).toEqual({ unit: 'stand-up', values: [2, 5], blocks: ['a', 'c'] }))
})

describe('A/A: 1,000 comparisons of twenty metrics of the very same thing', () => {
  it.each([['five a side, by Welch', 5, 600], ['eight a side, by ranks', 8, 400]])('%s: at most 5 %% ± 1.5 %% say better or worse anywhere', (_, n, pairs) => {
    const r = random(n)
    let alarms = 0
    for (let pair = 0; pair < pairs; pair++) {
      const metrics = Array.from({ length: 20 }, (_v, m): MetricSamples => {
        const draw = () => arm(...Array.from({ length: n }, () => 50 * Math.exp((0.02 + 0.01 * m) * r.normal())))
        return { name: String(m), base: draw(), candidate: draw(), better: 'lower', margin: { relative: 0.02 } }
      })
      alarms += Number(compareMetrics(metrics).some((v) => v.verdict === 'better' || v.verdict === 'worse'))
    }
    expect(alarms / pairs).toBeLessThan(0.065)
  }, 30_000)

  it('calls a shift of the margin the same in at most 5 of 100', () => {
    const r = random(9)
    let same = 0
    for (let i = 0; i < 1000; i++) {
      const draw = (shift: number) => arm(...Array.from({ length: 8 }, () => 100 * Math.exp(shift + 0.03 * r.normal())))
      same += Number(one(latency(draw(0), draw(Math.log(1.05)), { margin: { relative: 0.05 } })).verdict === 'same')
    }
    expect(same / 1000).toBeLessThan(0.065)
  })
})

describe('noiseFloor', () => {
  it('is the distance that two runs of one thing keep within, 95 times in 100', () => {
    const r = random(6)
    const groups = Array.from({ length: 12 }, (_, g) => Array.from({ length: 4 }, () => (50 + 20 * g) * Math.exp(0.03 * r.normal())))
    const found = noiseFloor(groups)
    expect(found).toMatchObject({ scale: 'ratio', df: 36 })
    expect(found?.sdLow).toBeLessThan(0.03)
    expect(found?.sdHigh).toBeGreaterThan(0.03)
    let within = 0
    for (let i = 0; i < 2000; i++) within += Number(Math.abs(0.03 * r.normal() - 0.03 * r.normal()) <= Math.log1p(found?.floor as number))
    expect(within / 2000).toBeGreaterThan(0.9)
    expect(within / 2000).toBeLessThan(0.99)
    expect(noiseFloor(groups, { replicates: 4 })?.floor).toBeLessThan((found?.floor as number) / 1.9)
  })
  it('without replicates is unknown; of values around 0 it is a difference', () => {
    expect(noiseFloor([[1], [2]])).toBeNull()
    expect(noiseFloor([[-1, 1], [0, 2]])).toMatchObject({ scale: 'difference', sd: expect.closeTo(Math.SQRT2, 12) })
  })
})
