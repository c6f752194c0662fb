// SPDX-License-Identifier: Apache-2.0
// References: R 4.2, nortest::ad.test, car::leveneTest and car::outlierTest of lm(breaks ~ wool * tension, warpbreaks).
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { mean } from '../summary.ts'
import { andersonDarling } from './anderson-darling.ts'
import { brownForsythe } from './brown-forsythe.ts'
import { checkResiduals } from './residual-checks.ts'

const WARPBREAKS = [
  [26, 30, 54, 25, 70, 52, 51, 26, 67], [18, 21, 29, 17, 12, 18, 35, 30, 36], [36, 21, 24, 18, 10, 43, 28, 15, 26],
  [27, 14, 29, 19, 29, 31, 41, 20, 44], [42, 26, 19, 16, 39, 28, 21, 39, 29], [20, 21, 24, 17, 13, 15, 15, 16, 28],
]
const residuals = WARPBREAKS.flatMap((g) => g.map((x) => x - (mean(g) as number)))
const checks = checkResiduals({ residuals, leverages: residuals.map(() => 1 / 9), df: 48, groups: WARPBREAKS.flatMap((g, i) => g.map(() => i)), groupsAre: 'treatments' })
const check = (assumption: string) => checks.find((c) => c.assumption === assumption)

describe('checkResiduals', () => {
  it('tests for normality as Anderson and Darling', () => {
    expect(andersonDarling(residuals)?.statistic).toBeCloseTo(0.164_209_291_461_7, 10)
    expect(check('normal residuals')?.p).toBeCloseTo(0.938_908_583_575, 9)
    const other = andersonDarling([9.6, 10.4, 13, 15, 16.6, 17.2, 17.3, 21.8, 24, 26.9, 33.8])
    expect(other?.statistic).toBeCloseTo(0.288_894_200_267_263, 11)
    expect(other?.p).toBeCloseTo(0.546_105_787_174_594, 11)
  })

  it('tests for equal spread as Brown and Forsythe', () => {
    expect(check('equal spread')).toMatchObject({ verdict: 'doubt', p: expect.closeTo(0.023_218, 6) })
    expect(brownForsythe(WARPBREAKS)?.f).toBeCloseTo(2.890_98, 5)
  })

  it('finds the largest studentised residual', () => {
    expect(check('no outlier')).toMatchObject({ verdict: 'no doubt', p: expect.closeTo(0.6502, 4), detail: 'run 5, 2.61 deviations' })
  })

  it('finds a drift and runs that are like their neighbours', () => {
    const drifting = residuals.map((r, i) => r * 0.3 + i * 0.5)
    const found = checkResiduals({ residuals: drifting, leverages: residuals.map(() => 0), df: 53, groups: residuals.map(() => 0), groupsAre: 'groups' })
    expect(found.find((c) => c.assumption === 'no trend over the order of runs')).toMatchObject({ verdict: 'doubt', detail: expect.stringContaining('drift') })
    expect(found.find((c) => c.assumption === 'neighbouring runs independent')?.verdict).toBe('doubt')
    expect(found.find((c) => c.assumption === 'equal spread')?.verdict).toBe('cannot be checked')
  })

  it('says what too few residuals cannot say', () => {
    const few = checkResiduals({ residuals: [1, -1, 1, -1], leverages: [0.5, 0.5, 0.5, 0.5], df: 2, groups: [0, 0, 1, 1], groupsAre: 'groups' })
    expect(few.map((c) => c.verdict)).toEqual(Array.from({ length: 5 }, () => 'cannot be checked'))
  })

  it('raises each doubt in about 5 of 100 steady experiments', () => {
    const rng = xoroshiro128plus(77)
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(rng))) * Math.cos(2 * Math.PI * uniformFloat64(rng))
    const experiments = 1000
    const doubts = new Map<string, number>()
    for (let i = 0; i < experiments; i++) {
      const values = Array.from({ length: 24 }, normal)
      const centre = mean(values) as number
      for (const c of checkResiduals({ residuals: values.map((v) => v - centre), leverages: values.map(() => 1 / 24), df: 23, groups: values.map((_, k) => k % 3), groupsAre: 'groups' })) {
        doubts.set(c.assumption, (doubts.get(c.assumption) ?? 0) + Number(c.verdict === 'doubt'))
      }
    }
    for (const count of doubts.values()) expect(count / experiments).toBeLessThan(0.07)
    expect((doubts.get('normal residuals') ?? 0) / experiments).toBeGreaterThan(0.03)
    expect((doubts.get('neighbouring runs independent') ?? 0) / experiments).toBeGreaterThan(0.03)
  })
})
