// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Design } from '../model/design.ts'
import { assignColumns } from './assign-columns.ts'
import { blockOfRuns, confound, spanOf } from './blocks.ts'
import { effectName, letterOf, parseEffect } from './effects.ts'
import { catalogued } from './fraction-catalogue.ts'
import { chooseFraction, type FractionWish } from './fractional-factorial.ts'
import { generatorTexts, readGenerators, resolutionName } from './generators.ts'
import { fractionOf, fractionRows, resolutionOf, runCount } from './regular-fraction.ts'
import { twoLevelPoints } from './two-level-design.ts'

const NAMES = ['tp', 'rate', 'kv', 'len', 'spec', 'quant', 'graph', 'chunk', 'eager', 'seqs', 'pool', 'numa']
const names = (factors: number) => NAMES.slice(0, factors)

describe('parseEffect', () => {
  it.each([
    ['tp', [0]], ['kv:tp', [0, 2]], ['tp*rate', [0, 1]], ['A', [0]], ['ACD', [0, 2, 3]], ['A:rate', [0, 1]], ['tp rate kv', [0, 1, 2]],
  ])('%s is %j', (text, factors) => {
    expect(parseEffect(text, names(4), 'at')).toEqual({ ok: true, factors })
  })

  it('takes letters for names where factors have such names', () => {
    expect(parseEffect('AB', ['B', 'A', 'x'], 'at')).toEqual({ ok: true, factors: [0, 1] })
    expect(parseEffect('C', ['B', 'A', 'x'], 'at')).toMatchObject({ ok: false })
  })

  it.each([
    ['tp:rat', { message: '"tp:rat" uses "rat", which is no factor', nearest: 'rate', expected: 'one of A tp, B rate, C kv, D len' }],
    ['tp:A', { message: '"tp:A": tp is in it twice' }], ['', { message: '"": an effect names at least one factor' }], ['I', { found: 'I' }], ['AE', { found: 'AE' }],
  ])('refuses %j', (text, problem) => {
    expect(parseEffect(text, names(4), 'at')).toMatchObject({ ok: false, problem: { reason: 'BadEffect', path: 'at', ...problem } })
  })

  it('leaves out the letter of the mean', () => {
    expect([7, 8, 24].map(letterOf)).toEqual(['H', 'J', 'Z'])
    expect(effectName([0, 2], NAMES)).toBe('tp:kv')
  })
})

describe('readGenerators', () => {
  it('reads letters and names, also through generated factors', () => {
    const read = (texts: readonly string[]) => readGenerators(texts, names(5), 'at')
    const byLetters = read(['D=AB', 'E=AC'])
    expect(read(['len = tp*rate', 'spec=tp:kv'])).toEqual(byLetters)
    expect(read(['D=AB', 'E=BCD'])).toEqual(byLetters)
    expect(read(['A=DB', 'E=AC'])).toMatchObject({ ok: true, fraction: { basic: 3, columns: [5, 1, 2, 4, 7] } })
  })

  it.each([
    [['D'], 'expected one "="'], [['D=A=B'], 'expected one "="'], [['DE=AB'], 'the left side is one factor'], [['D=AD'], 'len cannot follow from itself'],
    [['D=AB', 'D=AC'], 'len is generated twice'], [['D=AE', 'E=AD'], 'these generators lead back to each other'], [['D=AF'], 'uses "AF", which is no factor'],
    [['D=A'], 'always change tp and len together (resolution II)'], [['D=AB', 'E=AB'], 'always change len and spec together'],
  ])('refuses %j', (texts, message) => {
    expect(readGenerators(texts, names(5), 'at')).toMatchObject({ ok: false, problems: [{ reason: 'BadGenerator', message: expect.stringContaining(message) as string }] })
  })
})

