// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { CATALOGUE_RUNS, catalogued } from './fraction-catalogue.ts'
import { generatorTexts, resolutionName } from './generators.ts'
import { choose, fractionOf, resolutionOf, wordLengthPattern } from './regular-fraction.ts'

/** Words of 3, 4, 5 and 6 factors in the fraction of minimum aberration, by runs and factors: Chen, Sun & Wu (1993) to 64 runs, Xu (2009) above. */
const PUBLISHED: Readonly<Record<number, readonly string[]>> = {
  8: [
    '4:0,1,0,0 5:2,1,0,0 6:4,3,0,0 7:7,7,0,0',
  ],
  16: [
    '5:0,0,1,0 6:0,3,0,0 7:0,7,0,0 8:0,14,0,0 9:4,14,8,0 10:8,18,16,8 11:12,26,28,24 12:16,39,48,48 13:22,55,72,96',
    '14:28,77,112,168 15:35,105,168,280',
  ],
  32: [
    '6:0,0,0,1 7:0,1,2,0 8:0,3,4,0 9:0,6,8,0 10:0,10,16,0 11:0,25,0,27 12:0,38,0,52 13:0,55,0,96 14:0,77,0,168 15:0,105,0,280',
    '16:0,140,0,448 17:8,140,112,448 18:16,148,224,560 19:24,164,344,784 20:32,188,480,1128 21:40,220,641,1608',
    '22:48,263,832,2224 23:56,315,1064,3024 24:64,378,1344,4032 25:76,442,1656,5376 26:88,518,2032,7032 27:100,606,2484,9064',
    '28:112,707,3024,11536 29:126,819,3640,14560 30:140,945,4368,18200 31:155,1085,5208,22568',
  ],
  64: [
    '7:0,0,0,0 8:0,0,2,1 9:0,1,4,2 10:0,2,8,4 11:0,4,14,8 12:0,6,24,16 13:0,14,28,24 14:0,22,40,36 15:0,30,60,60',
    '16:0,43,81,96 17:0,59,108,150 18:0,78,144,228 19:0,100,192,336 20:0,125,256,480 21:0,204,0,1680 22:0,250,0,2304',
    '23:0,304,0,3105 24:0,365,0,4138 25:0,435,0,5440 26:0,515,0,7062 27:0,605,0,9075 28:0,706,0,11548 29:0,819,0,14560',
    '30:0,945,0,18200 31:0,1085,0,22568 32:0,1240,0,27776',
  ],
  128: [
    '8:0,0,0,0 9:0,0,0,3 10:0,0,3,3 11:0,0,6,6 12:0,1,8,12 13:0,2,16,18 14:0,3,24,36 15:0,7,32,52 16:0,10,48,72',
    '17:0,15,60,130 18:0,20,80,200 19:0,27,120,235 20:0,36,152,340 21:0,51,200,414 22:0,65,248,572 23:0,83,316,744',
    '24:0,102,384,992 25:0,124,482,1312 26:0,152,568,1704 27:0,180,690,2200 28:0,210,840,2800 29:0,266,945,3472',
  ],
  256: [
    '9:0,0,0,0 10:0,0,0,1 11:0,0,0,6 12:0,0,0,12 13:0,0,3,12 14:0,0,9,18 15:0,0,15,30 16:0,0,24,44 17:0,0,34,68',
  ],
  512: [
    '10:0,0,0,0 11:0,0,0,0 12:0,0,0,2 13:0,0,0,4 14:0,0,0,7 15:0,0,0,25 16:0,0,0,44 17:0,0,0,68 18:0,0,0,102 19:0,0,12,84',
    '20:0,0,16,120 21:0,0,21,168 22:0,0,63,189 23:0,0,84,252',
  ],
}
const published = Object.entries(PUBLISHED).flatMap(([runs, lines]) => lines.flatMap((line) => line.split(' ')).map((entry) => {
  const [factors, pattern] = entry.split(':')
  return [Number(runs), Number(factors), (pattern ?? '').split(',').map(Number)] as const
}))

