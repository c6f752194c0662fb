// SPDX-License-Identifier: Apache-2.0
// References: R 4.2 (aov with Error strata, anova, car::Anova, TukeyHSD) for the data sets that come with it and MASS; Montgomery's Design and Analysis of Experiments.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { random, shuffled } from '../stats/testdata/random.ts'
import type { AnovaRow, TableAnalysis } from './analysis.ts'
import { analyzeTable } from './analyze-table.ts'
import type { AnalysisRequest } from './request.ts'

const file = (name: string) => readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8')

function analysed(text: string, request: AnalysisRequest): TableAnalysis {
  const found = analyzeTable(text, 'runs.csv', request)
  if (!found.ok) throw new Error(found.problems.map(formatProblem).join('\n'))
  return found.value
}
const rowsOf = (analysis: TableAnalysis): AnovaRow[] => analysis.factorial?.strata.flatMap((s) => s.rows) ?? []
const row = (analysis: TableAnalysis, source: string) => rowsOf(analysis).find((r) => r.source === source)
const effect = (analysis: TableAnalysis, term: string, to?: string) => analysis.factorial?.effects.find((e) => e.term === term && (to === undefined || e.to === to))

describe('Yates’ oats: a split plot in six blocks', () => {
  const oats = analysed(file('oats.csv'), { response: 'yield', factors: ['variety', 'nitrogen'], blocks: ['block'], wholePlot: ['variety'] })
  it('has the strata that R has', () => {
    expect(oats.factorial?.strata.map((s) => [s.name, s.units, s.error.df])).toEqual([['whole plots', 18, 10], ['runs', 72, 45]])
    expect(row(oats, 'block')?.sumOfSquares).toBeCloseTo(15_875.277_777_777_8, 7)
    expect(row(oats, 'variety')).toMatchObject({ df: 2, sumOfSquares: expect.closeTo(1786.361_111_111_11, 8), f: expect.closeTo(1.485_340_379_436_33, 10), p: expect.closeTo(0.272_386_856_735_208, 10) })
    expect(row(oats, 'nitrogen')).toMatchObject({ df: 3, sumOfSquares: expect.closeTo(20_020.5, 7), f: expect.closeTo(37.685_647_058_823_527, 8), p: expect.closeTo(2.457_709_554_561_66e-12, 20) })
    expect(row(oats, 'variety × nitrogen')).toMatchObject({ df: 6, sumOfSquares: expect.closeTo(321.75, 8), f: expect.closeTo(0.302_823_529_411_766, 10), p: expect.closeTo(0.932_198_758_999_224, 9) })
    expect(oats.factorial?.strata.map((s) => s.error.meanSquare)).toEqual([expect.closeTo(601.330_555_555_557, 8), expect.closeTo(177.083_333_333_333, 8)])
  })
  it('takes the errors of effects from their own stratum', () => {
    // √(2 · 601.33 / 24) between varieties, √(2 · 177.08 / 18) between doses.
    expect(effect(oats, 'variety')?.interval).toMatchObject({ standardError: expect.closeTo(Math.sqrt((2 * 601.330_555_555_557) / 24), 9), df: 10, method: 'Tukey–Kramer' })
    expect(effect(oats, 'nitrogen')?.interval).toMatchObject({ standardError: expect.closeTo(Math.sqrt((2 * 177.083_333_333_333) / 18), 9), df: 45 })
  })
  it('says which factor changes between whole plots, and adds up to the total', () => {
    expect(oats.factors.map((f) => f.varies)).toEqual(['whole plot', 'between runs'])
    const squares = rowsOf(oats).reduce((total, r) => total + r.sumOfSquares, 0) + (oats.factorial?.strata.reduce((total, s) => total + s.error.sumOfSquares, 0) ?? 0)
    expect(squares).toBeCloseTo(oats.factorial?.total.sumOfSquares ?? 0, 6)
  })
})

