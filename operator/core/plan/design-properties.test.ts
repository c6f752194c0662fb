// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sobolPoints } from '../design/sobol.ts'
import { designProperties } from './design-properties.ts'
import { factorize, gramMatrix, solve, varianceOf } from './gram.ts'
import { spaceQuality } from './space-quality.ts'
import { experimentSpec, planned, RATE, TP, tryPlan } from './testdata/example.ts'

const LETTERS = 'abcdefghjkl'.split('')
/** So many run factors of two levels. */
const runFactors = (count: number, levels: readonly unknown[] = [1, 3]) => LETTERS.slice(0, count).map((name) => ({ name, path: `workload.api.extraBody.${name}`, levels }))
const ranges = (count: number) => LETTERS.slice(0, count).map((name) => ({ name, path: `workload.api.extraBody.${name}`, low: 0, high: 10 }))
const setupFactors = (count: number) => LETTERS.slice(0, count).map((name) => ({ name, path: `scenario.serving.args.${name}`, levels: [1, 3] }))
const planOf = (design: object) => planned(experimentSpec({}, { fullFactorial: undefined, ...design }))
const properties = (design: object, effect?: number) => designProperties(planOf(design), effect)
const refusals = (design: object) => {
  const result = tryPlan(experimentSpec({}, { fullFactorial: undefined, ...design }))
  return result.ok ? [] : result.problems
}
const aliases = (design: object) => properties(design).aliases.map((row) => `${row.effect}=${row.with.map((w) => `${w.weight === 1 ? '' : `${w.weight} `}${w.effect}`).join('=')}`)

describe('a fraction', () => {
  it('has its generators, words, resolution and aliases', () => {
    const found = properties({ fractionalFactorial: { factors: runFactors(7), runs: 8 } })
    expect(found).toMatchObject({
      title: 'fractional factorial 2^(7-4), resolution III, of minimum aberration', runs: 8, distinct: 8, combinations: 128,
      fraction: { resolution: 'III', generators: ['D=AB', 'E=AC', 'F=BC', 'G=ABC'], words: 15, wordLengths: [7, 7, 0, 0, 1] },
      dEfficiency: { model: 'main effects' },
    })
    expect(found.dEfficiency?.percent).toBeCloseTo(100, 9)
    expect(found.letters.slice(0, 2)).toEqual([{ letter: 'A', factor: 'a' }, { letter: 'B', factor: 'b' }])
    expect(found.notEstimable).toEqual(['21 of 21 two-factor interactions apart from main effects', 'curvature of a, b, c, d, e, f and 1 more: two levels draw a straight line (centerPoints shows whether it holds)'])
  })

  it.each([
    [{ factors: runFactors(4), generators: ['D=ABC'] }, ['a:b=c:d', 'a:c=b:d', 'a:d=b:c']],
    [{ factors: runFactors(4), generators: ['D=-ABC'] }, ['a:b=-1 c:d', 'a:c=-1 b:d', 'a:d=-1 b:c']],
    [{ factors: runFactors(5), generators: ['E=ABCD'] }, []],
    [{ factors: runFactors(3), generators: ['C=AB'] }, ['a=b:c', 'b=a:c', 'c=a:b']],
    [{ factors: runFactors(3), generators: ['C=AB'], foldover: {} }, []],
  ])('of %j has these aliases', (fractionalFactorial, expected) => {
    expect(aliases({ fractionalFactorial })).toEqual(expected)
  })

  it('names the interactions that are clear', () => {
    expect(properties({ fractionalFactorial: { factors: runFactors(6), generators: ['E=ABC', 'F=ABD'] } }).notEstimable[0]).toBe('15 of 15 two-factor interactions apart from each other')
    expect(properties({ fractionalFactorial: { factors: runFactors(7), runs: 32 } }).notEstimable.slice(0, 2)).toEqual(['6 of 21 two-factor interactions apart from each other', '(clear of both: a:b, a:c, a:d, a:e, a:f, a:g and 9 more)'])
  })

  it('of as many factors as there may be is looked at without making what would fill the memory', () => {
    const many = Array.from({ length: 32 }, (_, i) => ({ name: `f${i}`, path: `workload.api.extraBody.f${i}`, levels: ['x', 'y'] }))
    expect(properties({ fractionalFactorial: { factors: many, runs: 64 } })).toMatchObject({ runs: 64, combinations: 2 ** 32, fraction: { resolution: 'IV', words: 2 ** 26 - 1, definingRelation: null } })
    expect(refusals({ fractionalFactorial: { factors: [...many.slice(1), { ...RATE, levels: [1, 3] }], runs: 64, centerPoints: 1 } })).toContainEqual(expect.objectContaining({ reason: 'TooManyTrials', path: 'spec.design.fractionalFactorial.centerPoints', found: '2,147,483,648' }))
    const levels = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
    expect(properties({ fullFactorial: { factors: [{ ...RATE, levels: levels(400) }, { name: 'n', path: 'workload.data.synthetic.output.fixed', levels: levels(20) }] } })).toMatchObject({ runs: 8000, notEstimable: [], strata: [{ df: { model: null, lackOfFit: null } }] })
  })

  it('that constraints thin out is looked at by its numbers', () => {
    const thin = properties({ fractionalFactorial: { factors: runFactors(4), generators: ['D=ABC'] }, constraints: ['!(a == 3 && b == 3 && c == 3)'] })
    expect(thin).toMatchObject({ runs: 7, aliases: expect.arrayContaining([expect.objectContaining({ effect: 'a' })]) as unknown })
    expect(thin.notEstimable[0]).toMatch(/a combination of other effects in this design$/)
    expect(thin.dEfficiency).toBeUndefined()
  })

  it('with a centre has curvature, and does not know whose', () => {
    const found = properties({ fullFactorial: { factors: runFactors(2), centerPoints: 4 } })
    expect(found).toMatchObject({ runs: 8, distinct: 5, title: 'full factorial 2^2' })
    expect(found.notEstimable).toEqual(['which factor a curvature belongs to: centre points show only that there is one (a centralComposite tells)'])
  })

  it('in blocks says what they hide', () => {
    const found = properties({ fullFactorial: { factors: runFactors(3) }, blocks: { count: 2 } })
    expect(found.blocks).toEqual({ count: 2, confounded: ['ABC'] })
    for (const centerPoints of [1, 2]) {
      const centred = planOf({ fullFactorial: { factors: runFactors(3), centerPoints }, blocks: { count: 2 }, replicates: { stacks: 2 } })
      expect(centred.treatments.at(-1)?.repeats).toEqual([centerPoints, centerPoints])
      expect(centred.trials).toHaveLength((8 + 2 * centerPoints) * 2)
      expect(centred.stacks).toHaveLength(4)
    }
    const four = properties({ fullFactorial: { factors: runFactors(3) }, blocks: { count: 4, generators: ['AB', 'AC'] } })
    expect(four.blocks?.confounded).toEqual(['a:b', 'b:c', 'a:c'])
    expect(four.notEstimable).toContain('a:b, b:c, a:c: confounded with blocks')
  })
})

