// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { random, shuffled } from '../testdata/random.ts'
import { mainEffects } from './effects.ts'
import { analyzeStrata, errorDeviations, type Stratum } from './strata.ts'
import { analyzeStratum } from './stratum.ts'
import { type Factor, countColumns, modelTerms } from './terms.ts'

interface Run { readonly stack: number; readonly tp: number; readonly rate: number; readonly y: number }
const factor = (name: string, codes: readonly number[]): Factor => ({ name, levels: [...new Set(codes)].sort((a, b) => a - b).map(String), codes })

/** Split plots: six stand-ups, three of each configuration, with their own luck; four loads on each. */
function splitPlot({ normal }: ReturnType<typeof random>, { stackSd = 2, runSd = 1, tp = 0, rate = 0, both = 0 } = {}): Run[] {
  return Array.from({ length: 6 }, (_, stack) => {
    const luck = stackSd * normal()
    return [0, 1, 2, 3].map((load) => ({ stack, tp: stack % 2, rate: load, y: 100 + tp * (stack % 2) + rate * load + both * (stack % 2) * load + luck + runSd * normal() }))
  }).flat()
}

function analyse(runs: readonly Run[], split = true): readonly Stratum[] {
  const terms = modelTerms([factor('tp', runs.map((r) => r.tp)), factor('rate', runs.map((r) => r.rate))], 2)
  return analyzeStrata({ y: runs.map((r) => r.y), terms, blocks: [], wholePlots: split ? factor('stack', runs.map((r) => r.stack)) : undefined, sums: 'hierarchical' })
}
const pOf = (strata: readonly Stratum[], term: string) => strata.flatMap((s) => s.fit.terms).find((t) => t.term === term && t.df > 0)?.p ?? 1

describe('split plots', () => {
  it('put every term where it varies, and their sums of squares add up to the total', () => {
    const runs = splitPlot(random(1), { tp: 5, rate: 2, both: 1 })
    const strata = analyse(runs)
    expect(strata.map((s) => [s.name, s.fit.terms.filter((t) => t.df > 0).map((t) => t.term), s.fit.error.df])).toEqual([['whole plots', ['tp'], 4], ['runs', ['rate', 'tp × rate'], 12]])
    const squares = strata.map((s) => s.runsPerUnit * (s.fit.error.sumOfSquares + s.fit.terms.reduce((total, t) => total + t.sumOfSquares, 0))).reduce((a, b) => a + b, 0)
    const mean = runs.reduce((total, r) => total + r.y, 0) / runs.length
    expect(squares).toBeCloseTo(runs.reduce((total, r) => total + (r.y - mean) ** 2, 0), 8)
  })

  it('find no setup effect that is not there, which an analysis of all runs does (1,000 experiments)', () => {
    const r = random(2)
    const count = { split: 0, flat: 0, rate: 0 }
    for (let i = 0; i < 1000; i++) {
      const runs = splitPlot(r)
      const strata = analyse(runs)
      count.split += Number(pOf(strata, 'tp') <= 0.05)
      count.rate += Number(pOf(strata, 'rate') <= 0.05)
      count.flat += Number(pOf(analyse(runs, false), 'tp') <= 0.05)
    }
    expect(count.split / 1000).toBeGreaterThan(0.03)
    expect(count.split / 1000).toBeLessThan(0.07)
    expect(count.rate / 1000).toBeGreaterThan(0.03)
    expect(count.rate / 1000).toBeLessThan(0.07)
    expect(count.flat / 1000).toBeGreaterThan(0.25)
  })

  it('give a planted interaction and its right error', () => {
    const strata = analyse(splitPlot(random(5), { both: 3 }))
    expect(pOf(strata, 'tp × rate')).toBeLessThan(0.001)
    expect(errorDeviations(strata).runs).toBeGreaterThan(0.5)
    expect(errorDeviations(strata).runs).toBeLessThan(1.6)
  })

  it('hold when runs are lost: runs are judged within stand-ups, stand-ups by what is left of them', () => {
    const r = random(6)
    const all = splitPlot(r, { rate: 10 })
    const lost = all.filter((_, i) => ![0, 7, 13, 14].includes(i))
    const [plots, within] = analyse(lost) as [Stratum, Stratum]
    // The same as a model with a level for each stand-up, whatever was lost.
    const terms = modelTerms([factor('tp', lost.map((x) => x.tp)), factor('rate', lost.map((x) => x.rate))], 2)
    const stand = modelTerms([factor('stack', lost.map((x) => x.stack))], 1)
    const flat = analyzeStratum({ y: lost.map((x) => x.y), nuisances: stand, terms, sums: 'hierarchical' })
    expect(within.fit.terms.find((t) => t.term === 'rate')?.f).toBeCloseTo(flat.terms.find((t) => t.term === 'rate')?.f ?? 0, 8)
    // Stand-ups that lost their low loads do not look slow: the effect of the load is taken out of their means.
    const effect = mainEffects(plots, factor('tp', lost.map((x) => x.tp)))[0]
    const whole = mainEffects(analyse(all)[0] as Stratum, factor('tp', all.map((x) => x.tp)))[0]
    expect(Math.abs((effect?.estimate ?? 0) - (whole?.estimate ?? 0))).toBeLessThan(1.5)
    expect(plots.fit.error.df).toBe(4)
  })

  it('give no test where each configuration was stood up once', () => {
    const strata = analyse(splitPlot(random(7)).filter((run) => run.stack < 2))
    expect(strata[0]?.fit.error.df).toBe(0)
    expect(strata[0]?.fit.terms[0]?.p).toBeNull()
    expect(mainEffects(strata[0] as Stratum, { name: 'tp', levels: ['0', '1'], codes: [] })[0]?.interval).toBeNull()
  })
})