describe('npk: a factorial whose three-factor interaction is confounded with blocks', () => {
  it('as fixed blocks', () => {
    const npk = analysed(file('npk.csv'), { response: 'yield', factors: ['N', 'P', 'K'], blocks: ['block'] })
    expect(row(npk, 'block')).toMatchObject({ kind: 'block', df: 5, f: expect.closeTo(4.446_666_426_798_11, 10), p: expect.closeTo(0.015_938_790_208_193_9, 11) })
    expect(row(npk, 'N')).toMatchObject({ f: expect.closeTo(12.258_734_213_650_9, 9), p: expect.closeTo(0.004_371_811_825_799_4, 12) })
    expect(row(npk, 'K')?.p).toBeCloseTo(0.028_795_053_500_232_8, 11)
    expect(row(npk, 'N × K')?.p).toBeCloseTo(0.168_647_878_500_492, 10)
    expect(npk.factorial?.notEstimable).toEqual([{ term: 'N × P × K', mixedWith: ['block'], reason: 'it cannot be told from block' }])
  })
  it('as a stratum of blocks', () => {
    const npk = analysed(file('npk.csv'), { response: 'yield', factors: ['N', 'P', 'K'], wholePlot: ['block'] })
    expect(row(npk, 'N × P × K')).toMatchObject({ df: 1, sumOfSquares: expect.closeTo(37.001_666_666_666_6, 9), f: expect.closeTo(0.483_218_701_027_337, 10), p: expect.closeTo(0.525_236_141_197_407, 10) })
    expect(row(npk, 'N')?.f).toBeCloseTo(12.258_734_213_650_9, 9)
    expect(npk.notes[0]).toContain('no factor is constant within the whole plots')
  })
})

describe('warpbreaks', () => {
  it('balanced', () => {
    const found = analysed(file('warpbreaks.csv'), { response: 'breaks', factors: ['wool', 'tension'] })
    expect(rowsOf(found).map((r) => r.f)).toEqual([expect.closeTo(3.765_288_361_118_63, 10), expect.closeTo(8.498_046_648_358, 10), expect.closeTo(4.189_068_966_851, 10)])
    expect(rowsOf(found).map((r) => r.p)).toEqual([expect.closeTo(0.058_212_975_959_559_8, 11), expect.closeTo(0.000_692_620_936_713_445, 13), expect.closeTo(0.021_044_190_727_863_2, 11)])
    expect(found.factorial?.balanced).toBe(true)
    expect(found.checks.find((c) => c.assumption === 'equal spread')).toMatchObject({ verdict: 'doubt', p: expect.closeTo(0.023_218, 5) })
  })

  const lost = file('warpbreaks.csv').trim().split('\n').filter((_, i) => ![1, 2, 12, 30, 41].includes(i)).join('\n')
  it.each([
    ['sequential', [568.704_795_918_367, 2398.085_919_618_53, 1249.742_731_175_12], 5.005_019_381_407_71],
    ['hierarchical', [640.238_419_618_527, 2398.085_919_618_53, 1249.742_731_175_12], 5.634_567_743_952_22],
    ['partial', [703.242_712_455_849, 2538.008_247_372_52, 1249.742_731_175_12], 6.189_051_738_154_28],
  ] as const)('unbalanced, %s sums of squares', (sums, squares, f) => {
    const found = analysed(lost, { response: 'breaks', factors: ['wool', 'tension'], sums })
    expect(rowsOf(found).map((r) => r.sumOfSquares)).toEqual(squares.map((s) => expect.closeTo(s, 8)))
    expect(rowsOf(found)[0]?.f).toBeCloseTo(f, 9)
    // The effect of two levels is tested as its term is.
    if (sums !== 'sequential') expect(effect(found, 'wool')?.interval?.p).toBeCloseTo(row(found, 'wool')?.p ?? 0, 9)
    expect(found.notes.join()).toContain('not balanced')
  })
})

it('PlantGrowth: pairs by Tukey', () => {
  const weights = [[4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14], [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69], [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26]]
  const found = analysed(`group,weight\n${weights.flatMap((g, i) => g.map((w) => `${['ctrl', 'trt1', 'trt2'][i]},${w}`)).join('\n')}`, { response: 'weight', factors: ['group'] })
  expect(row(found, 'group')).toMatchObject({ f: expect.closeTo(4.846_087_862_380_14, 10), p: expect.closeTo(0.015_909_958_325_622_9, 11) })
  const last = found.factorial?.effects.at(-1)
  expect(last).toMatchObject({ from: 'trt1', to: 'trt2', estimate: expect.closeTo(0.865, 10) })
  expect(last?.interval).toMatchObject({ low: expect.closeTo(0.173_783_948_589_542, 8), high: expect.closeTo(1.556_216_051_410_459, 8), p: expect.closeTo(0.012_006_423_979_453, 8) })
})

