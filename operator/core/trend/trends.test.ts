// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { findTrends } from './find-trends.ts'
import { ENGLISH } from '../report/messages/languages.ts'
import { shiftRows } from './rows.ts'
import { eventfulHistory, nightly, type Planted } from './testdata/nightly.ts'
import { trendsHtml } from './to-html.ts'
import { trendsJson } from './to-json.ts'
import { trendsMarkdown } from './to-markdown.ts'
import type { Trends } from './trends.ts'
import { stateOf, trendHeadline } from './words.ts'

const golden = (name: string) => new URL(`testdata/${name}`, import.meta.url).pathname
const trendsOf = (planted: Planted, options = {}): Trends => findTrends(nightly(planted), options)
/** `worse@30` for a shift whose first run is number 30, `worse~` for a drift; `!` where a job should fail. */
const said = ({ series }: Trends) => series.map((s) => s.shifts.map((x) => `${x.effect}${x.kind === 'drift' ? '~' : `@${x.after}`}`).join(' ') + (s.isWorse ? '!' : ''))
const step = (at: number, factor: number, back = Infinity) => (night: number) => (night >= at && night < back ? factor : 1)

describe('findTrends', () => {
  it.each<[string, Planted, readonly string[]]>([
    ['nothing', { runs: 40 }, ['']],
    ['a latency that grew lately', { runs: 40, values: (n) => ({ ttft: 100 * step(34, 1.2)(n) }) }, ['worse@34!']],
    ['a throughput that grew lately', { runs: 40, values: (n) => ({ output_throughput: 100 * step(34, 1.2)(n) }) }, ['better@34']],
    ['a throughput that fell lately', { runs: 40, values: (n) => ({ output_throughput: 100 * step(34, 0.8)(n) }) }, ['worse@34!']],
    ['what is neither better nor worse', { runs: 40, values: (n) => ({ output_length: 100 * step(34, 1.2)(n) }) }, ['changed@34']],
    ['what was worse long ago, and is the level now', { runs: 40, values: (n) => ({ ttft: 100 * step(12, 1.2)(n) }) }, ['worse@12']],
    ['what was worse for a while, and was mended', { runs: 40, values: (n) => ({ ttft: 100 * step(31, 1.3, 36)(n) }) }, ['worse@31 better@36']],
    ['what was mended in part only', { runs: 50, values: (n) => ({ ttft: 100 * (n >= 45 ? 1.15 : n >= 40 ? 1.4 : 1) }) }, ['worse@40 better@45!']],
    ['a slow drift', { runs: 40, values: (n) => ({ ttft: 100 * 1.006 ** n }) }, ['worse~!']],
    ['one outlier', { runs: 40, values: (n) => ({ ttft: n === 37 ? 500 : 100 }) }, ['']],
    ['seven runs', { runs: 7, values: (n) => ({ ttft: n < 4 ? 100 : 500 }) }, ['']],
    ['another GPU at the same time', { runs: 40, values: (n) => ({ ttft: 100 * step(20, 2)(n) }), environment: (n) => ({ gpu: n < 20 ? 'a' : 'b' }) }, ['']],
    ['a change within the second environment', { runs: 60, values: (n) => ({ ttft: 100 * step(20, 2)(n) * step(52, 1.2)(n) }), environment: (n) => ({ gpu: n < 20 ? 'a' : 'b' }) }, ['worse@52!']],
    ['an environment that came back', { runs: 40, values: (n) => ({ ttft: 100 * step(20, 3, 24)(n) * step(33, 1.2)(n) }), environment: (n) => ({ gpu: n >= 20 && n < 24 ? 'b' : 'a' }) }, ['worse@33!']],
    ['errors where there were none', { runs: 40, values: (n) => ({ error_rate: n < 33 ? 0 : 0.05 }) }, ['worse@33!']],
  ])('of %s says so', (_, planted, expected) => expect(said(trendsOf(planted))).toEqual(expected))

  it('says when, between which commits, how much and what differs', () => {
    const { series: [one], runs } = trendsOf({ runs: 40, values: (n) => ({ ttft: 100 * step(30, 1.2)(n) }), subject: (n) => ({ images: n < 30 ? 'v1' : 'v2', charts: 'c' }) })
    const [shift] = one?.shifts ?? []
    expect([runs[shift?.before ?? 0]?.run, runs[shift?.after ?? 0]?.run]).toEqual([30, 31])
    expect(shift?.changes).toEqual([{ fact: 'images', before: 'v1', after: 'v2' }])
    expect(shift?.size).toMatchObject({ scale: 'ratio', bounds: { kind: 'interval', estimate: expect.closeTo(1.2, 1) } })
    const { bounds } = shift!.size
    expect(bounds.kind === 'interval' && bounds.low < 1.2 && bounds.high > 1.2 && bounds.high - bounds.low < 0.06).toBe(true)
    expect([shift?.levels.before.n, shift?.levels.after.n, shift?.isRecent]).toEqual([30, 10, true])
  })

  it('keeps its rate of false alarms over all series of a page together', () => {
    let alarms = 0
    const pages = 150
    for (let seed = 0; seed < pages; seed++) {
      const trends = trendsOf({ runs: 20, seed: 100 + seed, treatments: ['a', 'b', 'c'], values: () => ({ ttft: 100, tpot: 10, e2e: 900, output_throughput: 2000 }) }, { falseAlarms: 0.2 })
      alarms += Number(trends.series.some((s) => s.shifts.length > 0))
    }
    expect(alarms / pages).toBeLessThan(0.2 + 3 * Math.sqrt(0.16 / pages))
    expect(alarms).toBeGreaterThan(3)
  })

  it('is the same each time', () => expect(findTrends(eventfulHistory())).toEqual(findTrends(eventfulHistory())))
  it('takes percentiles of too few requests for nothing that decides', () => {
    const lines = nightly({ runs: 40, values: (n) => ({ ttft: 100 * step(30, 2)(n) }) }).map((l) => ({ ...l, responses: l.responses.map((r) => ({ ...r, weak: true as const })) }))
    const trends = findTrends(lines)
    expect([said(trends), trends.series.map((s) => s.environments[0]?.state)]).toEqual([[''], ['weak']])
  })
  it('tells apart Experiments, and keeps to those that are asked for', () => {
    const lines = [...nightly({ runs: 12 }), ...nightly({ runs: 12, experiment: 'other', seed: 2 })]
    expect(findTrends(lines).series).toHaveLength(2)
    expect(findTrends(lines, { experiments: ['other'] }).series.map((s) => s.experiment)).toEqual(['other'])
    expect(findTrends(lines, { responses: [{ metric: 'tpot', statistic: 'p50' }] }).series).toEqual([])
  })
  it('of a long history looks at the last 400 runs, and says so', () => {
    const trends = trendsOf({ runs: 410 })
    expect([trends.runs.length, trends.leftOut]).toEqual([400, 10])
    expect(trendsMarkdown(trends)).toContain('The first 10 runs were left out')
  })
})