describe('the catalogue', () => {
  it.each(published)('in %i runs of %i factors has the words of minimum aberration', (runs, factors, pattern) => {
    const fraction = catalogued(runs, factors)
    expect(fraction?.columns).toHaveLength(factors)
    const found = fraction === undefined ? [] : wordLengthPattern(fraction)
    expect([3, 4, 5, 6].map((length) => found[length] ?? 0)).toEqual(pattern)
    expect(found.slice(1, 3)).toEqual([0, 0])
  })

  it('holds nothing that is not held against a publication', () => {
    const held = new Set(published.map(([runs, factors]) => `${runs}/${factors}`))
    const holds = CATALOGUE_RUNS.flatMap((runs) => Array.from({ length: 32 }, (_, i) => i + 1).filter((k) => 2 ** k !== runs && catalogued(runs, k) !== undefined).map((k) => `${runs}/${k}`))
    expect(holds.filter((entry) => !held.has(entry))).toEqual(['4/3'])
  })

  // Montgomery, appendix X: the designs that people know by heart.
  it.each([
    [8, 4, 'IV', 'D=ABC'], [8, 5, 'III', 'D=AB E=AC'], [8, 6, 'III', 'D=AB E=AC F=BC'], [8, 7, 'III', 'D=AB E=AC F=BC G=ABC'],
    [16, 5, 'V', 'E=ABCD'], [16, 6, 'IV', 'E=ABC F=BCD'], [16, 7, 'IV', 'E=ABC F=BCD G=ACD'], [16, 8, 'IV', 'E=BCD F=ACD G=ABC H=ABD'],
    [32, 6, 'VI', 'F=ABCDE'], [32, 7, 'IV', 'F=ABCD G=ABDE'], [32, 8, 'IV', 'F=ABC G=ABD H=BCDE'], [64, 8, 'V', 'G=ABCD H=ABEF'],
  ])('of %i runs and %i factors is the textbook\'s', (runs, factors, resolution, generators) => {
    const fraction = catalogued(runs, factors)
    expect(fraction === undefined ? [] : [resolutionName(fraction), generatorTexts(fraction).join(' ')]).toEqual([resolution, generators])
  })

  it('is the full factorial where that is as small', () => {
    expect(catalogued(8, 3)).toEqual(fractionOf(3, []))
    expect(resolutionOf(fractionOf(3, []))).toBe(Number.POSITIVE_INFINITY)
    expect([catalogued(8, 8), catalogued(12, 4), catalogued(128, 30)]).toEqual([undefined, undefined, undefined])
  })

  it('cannot be bettered where all choices of columns can be tried', () => {
    for (const [runs, factors] of [[8, 5], [8, 6], [16, 5], [16, 6], [16, 7], [16, 8], [32, 7]] as const) {
      const basic = Math.log2(runs)
      const products = Array.from({ length: runs }, (_, column) => column).filter((column) => (column & (column - 1)) !== 0)
      const best = combinations(products, factors - basic).map((added) => wordLengthPattern(fractionOf(basic, added))).reduce((a, b) => (lower(b, a) ? b : a))
      const fraction = catalogued(runs, factors)
      expect(fraction === undefined ? [] : wordLengthPattern(fraction)).toEqual(best)
    }
  })
})

const lower = (a: readonly number[], b: readonly number[]) => {
  const first = a.findIndex((count, length) => count !== b[length])
  return first >= 0 && (a[first] ?? 0) < (b[first] ?? 0)
}

function combinations(from: readonly number[], size: number): number[][] {
  if (size === 0) return [[]]
  const all = from.flatMap((first, i) => combinations(from.slice(i + 1), size - 1).map((rest) => [first, ...rest]))
  expect(all).toHaveLength(choose(from.length, size))
  return all
}