describe('Plackett–Burman', () => {
  // Every main effect has a third of each interaction that it is not in: known since 1946.
  it('of 12 runs and 11 factors spreads each interaction by thirds over nine main effects', () => {
    const found = properties({ plackettBurman: { factors: runFactors(11) } })
    expect(found.title).toBe('Plackett–Burman, 12 runs of 11 factors')
    expect(found.aliases).toHaveLength(11)
    for (const row of found.aliases) {
      expect(row.with).toHaveLength(45)
      expect(row.with.every(({ effect, weight }) => Math.abs(Math.abs(weight) - 1 / 3) < 1e-5 && !effect.split(':').includes(row.effect))).toBe(true)
    }
    expect(found.dEfficiency?.percent).toBeCloseTo(100, 9)
  })

  it('folded over frees main effects', () => {
    expect(properties({ plackettBurman: { factors: runFactors(11), foldover: {} } })).toMatchObject({ aliases: [], runs: 24 })
  })
})

describe('other designs', () => {
  it('have names and what they cannot tell', () => {
    expect(properties({ fullFactorial: { factors: [TP, RATE] } })).toMatchObject({ title: 'full factorial 2 × 2', combinations: 4, aliases: [], dEfficiency: { model: 'main effects and two-factor interactions' } })
    expect(properties({ oneFactorAtATime: { factors: [TP, RATE] } }).notEstimable[0]).toContain('interactions: factors are never changed together')
    expect(properties({ treatments: [{ name: 'a', set: { [RATE.path]: 1, [TP.path]: 1 } }, { name: 'b', set: { [RATE.path]: 2, [TP.path]: 2 } }], replicates: { stacks: 2 } }).notEstimable[0]).toBe('tensor, rate:tensor: a combination of other effects in this design')
  })

  it('of curved responses estimate the whole quadratic model', () => {
    const composite = properties({ centralComposite: { factors: ranges(3), inscribed: true } })
    expect(composite).toMatchObject({ title: 'central composite: 8 corners, 6 axial points, 5 × the centre', runs: 19, distinct: 15, notEstimable: [], dEfficiency: { model: 'main effects, two-factor interactions and squares' } })
    expect(composite.axialDistance).toBeCloseTo(1.6818, 4)
    expect(properties({ boxBehnken: { factors: ranges(4) } })).toMatchObject({ title: 'Box–Behnken of 4 factors: 24 edge points, 3 × the centre', runs: 27, notEstimable: [] })
  })

  it('that fill space say how evenly', () => {
    const latin = properties({ latinHypercube: { factors: ranges(2), points: 10 } })
    expect(latin.title).toBe('Latin hypercube of 10 points, moved apart')
    expect(latin.space?.minDistance).toBeCloseTo(Math.sqrt(10) / 10, 4)
    expect(properties({ sobol: { factors: ranges(3), points: 4 } }).notEstimable[0]).toContain('a combination of other effects')
  })

  it('with factors that do not always apply measure once what is the same', () => {
    const nested = planOf({ fullFactorial: { factors: [{ name: 'mode', path: 'scenario.serving.args.mode', levels: ['one', 'two'] }, { name: 'size', path: 'scenario.serving.args.size', levels: [1, 2], when: 'mode == "two"' }, RATE] } })
    expect(nested.treatments.map((t) => t.label)).toEqual(['mode=one size=n/a rate=1', 'mode=one size=n/a rate=8', 'mode=two size=1 rate=1', 'mode=two size=1 rate=8', 'mode=two size=2 rate=1', 'mode=two size=2 rate=8'])
    expect(nested.design).toMatchObject({ notApplicable: 2, excluded: 0, collapsed: 0 })
    expect(nested.stacks).toHaveLength(3)
    expect(nested.resolved.scenario(0).serving.args).not.toHaveProperty('size')
    expect(designProperties(nested).notEstimable).toContain('mode:size: a combination of other effects in this design')
  })

  it('refuse a condition that is none', () => {
    const design = (when: string) => ({ fullFactorial: { factors: [TP, { ...RATE, when }] } })
    expect(refusals(design('tp'))).toEqual([expect.objectContaining({ reason: 'BadConstraint', path: 'spec.design.fullFactorial.factors[rate].when' })])
    expect(refusals(design('tpp == 1'))).toEqual([expect.objectContaining({ reason: 'BadConstraint', nearest: 'tp' })])
  })
})

