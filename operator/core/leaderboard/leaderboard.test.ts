// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Score } from '../model/record.ts'
import { analyze } from '../report/analyze.ts'
import { raw } from '../report/html.ts'
import { ENGLISH, textsIn } from '../report/messages/languages.ts'
import { sampleExperiment } from '../report/testdata/experiment.ts'
import { toHtml } from '../report/to-html.ts'
import { toJson } from '../report/to-json.ts'
import { toMarkdown } from '../report/to-markdown.ts'
import type { Leaderboard } from './board.ts'
import { boardHtml } from './board-html.ts'
import { boardLines } from './board-markdown.ts'
import { boardPage } from './board-page.ts'
import { boardRows } from './board-rows.ts'
import { boardFigures } from './figure-board.ts'
import { leaderboard, rowLabel } from './leaderboard.ts'
import { readQualityTable } from './quality-table.ts'
import { boardInput, boardResults, type BoardSample, TRACEBACK } from './testdata/board-sample.ts'

const golden = (name: string) => new URL(`testdata/${name}`, import.meta.url).pathname
const read = readQualityTable('Model,Precision,Average ⬆️,IFEval\nopenai-community/gpt2,float32,6.51,17.9\nopenai-community/gpt2,bfloat16,6.1,17.2\nfacebook/opt-1.3b,float16,5.25,23.8\n', 'open-llm.csv')
const quality = read.ok ? [read.value] : []
const FAILING = { failing: ['facebook/opt-1.3b', 'float32'] } as const
const results = await boardResults(FAILING, { quality })
const board = results.leaderboard as Leaderboard
const draw = { figure: ({ svg }: { readonly svg: string }) => raw(svg), legendItem: (label: string) => raw(`<li>${label}</li>`) }

const rowsOf = async (sample: BoardSample) => {
  const input = await boardInput(sample)
  return boardRows(input, analyze(input).treatments)
}

describe('goldens', () => {
  it('Markdown', async () => { await expect(`${boardLines(board, ENGLISH).join('\n')}\n`).toMatchFileSnapshot(golden('leaderboard.golden.md')) })
  it('HTML', async () => { await expect(boardHtml(board, draw, ENGLISH).markup).toMatchFileSnapshot(golden('leaderboard.golden.html')) })
})

