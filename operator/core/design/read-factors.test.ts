// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Design } from '../model/design.ts'
import { shownLevel } from './factors.ts'
import { readFactors } from './read-factors.ts'
import { exampleBases } from './testdata/bases.ts'

const bases = exampleBases()
const RATE = 'workload.load.poisson.stages[high].rate'
const OUTPUT = 'workload.data.synthetic.output.fixed'
const tp = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 4] }
const rate = { name: 'rate', path: RATE, levels: [2, 8] }
const flag = { name: 'flag', path: 'scenario.serving.args.eager', levels: [true, null] }
const range = { name: 'rate', path: RATE, low: 4, high: 12 }
const length = { name: 'length', path: OUTPUT, low: 64, high: 512, scale: 'log' }

const read = (design: object) => readFactors(Design.parse(design), bases, [])
/** Levels of every combination, with how often it is measured and in which block. */
function table(design: object): string[] {
  const { plan, problems } = read(design)
  expect(problems).toEqual([])
  return (plan.cells ?? []).map(({ picks, repeats, block }) => `${plan.factors.map((f, i) => JSON.stringify(shownLevel(f, picks[i] ?? -1))).join(' ')}${repeats === undefined ? '' : ` ×${repeats}`}${block === undefined ? '' : ` in ${block}`}`)
}

describe('two levels', () => {
  it('become the runs of the fraction', () => {
    expect(table({ fractionalFactorial: { factors: [tp, rate, flag], generators: ['C=AB'] } })).toEqual(['1 2 null', '4 2 true', '1 8 true', '4 8 null'])
  })

  it('that come again are measured again', () => {
    expect(table({ plackettBurman: { factors: [tp, rate], runs: 12 } }).toSorted()).toEqual(['1 2 ×3', '1 8 ×3', '4 2 ×3', '4 8 ×3'])
  })

  it('have a centre between numbers, at each combination of the others, in every block', () => {
    expect(table({ fullFactorial: { factors: [tp, rate], centerPoints: 3 } }).at(-1)).toBe('3 5 ×3')
    expect(table({ fullFactorial: { factors: [rate, flag], centerPoints: 1 } }).slice(4)).toEqual(['5 true', '5 null'])
    expect(table({ fullFactorial: { factors: [rate, { ...tp, levels: [1, 2] }], centerPoints: 2 } }).slice(4)).toEqual(['5 1 ×2', '5 2 ×2'])
    expect(table({ fullFactorial: { factors: [tp, rate], centerPoints: 2 }, blocks: { count: 2 } })).toEqual(['1 2 in 1', '4 2 in 0', '1 8 in 0', '4 8 in 1', '3 5 ×2 in 0', '3 5 ×2 in 1'])
    expect(table({ fullFactorial: { factors: [{ ...rate, center: 4 }, { ...flag, levels: ['a', 'b'], center: 'c' }], centerPoints: 1 } }).at(-1)).toBe('4 "c"')
    const zip = [{ path: tp.path, levels: [1, 4], center: 2 }, { path: 'scenario.accelerator.perReplica', levels: [1, 4], center: 2 }]
    expect(table({ fullFactorial: { factors: [{ name: 'size', zip }, rate], centerPoints: 1 } }).at(-1)).toBe('2 5')
  })

  it('know where they lie', () => {
    const { plan } = read({ fullFactorial: { factors: [tp, rate], centerPoints: 1 } })
    expect(plan.factors.map((f) => f.levels.map((level) => level.coded))).toEqual([[-1, 1, 0], [-1, 1, 0]])
  })

  it.each([
    ['three levels', { fractionalFactorial: { factors: [{ ...rate, levels: [1, 2, 4] }, tp], resolution: 3 } }, { reason: 'BadFactor', path: 'spec.design.fractionalFactorial.factors[rate].levels', found: '3 levels', expected: expect.stringContaining('fullFactorial') as string }],
    ['one level', { plackettBurman: { factors: [{ ...rate, levels: [1] }] } }, { reason: 'BadFactor', found: '1 levels' }],
    ['the same level twice', { plackettBurman: { factors: [{ ...rate, levels: [2, 2] }] } }, { reason: 'BadFactor', message: 'factor rate: its two levels are the same' }],
    ['levels of mixed type', { fullFactorial: { factors: [{ name: 'seqs', path: 'scenario.serving.args.max-num-seqs', levels: [128, null, '256'] }] } }, { reason: 'WrongType', path: 'spec.design.fullFactorial.factors[seqs].levels[2]', found: 'number 128 and text "256"' }],
    ['a centre of nothing', { fullFactorial: { factors: [flag], centerPoints: 1 } }, { reason: 'BadFactor', path: 'spec.design.fullFactorial.centerPoints' }],
    ['a centre that is a level', { fullFactorial: { factors: [{ ...rate, center: 8 }], centerPoints: 1 } }, { reason: 'BadFactor', path: 'spec.design.fullFactorial.factors[rate].center' }],
    ['a centre of the wrong type', { fullFactorial: { factors: [{ ...rate, center: 'slow' }], centerPoints: 1 } }, { reason: 'WrongType', path: 'spec.design.fullFactorial.factors[rate].center' }],
    ['a stray effect', { fullFactorial: { factors: [tp, rate] }, effects: ['tp:rat'] }, { reason: 'BadEffect', path: 'spec.design.effects[0]', nearest: 'rate' }],
    ['blocks of one factor at a time', { oneFactorAtATime: { factors: [tp, rate] }, blocks: { count: 2 } }, { reason: 'BadBlocks', found: 'oneFactorAtATime' }],
    ['blocks of three levels', { fullFactorial: { factors: [{ ...rate, levels: [1, 2, 3] }] }, blocks: { count: 2 } }, { reason: 'BadFactor', found: '3 levels' }],
  ])('are refused: %s', (_, design, problem) => {
    expect(read(design).problems).toContainEqual(expect.objectContaining(problem))
  })

  it('with labels may be of mixed type', () => {
    expect(read({ fullFactorial: { factors: [{ name: 'seqs', path: 'scenario.serving.args.max-num-seqs', levels: [128, 'auto'], labels: ['128', 'auto'] }] } }).problems).toEqual([])
  })
})