describe('error terms', () => {
  const standUps = (design: object, effect?: number) => properties(design, effect).strata.find((s) => s.between === 'stand-ups')
  const runs = (design: object, effect?: number) => properties(design, effect).strata.find((s) => s.between === 'runs on a stand-up')
  const split = (stacks: number, reps: number) => ({ fullFactorial: { factors: [TP, { ...RATE, levels: [1, 4, 8] }] }, replicates: { stacks, runs: reps } })

  // The split-plot table of every textbook: whole plots in r complete blocks, (a - 1)(r - 1) and a(b - 1)(r - 1) for the errors.
  it('are those of a split plot', () => {
    expect(standUps(split(3, 1))?.df).toEqual({ blocks: 2, model: 1, lackOfFit: 0, error: 2 })
    expect(runs(split(3, 1))?.df).toEqual({ blocks: 0, model: 4, lackOfFit: 0, error: 8 })
    expect(runs(split(1, 2))?.df.error).toBe(6)
    expect(standUps(split(1, 2))).toMatchObject({ df: { error: 0 }, detectable: null, power: null, effects: ['tp'] })
    expect(properties(split(1, 2)).notEstimable).toContain('the uncertainty of tp: each stack is stood up once (replicates.stacks: 2 or more)')
  })

  it('add up to the trials less one', () => {
    const shape = fc.record({ stacks: fc.integer({ min: 1, max: 4 }), reps: fc.integer({ min: 1, max: 3 }), setups: fc.integer({ min: 2, max: 3 }), loads: fc.integer({ min: 1, max: 3 }) })
    fc.assert(fc.property(shape, ({ stacks, reps, setups, loads }) => {
      const design = { fullFactorial: { factors: [{ ...TP, levels: [1, 2, 4].slice(0, setups) }, { ...RATE, levels: [1, 4, 8].slice(0, loads) }] }, replicates: { stacks, runs: reps } }
      const total = setups * loads * stacks * reps
      const parts = properties(design).strata.map(({ df }) => df.blocks + (df.model ?? 0) + (df.lackOfFit ?? 0) + df.error)
      expect(parts.reduce((a, b) => a + b, 0)).toBe(total - 1)
    }), { numRuns: 40 })
  })

  it('leave blocks of a design to blocks', () => {
    // 2^3 of setups in two blocks, twice: 16 stand-ups in 4 blocks, 7 - 1 effects left beside the confounded one.
    const blocked = standUps({ fullFactorial: { factors: setupFactors(3) }, blocks: { count: 2 }, replicates: { stacks: 2 } })
    expect(blocked).toMatchObject({ units: 16, df: { blocks: 3, model: 6, lackOfFit: 0, error: 6 } })
  })

  it('know a run factor that changes only from stack to stack', () => {
    const design = (generator: string) => ({ fractionalFactorial: { factors: [...setupFactors(2), ...runFactors(4).slice(2)], generators: [generator] }, replicates: { stacks: 2 } })
    expect(standUps(design('D=AB')) ?? {}).toMatchObject({ effects: ['a', 'b', 'd'] })
    expect(properties(design('D=AB')).notEstimable).toContain('d on one stack: here it changes only from stack to stack, as setup factors do')
    expect(runs(design('D=ABC'))).toMatchObject({ effects: ['c', 'd'] })
  })

  it('find as much as the t test does', () => {
    // Two levels, four trials each, on stand-ups that both levels share: the variance of the difference is 2/4; R's noncentral t.
    const found = runs({ fullFactorial: { factors: runFactors(1) }, replicates: { stacks: 4, runs: 1 } }, 3)
    expect(found).toMatchObject({ units: 8, df: { error: 3 } })
    expect(found?.power).toBeCloseTo(0.7978078634, 9)
    const more = found?.replicatesNeeded ?? 0
    expect(runs({ fullFactorial: { factors: runFactors(1) }, replicates: { stacks: more, runs: 1 } }, 3)?.power).toBeGreaterThanOrEqual(0.8)
    expect(runs({ fullFactorial: { factors: runFactors(1) }, replicates: { stacks: more - 1, runs: 1 } }, 3)?.power).toBeLessThan(0.8)
  })

  it('compare several levels by the pair that is told apart worst', () => {
    const three = runs({ fullFactorial: { factors: runFactors(1, [1, 2, 3]) }, replicates: { stacks: 2, runs: 2 } })
    const two = runs({ fullFactorial: { factors: runFactors(1, [1, 2]) }, replicates: { stacks: 2, runs: 2 } })
    // Four trials a level in both; the error has 12 - 2 - 2 and 8 - 2 - 1 degrees of freedom.
    expect([three?.df.error, two?.df.error]).toEqual([8, 5])
    expect(three?.detectable ?? 0).toBeLessThan(two?.detectable ?? 0)
  })
})