describe('Montgomery', () => {
  const effects = (found: TableAnalysis) => Object.fromEntries(found.factorial?.effects.map((e) => [e.term, Number(e.estimate.toFixed(4))]) ?? [])
  it('filtration rate, unreplicated: by Lenth', () => {
    const found = analysed(file('filtration.csv'), { response: 'rate', factors: ['A', 'B', 'C', 'D'] })
    expect(effects(found)).toMatchObject({ A: 21.625, C: 9.875, D: 14.625, 'A × C': -18.125, 'A × D': 16.625 })
    expect(found.factorial?.strata[0]?.lenth).toMatchObject({ s0: expect.closeTo(3.9375, 10), pse: expect.closeTo(2.625, 10), marginOfError: expect.closeTo(6.7478, 4), effects: 15 })
    expect(found.factorial?.effects.filter((e) => e.standsOut !== 'no').map((e) => `${e.term} ${e.standsOut}`)).toEqual(['A surely', 'C likely', 'D surely', 'A × C surely', 'A × D surely'])
  })
  it('without B: a replicated cube', () => {
    const found = analysed(file('filtration.csv'), { response: 'rate', factors: ['A', 'C', 'D'] })
    expect(found.factorial?.strata[0]?.error.meanSquare).toBeCloseTo(22.4375, 9)
    expect(row(found, 'A')?.f).toBeCloseTo(83.37, 2)
    expect(row(found, 'A')?.contribution).toBeCloseTo(1870.5625 / 5730.9375, 9)
  })
  it('the half of it, I = ABCD: effects are sums of two', () => {
    const found = analysed(file('filtration-half.csv'), { response: 'rate', factors: ['A', 'B', 'C', 'D'] })
    expect(effects(found)).toEqual({ A: 19, B: 1.5, C: 14, D: 16.5, 'A × B': -1, 'A × C': -18.5, 'A × D': 19 })
    expect(Object.fromEntries(found.factorial?.effects.map((e) => [e.term, e.mixedWith]) ?? [])).toMatchObject({ A: ['B × C × D'], 'A × B': ['C × D'], 'A × D': ['B × C'] })
  })
  it('a Latin square: two kinds of blocks', () => {
    const square = ['A24 B20 C19 D24 E24', 'B17 C24 D30 E27 A36', 'C18 D38 E26 A27 B21', 'D26 E31 A26 B23 C22', 'E22 A30 B20 C29 D31']
    const rows = square.flatMap((line, batch) => line.split(' ').map((cell, operator) => `${batch},${operator},${cell[0]},${cell.slice(1)}`))
    const found = analysed(`batch,operator,formulation,burn\n${rows.join('\n')}`, { response: 'burn', factors: ['formulation'], blocks: ['batch', 'operator'] })
    expect(rowsOf(found).map((r) => [r.source, r.df, Number(r.sumOfSquares.toFixed(6))])).toEqual([['batch', 4, 68], ['operator', 4, 150], ['formulation', 4, 330]])
    expect(row(found, 'formulation')?.f).toBeCloseTo(7.734375, 9)
    expect(found.factorial?.strata[0]?.error).toMatchObject({ df: 12, sumOfSquares: expect.closeTo(128, 8) })
  })
  it('a square with centre points: no curvature', () => {
    const found = analysed(file('centre-points.csv'), { response: 'yield', factors: ['time', 'temperature'] })
    expect(effects(found)).toEqual({ time: 1.55, temperature: 0.65, 'time × temperature': -0.05 })
    expect(row(found, 'curvature')).toMatchObject({ sumOfSquares: expect.closeTo(0.0027, 4), f: expect.closeTo(0.0633, 4) })
    expect(found.factorial?.strata[0]?.error).toMatchObject({ df: 4, meanSquare: expect.closeTo(0.043, 9) })
    expect(found.notes[0]).toContain('5 rows are centre points')
  })
  it('a central composite design: its surface', () => {
    const found = analysed(file('chemical-process.csv'), { response: 'y', factors: ['x1', 'x2'], model: 'quadratic' })
    expect(found.surface?.groups.map((g) => [g.name, g.df, g.p === null])).toEqual([['linear', 2, false], ['interactions', 1, false], ['squares', 2, false]])
    expect(found.surface?.groups[1]?.p).toBeCloseTo(0.102_519_190_765_468, 10)
    expect(found.surface?.stationary).toMatchObject({ kind: 'maximum', predicted: expect.closeTo(80.212_393_036, 8) })
    expect(analysed(file('chemical-process.csv'), { response: 'y', factors: ['x1', 'x2'] }).notes.join()).toContain('--model quadratic')
  })
})