describe('drift of +20 % over the run', () => {
  // Four configurations, eight replicates: as listed all runs of one after the other; else each replicate a block in random order.
  const effects = [0, 4, 8, 12]
  const replicates = 8
  const estimate = (order: readonly { readonly level: number; readonly block: number }[], drift: number) => {
    const y = order.map(({ level }, i) => (100 + (effects[level] as number)) * (1 + (drift * i) / (order.length - 1)))
    const config = factor('config', order.map((o) => o.level))
    const [stratum] = analyzeStrata({ y, terms: modelTerms([config], 1), blocks: [factor('block', order.map((o) => o.block))], sums: 'hierarchical' }) as [Stratum]
    const coefficients = (stratum.fit.places.get('config') as readonly number[]).map((place) => stratum.fit.fit.coefficients[place] as number)
    // Against the first level, whose effect is minus the sum of the others'.
    return coefficients.map((b) => b + coefficients.reduce((total, x) => total + x, 0))
  }
  const listed = effects.flatMap((_, level) => Array.from({ length: replicates }, (_v, block) => ({ level, block })))

  it('moves effects by at most a quarter of what the listed order gives, in 50 of 50 random orders of blocks', () => {
    const moved = (order: typeof listed) => {
      const [with20, without] = [estimate(order, 0.2), estimate(order, 0)]
      return Math.max(...with20.map((x, i) => Math.abs(x - (without[i] as number))))
    }
    const worst = moved(listed)
    expect(worst).toBeGreaterThan(14)
    for (let seed = 0; seed < 50; seed++) {
      const r = random(seed)
      const blocked = Array.from({ length: replicates }, (_, block) => shuffled(effects.map((_v, level) => ({ level, block })), r)).flat()
      expect(moved(blocked)).toBeLessThan(worst / 4)
    }
  })
})

it('counts the columns of a model before it makes them', () => {
  const factors = [factor('a', [0, 1, 2]), factor('b', [0, 1, 0]), factor('c', [0, 1, 2])]
  for (const order of [1, 2, 3]) expect(countColumns([3, 2, 3], order)).toBe(modelTerms(factors, order).reduce((total, t) => total + t.columns.length, 0))
})