describe('any constructed design', () => {
  const two = (setup: number, run: number) => [...setupFactors(setup), ...runFactors(4).slice(0, run).map((f) => ({ ...f, name: `r${f.name}` }))]
  const design = fc.record({ setup: fc.integer({ min: 0, max: 3 }), run: fc.integer({ min: 1, max: 3 }), center: fc.integer({ min: 0, max: 3 }), stacks: fc.integer({ min: 1, max: 3 }), runs: fc.integer({ min: 1, max: 2 }), blocked: fc.boolean(), seed: fc.nat({ max: 1000 }) })
    .chain((shape) => fc.constantFrom<object>(
      { fullFactorial: { factors: two(shape.setup, shape.run), centerPoints: shape.center }, ...(shape.blocked && shape.setup + shape.run > 1 ? { blocks: { count: 2 } } : {}) },
      { fractionalFactorial: { factors: two(shape.setup, shape.run), resolution: 3, centerPoints: shape.center } },
      { plackettBurman: { factors: two(shape.setup, shape.run), centerPoints: shape.center, foldover: {} } },
      { centralComposite: { factors: ranges(2 + (shape.run % 2)), inscribed: true, centerPoints: shape.center } },
      { latinHypercube: { factors: [...ranges(2), ...setupFactors(3).slice(2)], points: 4 + shape.run, seed: shape.seed } },
    ).map((kind) => ({ ...kind, replicates: { stacks: shape.stacks, runs: shape.runs }, order: { seed: shape.seed } })))

  it('measures every run of every replicate once, and stands each setup up once in each block of each replicate', () => {
    fc.assert(fc.property(design, (given) => {
      const plan = planOf(given)
      const { stacks, runs } = plan.experiment.design.replicates
      expect(plan.trials).toHaveLength(designProperties(plan).runs * stacks * runs)
      expect(new Set(plan.trials.map((t) => t.name)).size).toBe(plan.trials.length)
      const setupsIn = (block: number) => new Set(plan.treatments.filter((t) => (t.repeats?.[block] ?? Number(t.repeats === undefined && block === 0)) > 0).map((t) => t.setupHash)).size
      expect(plan.stacks).toHaveLength(stacks * Array.from({ length: plan.design.blocks }, (_, b) => setupsIn(b)).reduce((a, b) => a + b, 0))
      for (const stack of plan.stacks) for (const t of stack.trials) expect(plan.treatments[plan.trials[t]?.treatment ?? -1]?.setupHash).toBe(stack.setupHash)
      expect(planOf(given).digest).toBe(plan.digest)
    }), { numRuns: 60 })
  })
})