describe('what the design cannot say', () => {
  it('one stand-up for each setup: no interval and no p-value for it', () => {
    const r = random(3)
    const rows = [1, 2].flatMap((tp) => [4, 8, 16].flatMap((rate) => [1, 2].map(() => `stack-${tp},${tp},${rate},${(100 + 10 * tp + rate + r.normal()).toFixed(3)}`)))
    const found = analysed(`stack,tp,rate,ttft\n${rows.join('\n')}`, { response: 'ttft', factors: ['tp', 'rate'], wholePlot: ['stack'] })
    expect(row(found, 'tp')).toMatchObject({ df: 1, f: null, p: null })
    expect(effect(found, 'tp')?.interval).toBeNull()
    expect(row(found, 'rate')?.p).toBeLessThan(1e-3)
    expect(found.notes.join()).toContain('stood up once each')
  })

  it('nothing replicated: the highest interaction is the error, and said to be', () => {
    const rows = ['x', 'y', 'z'].flatMap((a, i) => [1, 2, 4, 8].map((b, j) => `${a},${b},${10 + 2 * i + j + ((i * 7 + j * 5) % 3) / 10}`))
    const found = analysed(`engine,batch,y\n${rows.join('\n')}`, { response: 'y', factors: ['engine', 'batch'] })
    expect(found.factorial).toMatchObject({ order: 1, strata: [{ error: { df: 6 } }] })
    expect(found.notes[0]).toBe('nothing is replicated: interactions of 2 factors serve as error, as if there were none')
  })

  it('a cell that was never run: its interaction in part, main effects still', () => {
    const rows = [[1, 1], [1, 2], [2, 1], [2, 2], [3, 1]].flatMap(([a, b]) => [0, 1, 2].map((i) => `${a},${b},${(a as number) + 2 * (b as number) + i / 10}`))
    const found = analysed(`a,b,y\n${rows.join('\n')}`, { response: 'y', factors: ['a', 'b'] })
    expect(found.factorial?.notEstimable).toEqual([{ term: 'a × b', mixedWith: [], reason: expect.stringContaining('1 of its 2 degrees of freedom') }])
    expect(effect(found, 'b')?.estimate).toBeCloseTo(2, 9)
    expect(found.factorial?.means.find((m) => m.factors.join() === 'b')?.rows.map((m) => m.meanOfCells === null)).toEqual([false, true])
  })

  it('two factors that always change together are named', () => {
    const rows = [0, 1, 0, 1, 0, 1].map((x, i) => `${x},${['p', 'q'][x]},${x * 3 + i / 7}`)
    const found = analysed(`a,b,y\n${rows.join('\n')}`, { response: 'y', factors: ['a', 'b'] })
    expect(found.factorial?.notEstimable[0]).toEqual({ term: 'b', mixedWith: ['a'], reason: 'it cannot be told from a' })
  })
})