describe('a leaderboard', () => {
  it('puts quality first, then decode throughput; what failed is a row with its traceback, last', () => {
    expect(board.rows.map((r) => [r.configuration.model, r.configuration.dtype, r.trials.length])).toEqual([
      ['openai-community/gpt2', 'float32', 3], ['openai-community/gpt2', 'bfloat16', 3], ['facebook/opt-1.3b', 'bfloat16', 3],
      ['distilbert/distilgpt2', 'bfloat16', 3], ['distilbert/distilgpt2', 'float32', 3], ['facebook/opt-1.3b', 'float32', 0],
    ])
    expect(board.rows.at(-1)?.failure).toEqual({ reason: 'HarnessFailed', traceback: TRACEBACK })
  })

  it('gives one row for all replicates, with the mean of their medians and its interval', () => {
    const row = board.rows.find((r) => r.configuration.model === 'facebook/opt-1.3b' && r.failure === undefined)
    const decode = row?.cells.find((c) => c.stage === 'decode' && c.metric === 'batch_latency' && c.statistic === 'p50')
    const medians = row?.trials.map((t) => t.stages.find((s) => s.stage === 'decode')?.distributions['batch_latency']?.p50 ?? 0) ?? []
    expect(decode?.mean).toBeCloseTo(medians.reduce((a, b) => a + b, 0) / 3, 9)
    expect(decode).toMatchObject({ stacks: 3, trials: 3, interval: { kind: 'interval', basis: 'between stand-ups', df: 2 } })
  })

  it('is in every form of the report, and in Chinese', () => {
    expect(toMarkdown(results)).toContain('## Leaderboard')
    const page = toHtml(results)
    expect(page).toContain('<section id="leaderboard">')
    expect(page.match(/Quality against latency: /g)).toHaveLength(2)
    expect(JSON.parse(toJson(results))).toMatchObject({ leaderboard: { rows: [{ configuration: { model: 'openai-community/gpt2' }, quality: { 'Average ⬆️': 6.51 }, measures: { 'prefill.batch_latency.p50': { unit: 'ms' } } }, {}, {}, {}, {}, { failure: { reason: 'HarnessFailed' } }] } })
    const chinese = textsIn('zh', '--lang')
    expect(chinese.ok && toHtml(results, chinese.value)).toContain('<h2>排行榜</h2>')
  })

  it('is the same byte for byte, fetches nothing and escapes what people wrote', async () => {
    expect(boardPage(board, ['a'], ENGLISH)).toBe(boardPage(board, ['a'], ENGLISH))
    const nasty = await boardResults({ models: [['<script>alert(1)</script>', 1], ['b', 2]] })
    const page = boardPage(nasty.leaderboard as Leaderboard, ['<b>'], ENGLISH)
    expect(page.match(/<script>/g)).toHaveLength(1)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page.match(/\b(src|href)="(?!#)[^"]*"/g)).toBeNull()
  })

  it.each([
    ['of a load over HTTP', async () => analyze(await sampleExperiment({ rates: [24], requests: 140 }))],
    ['of one model in one configuration', async () => boardResults({ models: [['a', 1]], dtypes: ['float32'] })],
  ])('is not made %s', async (_, make) => {
    const made = await make()
    expect(made.leaderboard).toBeUndefined()
    expect(toHtml(made)).not.toContain('id="leaderboard"')
  })

  it('keeps what lost some trials as measured, and says how many', async () => {
    const input = await boardInput({ models: [['a', 1], ['b', 2]], dtypes: ['float32'] })
    const trials = input.trials.map((t, i) => (i === 0 ? { ...t, verdict: { result: 'invalid' as const, reasons: [] } } : t))
    const made = analyze({ ...input, trials }).leaderboard as Leaderboard
    expect(made.rows.map((r) => [r.trials.length, r.lost, r.failure])).toEqual([[2, 1, undefined], [3, 0, undefined]])
    expect(boardLines(made, ENGLISH).join('\n')).toMatch(/\| 2\/2 \(−1\) \|/)
  })

  it('shows a treatment without any findings as failed, with what is known of the trials that left none', async () => {
    const input = await boardInput({ models: [['a', 1], ['b', 2]], dtypes: ['float32'] })
    const made = analyze({ ...input, treatments: [{ levels: { model: 'a', dtype: 'float32' } }, { levels: { model: 'b', dtype: 'float32' } }, { levels: { model: 'c', dtype: 'float32' } }], failed: [{ trial: 'x-1', reason: 'OutOfMemory', message: 'killed' }] }).leaderboard
    expect(made?.rows.at(-1)).toMatchObject({ configuration: { model: 'c' }, failure: { reason: 'OutOfMemory', traceback: 'no trial of it left findings\nx-1: OutOfMemory: killed' } })
  })

  it('tells the whole traceback where a note has more of it than the error', async () => {
    const input = await boardInput({ models: [['a', 1], ['b', 2]], dtypes: ['float32'], failing: ['a', 'float32'] })
    const trials = input.trials.map((t) => (t.verdict.result === 'invalid' ? { ...t, notes: ['load_model failed: Traceback\n  File "x"\nMemoryError: all of it'] } : t))
    expect(analyze({ ...input, trials }).leaderboard?.rows.at(-1)?.failure?.traceback).toBe('Traceback\n  File "x"\nMemoryError: all of it')
  })

  it('takes results that somebody brought by their model alone', async () => {
    const input = await boardInput({ models: [['a', 1], ['b', 2]], dtypes: ['float32'] })
    const trials = input.trials.map((t) => ({ ...t, provenance: { ...t.provenance, ingested: { from: 'x', command: 'assay ingest x' } } }))
    const { library: _base, ...brought } = input
    expect(analyze({ ...brought, trials }).leaderboard?.rows.map((r) => r.configuration)).toEqual([{ model: 'a' }, { model: 'b' }])
  })

  it('over several Experiments drops a failure that was measured later, and says what was measured twice', async () => {
    const [first, second] = [await rowsOf({ name: 'first', ...FAILING, stacks: 1 }), await rowsOf({ name: 'second', models: [['facebook/opt-1.3b', 1.3]], stacks: 1 })]
    const made = leaderboard([...first, ...second], [])
    expect(made.rows.filter((r) => r.failure !== undefined)).toEqual([])
    expect(made.notes.map(ENGLISH.textOf)).toEqual([
      'facebook/opt-1.3b · pytorch · float32 · sdpa · 1 failed in first and was measured elsewhere: the failure is left out.',
      'facebook/opt-1.3b · pytorch · bfloat16 · sdpa · 1 was measured in first, second: both rows are kept.',
    ])
    expect(made.rows).toHaveLength(7)
  })

  it('means over the scores of trials, with the error of one of them', async () => {
    const scores = (model: string): Score[] => [{ task: 'wiki', metric: 'perplexity', value: model === 'a' ? 30 : 20, stderr: 0.5, n: 100, better: 'lower' }]
    const made = (await boardResults({ models: [['a', 1], ['b', 2]], dtypes: ['float32'], scores })).leaderboard as Leaderboard
    expect(made.rows.map((r) => [rowLabel(r).slice(0, 1), r.scores[0]?.value, r.scores[0]?.stderr])).toEqual([['b', 20, 0.5], ['a', 30, 0.5]])
    const { figures } = boardFigures(made, ENGLISH)
    expect(figures.map((f) => ENGLISH.textOf(f.note ?? ''))).toEqual(Array.from({ length: 2 }, () => 'Left and down is better; the area of a mark is its peak RAM (GiB). Bars: 95 % intervals.'))
  })
})

