// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aliasGroups } from './aliases.ts'
import { wordOf } from './effects.ts'
import { factorsIn, generatorTexts, readGenerators, resolutionName } from './generators.ts'
import { definingWords, foldOver, type Fraction, fractionOf, fractionRows, rank, runCount, wordLengthPattern } from './regular-fraction.ts'

const letters = (factors: number) => 'ABCDEFGHJKLMNOP'.split('').slice(0, factors)
function fractionFrom(factors: number, generators: readonly string[]): Fraction {
  const read = readGenerators(generators, letters(factors), 'at')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.fraction
}
const words = (fraction: Fraction) => definingWords(fraction)?.map((w) => `${w.sign < 0 ? '-' : ''}${wordOf(factorsIn(w.factors))}`)
/** Groups of two and more, as a textbook writes them. */
const aliases = (fraction: Fraction) => aliasGroups(fraction).filter((g) => g.effects.length > 1).map((g) => g.effects.map((e) => wordOf(e.factors)).join('='))

// Montgomery, Design and Analysis of Experiments: example 8.1 and tables 8.8, 8.10, 8.11, 8.14.
describe('published fractions', () => {
  it.each([
    [4, ['D=ABC'], 'IV', ['ABCD']],
    [5, ['E=ABCD'], 'V', ['ABCDE']],
    [5, ['D=AB', 'E=AC'], 'III', ['ABD', 'ACE', 'BCDE']],
    [6, ['E=ABC', 'F=BCD'], 'IV', ['ABCE', 'ADEF', 'BCDF']],
    [7, ['D=AB', 'E=AC', 'F=BC', 'G=ABC'], 'III', ['ABD', 'ACE', 'AFG', 'BCF', 'BEG', 'CDG', 'DEF', 'ABCG', 'ABEF', 'ACDF', 'ADEG', 'BCDE', 'BDFG', 'CEFG', 'ABCDEFG']],
    [8, ['E=BCD', 'F=ACD', 'G=ABC', 'H=ABD'], 'IV', ['ABCG', 'ABDH', 'ABEF', 'ACDF', 'ACEH', 'ADEG', 'AFGH', 'BCDE', 'BCFH', 'BDFG', 'BEGH', 'CDGH', 'CEFG', 'DEFH', 'ABCDEFGH']],
    [4, ['D=-ABC'], 'IV', ['-ABCD']],
  ])('of %i factors by %j', (factors, generators, resolution, expected) => {
    const fraction = fractionFrom(factors, generators)
    expect(resolutionName(fraction)).toBe(resolution)
    expect(words(fraction)).toEqual(expected)
    expect(generatorTexts(fraction)).toEqual(generators)
  })

  it('have the aliases that are printed', () => {
    expect(aliases(fractionFrom(4, ['D=ABC']))).toEqual(['AB=CD', 'AC=BD', 'AD=BC'])
    expect(aliases(fractionFrom(5, ['E=ABCD']))).toEqual([])
    expect(aliases(fractionFrom(6, ['E=ABC', 'F=BCD']))).toEqual(['AB=CE', 'AC=BE', 'AD=EF', 'AE=BC=DF', 'AF=DE', 'BD=CF', 'BF=CD'])
    expect(aliases(fractionFrom(7, ['D=AB', 'E=AC', 'F=BC', 'G=ABC']))).toEqual(['A=BD=CE=FG', 'B=AD=CF=EG', 'C=AE=BF=DG', 'D=AB=CG=EF', 'E=AC=BG=DF', 'F=AG=BC=DE', 'G=AF=BE=CD'])
    expect(aliases(fractionFrom(8, ['E=BCD', 'F=ACD', 'G=ABC', 'H=ABD']))).toEqual(['AB=CG=DH=EF', 'AC=BG=DF=EH', 'AD=BH=CF=EG', 'AE=BF=CH=DG', 'AF=BE=CD=GH', 'AG=BC=DE=FH', 'AH=BD=CE=FG'])
  })

  it('are in standard order, with added columns as products', () => {
    expect(fractionRows(fractionFrom(3, ['C=AB']))).toEqual([[-1, -1, 1], [1, -1, -1], [-1, 1, -1], [1, 1, 1]])
    expect(fractionRows(fractionFrom(3, ['C=-AB']))).toEqual([[-1, -1, -1], [1, -1, 1], [-1, 1, 1], [1, 1, -1]])
  })
})

describe('foldOver', () => {
  const third = fractionFrom(7, ['D=AB', 'E=AC', 'F=BC', 'G=ABC'])
  const all = [0, 1, 2, 3, 4, 5, 6]

  it('of all factors frees main effects of interactions; of one, that factor and its interactions', () => {
    const full = foldOver(third, all)
    expect(full === undefined ? '' : resolutionName(full)).toBe('IV')
    const one = foldOver(third, [3])
    const group = one === undefined ? [] : aliasGroups(one).filter((g) => g.effects.some((e) => e.factors.includes(3)))
    expect(group.map((g) => g.effects.map((e) => wordOf(e.factors)).join('='))).toEqual(['D', 'AD', 'BD', 'CD', 'DE', 'DF', 'DG'])
  })

  it('keeps the first half and reverses the second', () => {
    const folded = foldOver(third, [0, 3])
    const [rows, twice] = [fractionRows(third), folded === undefined ? [] : fractionRows(folded)]
    expect(twice.slice(0, 8)).toEqual(rows)
    expect(twice.slice(8)).toEqual(rows.map((row) => row.map((level, f) => (f === 0 || f === 3 ? -level : level))))
  })

  it('adds nothing where every word has an even number of the factors', () => {
    expect(foldOver(fractionFrom(4, ['D=ABC']), [0, 1, 2, 3])).toBeUndefined()
    expect(foldOver(fractionOf(3, []), [0])).toBeUndefined()
  })
})

describe('any fraction', () => {
  /** Different products of two or more basic factors. */
  const fraction = fc.integer({ min: 2, max: 5 }).chain((basic) => fc.uniqueArray(fc.integer({ min: 3, max: 2 ** basic - 1 }).filter((c) => (c & (c - 1)) !== 0), { maxLength: 8 }).map((added) => fractionOf(basic, added)))

  it('is balanced and orthogonal, and its words are constant', () => {
    fc.assert(fc.property(fraction, (given) => {
      const rows = fractionRows(given)
      const column = (f: number) => rows.map((row) => row[f] ?? 0)
      for (let f = 0; f < given.columns.length; f++) {
        expect(column(f).reduce((a, b) => a + b, 0)).toBe(0)
        for (let other = 0; other < f; other++) expect(column(f).reduce((sum, x, i) => sum + x * (column(other)[i] ?? 0), 0)).toBe(0)
      }
      for (const word of definingWords(given) ?? []) for (const row of rows) expect(factorsIn(word.factors).reduce((product, f) => product * (row[f] ?? 0), 1)).toBe(word.sign)
    }))
  })

  it('has as many words of each length as were counted over its runs', () => {
    fc.assert(fc.property(fraction, (given) => {
      const listed = definingWords(given) ?? []
      expect(listed).toHaveLength(2 ** given.columns.length / runCount(given) - 1)
      const counted = wordLengthPattern(given)
      expect(counted.map((_, length) => listed.filter((w) => factorsIn(w.factors).length === length).length + Number(length === 0))).toEqual(counted)
      expect(rank(given.columns)).toBe(given.basic)
    }))
  })
})