describe('the page', () => {
  const trends = findTrends(eventfulHistory())
  const page = trendsHtml(trends)

  it('HTML', async () => { await expect(page).toMatchFileSnapshot(golden('eventful.golden.html')) })
  it('Markdown', async () => { await expect(trendsMarkdown(trends)).toMatchFileSnapshot(golden('eventful.golden.md')) })
  it('tells the worst first, and what did not change last and folded', () => {
    expect(shiftRows(trends).map((r) => ENGLISH.textOf(r.cells[0] ?? ''))).toEqual(['worse', 'drifts, worse (earlier)', 'better (earlier)'])
    expect(page.indexOf('id="changes"')).toBeLessThan(page.indexOf('<details id="steady"'))
  })
  it('needs neither network nor script', () => {
    expect(page).not.toMatch(/<script|<link|src=|url\(|https?:\/\/(?!www\.w3\.org)/)
    expect(page).toContain('default-src \'none\'')
  })
  it('does not take names for markup', () => {
    const lines = nightly({ runs: 30, treatments: ['"><img src=x onerror=alert(1)> | *a*'], values: (n) => ({ ttft: 100 * step(20, 2)(n) }), subject: (n) => ({ images: n < 20 ? '<b>' : '</td>' }) })
    // Within quotes an attribute may hold what it likes.
    const markup = trendsHtml(findTrends(lines)).replaceAll(/ aria-label="[^"]*"/g, '')
    expect(/<img|<b>|<\/td><\/td>/.exec(markup)?.[0]).toBeUndefined()
    expect(trendsMarkdown(findTrends(lines))).toContain('\\| \\*a\\*')
  })
  it.each<[string, number, string, RegExp]>([
    ['an empty history', 0, 'doubt', /history is empty/],
    ['one run', 1, 'doubt', /Nothing can be said yet: 1 run, and a change can be shown from 8 runs on/],
    ['enough runs', 30, 'good', /No series is worse/],
  ])('of %s can be drawn', (_, runs, level, text) => {
    const found = trendsOf({ runs })
    const headline = trendHeadline(found)
    expect([headline.level, ENGLISH.textOf(headline.text)]).toEqual([level, expect.stringMatching(text)])
    expect(trendsHtml(found)).toContain(`banner ${level}`)
    expect(trendsMarkdown(found)).toMatch(/^## /)
  })
  it('leaves no hole in any sentence', () => {
    for (const form of [page, trendsMarkdown(trends)]) expect(form.replaceAll(/<style>[^]*?<\/style>/g, '')).not.toMatch(/\{\w+\}|undefined|NaN/)
  })
  it('JSON says the same to programs', () => {
    const json = JSON.parse(trendsJson(trends)) as { schema: string; headline: object; series: { name: string; state: string; shifts: object[] }[]; runs: object[] }
    expect([json.schema, json.runs.length, json.series.map((s) => s.state)]).toEqual(['assay.dev/trends/v1', 60, trends.series.map(stateOf)])
  })
})