describe('ranges', () => {
  it('take the levels of a central composite design', () => {
    expect(table({ centralComposite: { factors: [range, length] } })).toEqual(['4 64', '12 64', '4 512', '12 512', '2.34315 181', '13.65685 181', '8 42', '8 788', '8 181 ×5'])
    expect(table({ centralComposite: { factors: [range, length], alpha: 'faceCentered', centerPoints: 1 } }).slice(4)).toEqual(['4 181', '12 181', '8 64', '8 512', '8 181'])
    expect(table({ centralComposite: { factors: [range, length], inscribed: true, centerPoints: 0 } })).toEqual(['5.17157 87', '10.82843 87', '5.17157 378', '10.82843 378', '4 181', '12 181', '8 64', '8 512'])
  })

  it('know where they lie after rounding', () => {
    const { plan } = read({ centralComposite: { factors: [range, { ...length, scale: 'linear', low: 10, high: 20 }] } })
    expect(plan.factors[0]?.levels.map((level) => level.coded)).toEqual([-1.4142125, -1, 0, 1, 1.4142125])
    expect(plan.factors[1]?.levels.map((level) => [level.value, level.coded])).toEqual([[8, -1.4], [10, -1], [15, 0], [20, 1], [22, 1.4]])
  })

  it('take the levels of a Box–Behnken design', () => {
    expect(table({ boxBehnken: { factors: [range, length, { ...tp, levels: undefined, low: 1, high: 3 }] } })).toHaveLength(13)
  })

  it('and levels share the points of a Latin hypercube', () => {
    const rows = table({ latinHypercube: { points: 8, factors: [range, { ...tp, levels: [1, 2, 4, 8] }, { ...length, step: 64, scale: 'linear' }] } })
    expect(rows.map((row) => Number(row.split(' ')[0])).sort((a, b) => a - b)).toEqual([4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5])
    expect(rows.map((row) => Number(row.split(' ')[1])).sort((a, b) => a - b)).toEqual([1, 1, 2, 2, 4, 4, 8, 8])
    expect(rows.map((row) => Number(row.split(' ')[2])).sort((a, b) => a - b)).toEqual([64, 128, 192, 256, 320, 384, 448, 512])
  })

  it('are whole where the path takes whole numbers', () => {
    const rows = table({ sobol: { points: 16, scramble: false, factors: [range, { name: 'length', path: OUTPUT, low: 1, high: 4 }] } })
    expect(rows.slice(0, 3)).toEqual(['4 1', '8 3', '10 2'])
    expect([1, 2, 3, 4].map((value) => rows.filter((row) => row.endsWith(` ${value}`)).length)).toEqual([4, 4, 4, 4])
  })

  it.each([
    ['low above high', { latinHypercube: { points: 4, factors: [{ ...range, low: 12, high: 4 }] } }, { reason: 'BadFactor', path: 'spec.design.latinHypercube.factors[rate].low', found: 'low 12 and high 4', expected: 'low below high, such as low: 4, high: 12' }],
    ['low at high', { sobol: { points: 4, factors: [{ ...range, low: 4, high: 4 }] } }, { found: 'low 4 and high 4', expected: 'low below high' }],
    ['a log scale from nothing', { sobol: { points: 4, factors: [{ ...length, low: 0 }] } }, { path: 'spec.design.sobol.factors[length].low', message: 'factor length: a log scale has no 0' }],
    ['a step beyond', { sobol: { points: 4, factors: [{ ...range, step: 9 }] } }, { path: 'spec.design.sobol.factors[rate].step', expected: 'a step of at most 8' }],
    ['labels', { sobol: { points: 4, factors: [{ ...range, labels: ['a'] }] } }, { path: 'spec.design.sobol.factors[rate].labels' }],
    ['a range on text', { sobol: { points: 4, factors: [{ name: 'd', path: 'workload.load.poisson.stages[high].duration', low: 10, high: 20 }] } }, { reason: 'WrongType', path: 'spec.design.sobol.factors[d].low' }],
    ['a range beyond the schema', { sobol: { points: 4, factors: [{ ...range, low: -1 }] } }, { reason: 'WrongType', path: 'spec.design.sobol.factors[rate].low' }],
    ['an unknown path', { sobol: { points: 4, factors: [{ ...range, path: 'workload.laod' }] } }, { reason: 'UnknownPath', nearest: 'workload.load' }],
    ['levels in a surface', { centralComposite: { factors: [range, tp] } }, { reason: 'BadFactor', path: 'spec.design.centralComposite.factors[tp]', found: 'levels' }],
    ['axial points beyond the schema', { centralComposite: { factors: [{ ...range, low: 1 }, length] } }, { reason: 'WrongType', found: 'number -1.2782', message: expect.stringContaining('axial points lie beyond low and high') as string, expected: expect.stringContaining('inscribed: true') as string }],
    ['levels that fall together', { boxBehnken: { factors: [range, length, { ...tp, levels: undefined, low: 1, high: 2 }] } }, { reason: 'BadFactor', path: 'spec.design.boxBehnken.factors[tp]', found: '1, 2' }],
    ['two factors of Box–Behnken', { boxBehnken: { factors: [range, length] } }, { reason: 'BadFraction', found: '2 factors', expected: expect.stringContaining('centralComposite') as string }],
    ['one factor of a composite', { centralComposite: { factors: [range] } }, { reason: 'BadFraction', found: '1 factor' }],
    ['corners of low resolution', { centralComposite: { factors: [range, length, { ...tp, levels: undefined, low: 2, high: 6 }], generators: ['C=AB'] } }, { reason: 'BadGenerator', found: 'III' }],
    ['blocks', { sobol: { points: 4, factors: [range] }, blocks: { count: 2 } }, { reason: 'BadBlocks' }],
  ])('are refused: %s', (_, design, problem) => {
    expect(read(design).problems).toContainEqual(expect.objectContaining(problem))
  })
})

describe('the schema', () => {
  it.each([
    ['a fraction of nothing', { fractionalFactorial: { factors: [tp, rate] } }, 'a fraction needs generators (such as D=ABC), or resolution or runs'],
    ['a fraction of two kinds', { fractionalFactorial: { factors: [tp, rate], resolution: 3, runs: 8 } }, 'set exactly one of generators, resolution, runs'],
    ['half a range', { sobol: { points: 4, factors: [{ name: 'a', path: RATE, low: 1 }] } }, 'set path with low and high, path and levels, or zip'],
    ['a scale of levels', { sobol: { points: 4, factors: [{ ...tp, scale: 'log' }] } }, 'low and high go together, and scale and step belong to them'],
    ['levels and a range', { sobol: { points: 4, factors: [{ ...range, levels: [1] }] } }, 'set path with low and high, path and levels, or zip'],
  ])('refuses %s', (_, design, message) => {
    expect(Design.safeParse(design).error?.issues.map((i) => i.message).join()).toContain(message)
  })
})