describe('chooseFraction', () => {
  const choose = (factors: number, wish: FractionWish, ...effects: readonly (readonly number[])[]) => chooseFraction(wish, { names: names(factors), effects, setup: [] })
  const chosen = (factors: number, wish: FractionWish, ...effects: readonly (readonly number[])[]) => {
    const read = choose(factors, wish, ...effects)
    return read.ok ? [runCount(read.fraction), resolutionName(read.fraction)] : read.problems
  }

  it.each([
    [7, 3, [8, 'III']], [7, 4, [16, 'IV']], [7, 5, [64, 'VII']], [5, 5, [16, 'V']], [5, 4, [16, 'V']], [8, 4, [16, 'IV']], [8, 5, [64, 'V']], [11, 5, [128, 'V']], [12, 5, [256, 'VI']], [4, 5, [16, 'full']], [3, 4, [8, 'full']],
  ])('for %i factors at resolution %i: %j', (factors, resolution, expected) => {
    expect(chosen(factors, { resolution })).toEqual(expected)
  })

  it('takes the number of runs that is asked for', () => {
    expect([chosen(7, { runs: 8 }), chosen(7, { runs: 32 }), chosen(3, { runs: 8 })]).toEqual([[8, 'III'], [32, 'IV'], [8, 'full']])
    expect(choose(7, { runs: 12 })).toMatchObject({ ok: false, problems: [{ reason: 'BadFraction', found: '12', expected: 'one of 8, 16, 32, 64, 128, or generators' }] })
    expect(choose(12, { resolution: 8 })).toMatchObject({ ok: false, problems: [{ reason: 'BadFraction', path: 'spec.design.fractionalFactorial.resolution' }] })
  })

  it('deals columns out so that wanted interactions are clear, in a larger fraction where it must', () => {
    const wanted = [[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [0, 6]]
    const read = choose(7, { runs: 16 }, ...wanted)
    expect(read.ok && columnsOf(read.fraction, wanted).size).toBe(7 + 6)
    const all = names(6).flatMap((_, a) => names(6).slice(a + 1).map((__, i) => [a, a + 1 + i]))
    expect(chosen(6, { resolution: 4 }, ...all)).toEqual([32, 'VI'])
    expect(choose(7, { runs: 8 }, [0, 1])).toMatchObject({ ok: false, problems: [{ reason: 'AliasedEffects', path: 'spec.design.effects', expected: 'fewer effects, or spec.design.fractionalFactorial.runs: 16' }] })
  })

  it('leaves the catalogue\'s order where nothing speaks against it', () => {
    const fraction = catalogued(16, 6) ?? fractionOf(1, [])
    expect(assignColumns(fraction, { effects: [[0]], setup: [] })).toBe(fraction)
    expect(assignColumns(fraction, { effects: [[0, 1]], setup: [] })?.columns).toEqual(fraction.columns)
  })

  it.each([
    // Three setup factors of resolution IV need eight stacks; four need no more than eight, where sixteen would do no better.
    [16, 6, [0, 1, 2], 8], [16, 6, [3, 4, 5], 8], [16, 7, [0, 1, 2, 3], 8], [16, 8, [0, 1, 2, 3], 8], [8, 7, [0, 1, 2], 4], [32, 7, [0, 1], 4], [64, 8, [0, 1, 2, 3], 16],
  ])('in %i runs of %i factors lets run factors change on every stack, with setup factors %j on %i stacks', (runs, factors, setup, stacks) => {
    const read = chooseFraction({ runs }, { names: names(factors), effects: [], setup })
    const rows = read.ok ? fractionRows(read.fraction) : []
    const byStack = Map.groupBy(rows, (row) => setup.map((f) => row[f]).join())
    expect(byStack.size).toBe(stacks)
    for (const own of byStack.values()) for (let f = 0; f < factors; f++) if (!setup.includes(f)) expect(new Set(own.map((row) => row[f])).size).toBe(2)
  })

  const columnsOf = (fraction: ReturnType<typeof fractionOf>, effects: readonly (readonly number[])[]) =>
    new Set([...fraction.columns, ...effects.map((effect) => effect.reduce((bits, f) => bits ^ (fraction.columns[f] ?? 0), 0))])

  it('keeps whatever effects are wanted apart, or says that it cannot', () => {
    const effects = fc.uniqueArray(fc.uniqueArray(fc.nat(6), { minLength: 2, maxLength: 2 }).map((pair) => pair.sort((a, b) => a - b)), { maxLength: 6, selector: (pair) => pair.join() })
    fc.assert(fc.property(effects, fc.constantFrom(16, 32), (wanted, runs) => {
      const read = choose(7, { runs }, ...wanted)
      if (read.ok) expect(columnsOf(read.fraction, wanted).size).toBe(7 + wanted.length)
      if (read.ok) expect(resolutionOf(read.fraction)).toBe(4)
    }), { numRuns: 60 })
  })
})

describe('blocks', () => {
  const columnsFor = (factors: number, count: number, generators?: readonly string[]) => confound(fractionOf(factors, []), { count, ...(generators === undefined ? {} : { generators: [...generators] }) }, names(factors))

  // Montgomery, table 7.9: what a good choice gives up.
  it.each([[3, 2, 1, 0], [4, 2, 1, 0], [4, 4, 3, 1], [5, 4, 3, 0], [5, 8, 7, 2]])('2^%i in %i blocks give up %i effects, %i of them of two factors', (factors, count, effects, pairs) => {
    const read = columnsFor(factors, count)
    const span = read.ok ? spanOf(read.columns) : []
    const size = (bits: number) => bits.toString(2).split('').filter((bit) => bit === '1').length
    expect(span).toHaveLength(effects)
    expect(span.map(size).filter((n) => n === 1)).toEqual([])
    expect(span.map(size).filter((n) => n === 2)).toHaveLength(pairs)
  })

  it('are equal in size, and every main effect is balanced in each', () => {
    for (const [runs, factors, count] of [[16, 4, 4], [16, 6, 2], [32, 6, 4], [64, 8, 8]] as const) {
      const fraction = catalogued(runs, factors) ?? fractionOf(1, [])
      const read = confound(fraction, { count }, names(factors))
      const blocks = read.ok ? blockOfRuns(fraction, read.columns) : []
      const rows = fractionRows(fraction)
      for (let b = 0; b < count; b++) {
        const own = rows.filter((_, i) => blocks[i] === b)
        expect(own).toHaveLength(runs / count)
        for (let f = 0; f < factors; f++) expect(own.reduce((sum, row) => sum + (row[f] ?? 0), 0)).toBe(0)
      }
    }
  })

  it('are named as asked', () => {
    expect(columnsFor(3, 2, ['ABC'])).toEqual({ ok: true, columns: [7] })
    expect(columnsFor(3, 4, ['tp:rate', 'kv:tp'])).toEqual({ ok: true, columns: [3, 5] })
  })

  it.each([
    [3, 3, undefined, { path: 'spec.design.blocks.count', found: '3', expected: 'one of 2, 4' }],
    [3, 8, undefined, { path: 'spec.design.blocks.count' }],
    [3, 2, ['A'], { message: 'tp would be the same throughout every block: its effect could not be told from differences of blocks' }],
    [3, 4, ['AB'], { message: '4 blocks are named by 2 interactions', found: '1' }],
    [4, 4, ['ABC', 'ABCD'], { message: 'len would be the same throughout every block: its effect could not be told from differences of blocks' }],
    [4, 4, ['AB', 'BA'], { message: expect.stringContaining('do not name so many blocks') as string }],
    [3, 2, ['AX'], { reason: 'BadEffect' }],
  ])('2^%i in %i blocks by %j are refused', (factors, count, generators, problem) => {
    expect(columnsFor(factors, count, generators)).toMatchObject({ ok: false, problem })
  })

  it('that only a main effect could name are refused', () => {
    expect(confound(catalogued(8, 7) ?? fractionOf(1, []), { count: 2 }, names(7))).toMatchObject({ ok: false, problem: { message: expect.stringContaining('confounded with a main effect') as string } })
  })
})

describe('twoLevelPoints', () => {
  const factor = (name: string) => ({ name, path: `scenario.${name}`, levels: [1, 2] })
  const points = (design: object, factors: number) => twoLevelPoints({ design: Design.parse(design), names: names(factors), effects: [], setup: [] })
  const factors = (count: number) => names(count).map(factor)

  it('folds Plackett–Burman designs over', () => {
    const folded = points({ plackettBurman: { factors: factors(5), runs: 12, foldover: {} } }, 5)
    const rows = folded.ok ? folded.points.rows : []
    expect(rows).toHaveLength(24)
    expect(rows.slice(12)).toEqual(rows.slice(0, 12).map((row) => row.map((x) => -x)))
  })

  it('makes a fraction from generators', () => {
    const built = points({ fractionalFactorial: { factors: factors(4), generators: ['D=ABC'] } }, 4)
    expect(built.ok && built.points.construction.kind === 'regular' ? generatorTexts(built.points.construction.fraction) : []).toEqual(['D=ABC'])
  })

  it.each([
    ['a full factorial beyond the cap', { fullFactorial: { factors: factors(12), centerPoints: 1 } }, 14, { reason: 'TooManyTrials', found: '16,384', expected: expect.stringContaining('fractionalFactorial') as string }],
    ['a fraction beyond the cap', { fractionalFactorial: { factors: factors(12), generators: ['M=ABC'] } }, 20, { reason: 'TooManyTrials', path: 'spec.design.fractionalFactorial' }],
    ['folding that adds nothing', { fractionalFactorial: { factors: factors(4), generators: ['D=ABC'], foldover: {} } }, 4, { reason: 'BadFraction', path: 'spec.design.fractionalFactorial.foldover' }],
    ['folding over a stranger', { plackettBurman: { factors: factors(4), foldover: { factors: ['numa'] } } }, 4, { reason: 'BadFraction', found: 'numa', expected: 'some of tp, rate, kv, len' }],
    ['too few runs', { plackettBurman: { factors: factors(9), runs: 8 } }, 9, { reason: 'BadFraction', path: 'spec.design.plackettBurman.runs' }],
  ])('refuses %s', (_, design, count, problem) => {
    const padded = [...NAMES, ...Array.from({ length: 12 }, (__, i) => `x${i}`)].slice(0, count)
    expect(twoLevelPoints({ design: Design.parse(design), names: padded, effects: [], setup: [] })).toMatchObject({ ok: false, problems: [problem] })
  })
})