describe('figures', () => {
  const radii = (svg: string) => [...svg.matchAll(/<circle[^>]* r="([\d.]+)"/g)].map((m) => Number(m[1]))

  it('draw memory as area', () => {
    const { figures: [prefill] } = boardFigures(board, ENGLISH)
    const found = radii(prefill?.svg ?? '').sort((a, b) => b - a)
    // The largest took 3.65 GiB, the smallest of those that are scored 1.298: areas go as memory.
    expect(found).toHaveLength(3)
    expect((found[0] ?? 0) ** 2 / (found[2] ?? 1) ** 2).toBeCloseTo(3.65 / 1.298, 1)
    expect(ENGLISH.textOf(prefill?.note ?? '')).toContain('Without Average ⬆️, and so not in the figure: distilbert/distilgpt2')
  })

  it('show throughput against memory where no quality is known, and say what is missing', async () => {
    const { figures, series } = boardFigures((await boardResults({ gpus: 1 })).leaderboard as Leaderboard, ENGLISH)
    expect(figures.map((f) => [ENGLISH.textOf(f.title), /GPU allocated \(GiB\)/.test(f.svg)])).toEqual([['Decode throughput against memory', true]])
    expect(series.map((s) => s.label)).toEqual(['bfloat16', 'float32'])
  })

  it('name what has none of what differs as the table does', async () => {
    const { rows, ...rest } = (await boardResults({ gpus: 1 })).leaderboard as Leaderboard
    const plain = rows.map((row) => (row.configuration.dtype === 'float32' ? { ...row, configuration: { ...row.configuration, dtype: undefined } } : row)) as typeof rows
    expect(boardFigures({ ...rest, rows: plain }, ENGLISH).series.map((s) => s.label)).toEqual(['bfloat16', '–'])
  })

  it('say what is missing where nothing can be drawn', async () => {
    const failed = (await boardResults({ models: [['a', 1]], failing: ['a', 'float32'] })).leaderboard as Leaderboard
    expect(boardFigures(failed, ENGLISH)).toMatchObject({ figures: [], missing: { key: 'board.figure.none' } })
  })
})