describe('what comes in', () => {
  const table = 'tp,rate,ttft,at\n2,4,100,3\n1,4,120,1\n2,12,110,2\n1,12,140,4\n1,4,121,6\n2,4,102,5\n'
  it('leaves rows without a response out, and says which', () => {
    const found = analysed(`${table}1,4,NA,7\n2,12,,8\n`, { response: 'ttft', factors: ['tp'] })
    expect(found.leftOut).toEqual([{ line: 8, reason: 'ttft is NA' }, { line: 9, reason: 'ttft is empty' }])
    expect(found.rows).toBe(6)
  })
  it('takes logarithms: effects are ratios, means geometric', () => {
    const found = analysed('a,y\n1,10\n1,20\n1,40\n2,40\n2,80\n2,160\n', { response: 'y', factors: ['a'], log: true })
    expect(effect(found, 'a')?.ratio?.estimate).toBeCloseTo(4, 10)
    expect(found.mean).toBeCloseTo(40, 9)
    expect(found.factorial?.means[0]?.rows.map((m) => m.mean)).toEqual([expect.closeTo(20, 9), expect.closeTo(80, 9)])
  })
  it('keeps only wanted rows', () => {
    expect(analysed(table, { response: 'ttft', factors: ['tp'], where: [{ column: 'rate', value: '4' }] }).rows).toBe(4)
  })
  it('puts runs in order by a column: a drift shows only there', () => {
    const r = random(12)
    const runs = shuffled(Array.from({ length: 30 }, (_, i) => ({ at: i, a: (i * 7) % 3, y: 100 + i / 2 + r.normal() })), r)
    const text = `at,a,y\n${runs.map((x) => `2026-01-01T00:${String(x.at).padStart(2, '0')}:00Z,${'pqr'[x.a]},${x.y}`).join('\n')}`
    const verdict = (request: Partial<AnalysisRequest>) => analysed(text, { response: 'y', factors: ['a'], ...request }).checks.find((c) => c.assumption.startsWith('no trend'))
    expect(verdict({})?.verdict).toBe('no doubt')
    expect(verdict({ runOrder: 'at' })).toMatchObject({ verdict: 'doubt', detail: expect.stringContaining('drift') })
  })
  it('says nothing of drift where rows are sorted by the design', () => {
    const text = `a,y\n${Array.from({ length: 12 }, (_, i) => `${i < 6 ? 'p' : 'q'},${i % 5}`).join('\n')}`
    expect(analysed(text, { response: 'y', factors: ['a'] }).checks.find((c) => c.assumption.startsWith('no trend'))).toMatchObject({ verdict: 'cannot be checked', detail: expect.stringContaining('sorted') })
  })

  const request = { response: 'ttft', factors: ['tp', 'rate'] }
  it.each<[string, string, AnalysisRequest, string]>([
    ['a name that is no column', table, { ...request, factors: ['tp', 'rte'] }, 'runs.csv: --factors: there is no column "rte" (expected one of tp, rate, ttft, at); did you mean "rate"?'],
    ['a response that is no column', table, { ...request, response: 'tfft' }, 'did you mean "ttft"?'],
    ['a factor that is the response', table, { ...request, factors: ['ttft'] }, 'ttft: it is a factor and already the response'],
    ['a response with units', 'tp,ttft\n1,10ms\n2,20ms\n1,11ms\n', { response: 'ttft', factors: ['tp'] }, 'runs.csv:2: ttft: the response is no number (found text "10ms", expected a decimal number with a point, without its unit'],
    ['levels of mixed type', 'tp,ttft\n1,10\nauto,20\n1,11\n', { response: 'ttft', factors: ['tp'] }, 'runs.csv:3: tp: levels of mixed type (found text "1" in line 2 and text "auto", expected numbers alone or texts alone; --categorical tp'],
    ['an empty level', 'tp,ttft\n1,10\n,20\n2,11\n', { response: 'ttft', factors: ['tp'] }, 'runs.csv:3: tp: no level in 1 row'],
    ['one level', 'tp,ttft\n1,10\n1,20\n1,11\n', { response: 'ttft', factors: ['tp'] }, 'it has one level, text "1", in all rows'],
    ['a constant response', 'tp,ttft\n1,5\n2,5\n1,5.0\n', { response: 'ttft', factors: ['tp'] }, 'the response is 5 in all 3 rows: there is no variation to explain'],
    ['too few rows', 'tp,ttft\n1,10\n2,20\n', { response: 'ttft', factors: ['tp'] }, '2 rows have a response; an analysis needs 3 or more'],
    ['a level for each row', 'id,ttft\na,10\nb,20\nc,30\n', { response: 'ttft', factors: ['id'] }, 'every row has its own level'],
    ['no such value', table, { ...request, where: [{ column: 'rate', value: '21' }] }, 'no row has rate=21; it has 4, 12; did you mean "12"'],
    ['values without logarithm', 'tp,ttft\n1,0\n2,5\n1,5.5\n', { response: 'ttft', factors: ['tp'], log: true }, 'it has no logarithm (found text "0", expected values above 0'],
    ['a surface of labels', 'e,ttft\nx,1\ny,5\nx,5.5\n', { response: 'ttft', factors: ['e'], model: 'quadratic' }, 'e: its levels are no numbers'],
    ['an order that is none', `${table}1,4,99,later\n`, { ...request, runOrder: 'at' }, 'at: no place in the order of runs (found text "later"'],
    ['ragged rows', 'tp,ttft\n1,10\n2,20,3\n', { response: 'ttft', factors: ['tp'] }, 'runs.csv:3: 3 cells, but the heading has 2'],
    ['two columns of one name', 'tp,tp\n1,10\n', { response: 'ttft', factors: ['tp'] }, 'two columns are called "tp"'],
    ['no rows', 'tp,ttft\n', { response: 'ttft', factors: ['tp'] }, 'a heading and no rows'],
    ['nothing', '', { response: 'ttft', factors: ['tp'] }, 'the table is empty'],
  ])('%s', (_, text, asked, message) => {
    const found = analyzeTable(text, 'runs.csv', asked)
    expect(found.ok ? 'analysed' : found.problems.map(formatProblem).join('\n')).toContain(message)
  })
})
