// SPDX-License-Identifier: Apache-2.0
// Reference: annual flow of the Nile 1871-1970 (Cobb 1978, Biometrika 65): one change after 1898, means 1097.75 and 849.97, its place between
// 1895 and 1902 at 95 % (Zeileis et al. 2003, Computational Statistics & Data Analysis 44).
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../testdata/random.ts'
import { canDecide, cutLevels } from './levels.ts'
import { scanLevels } from './level-scan.ts'

const NILE = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100,
  774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
  781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906,
  901, 1170, 912, 746, 919, 718, 714, 740,
]
const r = random(17)
const noise = (n: number, level: (i: number) => number = () => 0) => Array.from({ length: n }, (_, i) => r.normal() + level(i))
const shape = (values: readonly number[], alpha = 0.005) => cutLevels(values, { alpha, seed: 1 }).pieces.map((p) => p.kind).join(' ')

describe('cutLevels', () => {
  it('finds the change of the Nile where it is published', () => {
    const { pieces, cuts } = cutLevels(NILE, { alpha: 0.05, seed: 1 })
    expect(pieces).toEqual([{ kind: 'level', from: 0, to: 28 }, { kind: 'level', from: 28, to: 100 }])
    expect(Math.abs((cuts[0]?.earliest ?? 0) - 25)).toBeLessThanOrEqual(1)
    expect(Math.abs((cuts[0]?.latest ?? 0) - 32)).toBeLessThanOrEqual(1)
  })

  it.each<[string, number, () => number]>([
    ['normal noise', 0.05, r.normal],
    ['normal noise at another rate', 0.2, r.normal],
    ['noise with wild outliers', 0.05, () => r.normal() * (r.uniform() < 0.1 ? 20 : 1)],
    ['skewed noise', 0.05, () => Math.exp(1.5 * r.normal())],
  ])('raises false alarms on steady %s at the rate that was asked for, %d', (_, alpha, draw) => {
    let alarms = 0
    const runs = 600
    for (let i = 0; i < runs; i++) alarms += Number(cutLevels(Array.from({ length: 24 }, draw), { alpha, seed: i }).pieces.some((p, __, all) => all.length > 1 || p.kind === 'drift'))
    // Four standard errors above the rate; and not so far below that the test would do nothing.
    expect(alarms / runs).toBeLessThan(alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / runs))
    expect(alarms / runs).toBeGreaterThan(alpha / 5)
  })

  it.each<[string, number, (i: number) => number, readonly number[]]>([
    ['up by four deviations', 50, (i) => (i < 30 ? 0 : 4), [30]],
    ['down', 50, (i) => (i < 12 ? 0 : -4), [12]],
    ['a stretch that came and went', 66, (i) => (i >= 30 && i < 38 ? 5 : 0), [30, 38]],
    ['a staircase', 60, (i) => 6 * Math.floor(i / 20), [20, 40]],
    ['so recent that only four runs have it', 40, (i) => (i < 36 ? 0 : 6), [36]],
  ])('finds a level that goes %s', (_, n, level, expected) => {
    const { cuts } = cutLevels(noise(n, level), { alpha: 0.005, seed: 1 })
    expect(cuts).toHaveLength(expected.length)
    cuts.forEach((cut, i) => {
      expect(Math.abs(cut.at - (expected[i] as number))).toBeLessThanOrEqual(1)
      expect(cut.earliest).toBeLessThanOrEqual(expected[i] as number)
      expect(cut.latest).toBeGreaterThanOrEqual(expected[i] as number)
    })
  })

  it('calls a slow drift a drift and not many steps', () => {
    let drifts = 0
    for (let i = 0; i < 40; i++) drifts += Number(shape(noise(60, (k) => k / 10)) === 'drift')
    expect(drifts).toBeGreaterThanOrEqual(34)
  })

  it('takes an outlier for no level, wherever and however far it is', () => {
    const steady = random(5)
    const values = Array.from({ length: 40 }, () => steady.normal())
    fc.assert(fc.property(fc.integer({ min: 0, max: 39 }), fc.double({ min: 10, max: 1e6, noNaN: true }), (at, far) => {
      expect(shape(values.map((x, i) => (i === at ? far : x)))).toBe('level')
    }), { numRuns: 30, seed: 1 })
  })

  it('sees a shift past an outlier', () => expect(shape(noise(40, (i) => (i === 9 ? 500 : i < 20 ? 0 : 5)))).toBe('level level'))
  it('finds the same whatever the unit, and mirrored in time', () => {
    const values = noise(40, (i) => (i < 25 ? 0 : 5))
    const at = (v: readonly number[]) => cutLevels(v, { alpha: 0.005, seed: 1 }).cuts.map((c) => c.at)
    expect(at(values.map((x) => 3e6 * x - 1e9))).toEqual(at(values))
    expect(at(values.toReversed())).toEqual(at(values).map((cut) => 40 - cut))
  })
  it('of equal values says that they are equal', () => expect(cutLevels(Array.from({ length: 30 }, () => 0.1 + 0.2), { alpha: 0.05, seed: 1 }).pieces).toHaveLength(1))
  it('covers the place of a shift as often as it says', () => {
    let covered = 0
    let found = 0
    for (let i = 0; i < 150; i++) {
      const [cut] = cutLevels(noise(40, (k) => (k < 20 ? 0 : 2)), { alpha: 0.05, seed: i }).cuts
      if (cut === undefined) continue
      found++
      covered += Number(cut.earliest <= 20 && cut.latest >= 20)
    }
    expect(found).toBeGreaterThan(130)
    expect(covered / found).toBeGreaterThan(0.88)
  })
})

it.each([[7, 0.05, false], [8, 0.05, true], [9, 0.001, false], [16, 0.001, true]])('%d values at a rate of %d can decide: %s', (n, alpha, expected) => {
  expect(canDecide(n, { alpha, seed: 1 })).toBe(expected)
})

it('scans the same values the same way twice, and of five values says nothing', () => {
  const values = noise(30)
  expect(scanLevels(values, { alpha: 0.05, seed: 3 })).toEqual(scanLevels(values, { alpha: 0.05, seed: 3 }))
  expect(scanLevels([1, 2, 3, 4, 5], { alpha: 0.05, seed: 3 })).toBeNull()
})