describe('effects that are wanted', () => {
  it.each([
    ['aliased with a main effect', { fractionalFactorial: { factors: runFactors(3), generators: ['C=AB'] }, effects: ['a:b'] }, 'this design cannot tell a:b from c'],
    ['aliased with each other', { fractionalFactorial: { factors: runFactors(4), generators: ['D=ABC'] }, effects: ['AB', 'CD'] }, 'this design cannot tell c:d from a:b'],
    ['never changed together', { oneFactorAtATime: { factors: runFactors(2) }, effects: ['a:b'] }, 'this design cannot tell a:b from the mean and a and b'],
    ['of treatments that change together', { treatments: [{ name: 'a', set: { [RATE.path]: 1, [TP.path]: 1 } }, { name: 'b', set: { [RATE.path]: 2, [TP.path]: 2 } }], effects: ['rate'] }, 'this design cannot tell tensor from rate'],
    ['that constraints take away', { fullFactorial: { factors: runFactors(2) }, constraints: ['a == 1 || b == 1'], effects: ['a:b'] }, 'this design cannot tell a:b from the mean and a and b'],
    ['of a constant', { fullFactorial: { factors: [RATE, ...runFactors(1)] }, constraints: ['a == 1'], effects: ['a'] }, 'a cannot be estimated: one of its factors has one level only'],
  ])('are refused when %s', (_, design, message) => {
    expect(refusals(design)).toEqual([expect.objectContaining({ reason: 'AliasedEffects', path: 'spec.design.effects', message, expected: expect.stringMatching(/\w/) as string })])
  })

  it.each([
    ['one of two aliases', { fractionalFactorial: { factors: runFactors(4), generators: ['D=ABC'] }, effects: ['AB', 'AC'] }],
    ['a fraction chosen for them', { fractionalFactorial: { factors: runFactors(7), resolution: 3 }, effects: ['a:b', 'a:c', 'a:d', 'b:c'] }],
    ['blurred, but estimable', { plackettBurman: { factors: runFactors(5), runs: 12 }, effects: ['a:b'] }],
    ['of a surface', { centralComposite: { factors: ranges(2), alpha: 'faceCentered' }, effects: ['a:b'] }],
  ])('are taken: %s', (_, design) => {
    expect(refusals(design)).toEqual([])
  })
})

describe('spaceQuality', () => {
  // scipy.stats.qmc.discrepancy, version 1.17, of the unscrambled sequence.
  it.each([[16, 3, 0.00787341567101274], [100, 5, 0.0017136747534114427]])('of %i points in %i dimensions has the discrepancy that others find', (points, dimensions, discrepancy) => {
    expect(spaceQuality(sobolPoints({ points, dimensions }))?.discrepancy).toBeCloseTo(discrepancy, 12)
  })

  it('sees a diagonal', () => {
    expect(spaceQuality([[0.25, 0.25], [0.75, 0.75]])).toMatchObject({ minDistance: Math.SQRT1_2, maxCorrelation: expect.closeTo(1, 12) as number })
  })
})

describe('linear algebra', () => {
  it('leaves out columns that follow from others and finds how', () => {
    const columns = [[1, 1, 1, 1], [1, 2, 3, 4], [2, 4, 6, 8], [0, 1, 0, 1], [3, 4, 5, 7]].map((c) => Float64Array.from(c))
    const gram = gramMatrix(columns, [])
    const factorized = factorize(gram)
    expect(factorized.independent).toEqual([0, 1, 3, 4])
    const three = factorize(gram.slice(0, 2).map((row) => row.slice(0, 2)))
    expect(solve(three, [gram[0]?.[2] ?? 0, gram[1]?.[2] ?? 0]).map((x) => Number(x.toFixed(9)))).toEqual([0, 2])
    // The slope of a line over 1, 2, 3, 4 has the variance 1/5.
    expect(varianceOf(three, [0, 1])).toBeCloseTo(0.2, 12)
  })
})
