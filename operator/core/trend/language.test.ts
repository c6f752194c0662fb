// SPDX-License-Identifier: Apache-2.0
/** The page of trends in a language that is made up, in which what is written past the catalogue stands out, and in Chinese. */
import { describe, expect, it } from 'vitest'
import { textsIn } from '../report/messages/languages.ts'
import { EN } from '../report/messages/english.ts'
import { linesOf, strangersTo, textsOfPage, XX } from '../report/testdata/pseudo-language.ts'
import { findTrends } from './find-trends.ts'
import { eventfulHistory, nightly } from './testdata/nightly.ts'
import { trendsHtml } from './to-html.ts'
import { trendsJson } from './to-json.ts'
import { trendsMarkdown } from './to-markdown.ts'
import type { Trends } from './trends.ts'

/** Under these keys stand words of our own, which a page says in its language. */
const WORDS_OF_OURS: ReadonlySet<string> = new Set(['fact', 'effect', 'kind', 'state', 'scale', 'method', 'better', 'basis', 'statistic'])
const strangers = (texts: readonly string[], trends: Trends) => strangersTo(texts, trends, { ours: WORDS_OF_OURS, others: ['UTC', 'pp'] })

const step = (at: number, factor: number) => (night: number) => (night >= at ? factor : 1)
const doubted = nightly({ runs: 30, values: (n) => ({ ttft: 100 * step(20, 2)(n), output_length: 90 * step(20, 2)(n) }), subject: (n) => (n < 20 ? {} : { images: 'v2', oddity: 'x' }) as Record<string, string> })
  .map((l, i) => ({ ...l, commit: i < 25 ? undefined : l.commit, responses: l.responses.map((r) => ({ ...r, suspect: 1, ...(i > 27 && { weak: true as const }) })) })) as ReturnType<typeof nightly>
const mixed = [...nightly({ runs: 3 }), ...nightly({ runs: 12, experiment: 'other', values: () => ({ ttft: 100, error_rate: 0, tpot: 9 }) })].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))

const cases: Readonly<Record<string, Trends>> = {
  'an eventful history': findTrends(eventfulHistory()),
  'changes without a reason or a commit, of doubtful runs': findTrends(doubted),
  'several Experiments': findTrends(mixed),
  'what is weak throughout': findTrends(nightly({ runs: 30 }).map((l) => ({ ...l, responses: l.responses.map((r) => ({ ...r, weak: true as const })) }))),
  'more than can be looked at or drawn': findTrends(nightly({ runs: 401, treatments: Array.from({ length: 2 }, (_, i) => `rate=${i}`) })),
  'more series than figures': findTrends(nightly({ runs: 2, treatments: Array.from({ length: 61 }, (_, i) => `rate=${i}`) })),
  'many that got worse': findTrends(nightly({ runs: 40, treatments: ['a', 'b', 'c', 'd', 'e'], values: (n) => ({ ttft: 100 * step(34, 2)(n) }) })),
  'one run': findTrends(nightly({ runs: 1 })),
  'nothing': findTrends([]),
}

describe.each(Object.entries(cases))('of %s everything that is read comes from the catalogue', (_, trends) => {
  it('in HTML', () => expect(strangers(textsOfPage(trendsHtml(trends, XX)), trends)).toEqual([]))
  it('in Markdown', () => expect(strangers(linesOf(trendsMarkdown(trends, XX)), trends)).toEqual([]))
})

it('is no check of nothing: every sentence of the catalogue is said by one of the pages, and a word past it is seen', () => {
  const pages = Object.values(cases).flatMap((t) => [...textsOfPage(trendsHtml(t, XX)), trendsMarkdown(t, XX)]).join('\n')
  const isSaid = (text: string) => `⟦${text}⟧`.split(/\{\w+\}/).every((piece) => pages.includes(piece))
  // Other facts and slopes are said in the same way.
  const alike = /^trend\.(?:fact\.|effect\.\w+Drift$)/
  const unsaid = Object.entries(EN).filter(([key, text]) => key.startsWith('trend.') && !alike.test(key) && !isSaid(text))
  expect(unsaid.map(([key]) => key)).toEqual([])
  expect(strangers(['⟦worse⟧ forgotten', '⟦worse⟧ rate=4, main'], cases['one run'] as Trends)).toEqual(['⟦worse⟧ forgotten'])
})

it('JSON is English whatever is read', () => {
  const { headline, series: [one] } = JSON.parse(trendsJson(cases['an eventful history'] as Trends)) as { headline: object; series: { name: string }[] }
  expect([headline, one?.name]).toEqual([{ level: 'bad', text: expect.stringContaining('got worse') }, 'p50 TTFT, tp=1 rate=4, main'])
})

describe('in Chinese', () => {
  const chinese = textsIn('zh', '--lang')
  const golden = (name: string) => new URL(`testdata/${name}`, import.meta.url).pathname
  it.each([['eventful.zh', 'an eventful history'], ['doubted.zh', 'changes without a reason or a commit, of doubtful runs'], ['mixed.zh', 'several Experiments']])('%s', async (file, name) => {
    if (chinese.ok) await expect(trendsMarkdown(cases[name] as Trends, chinese.value)).toMatchFileSnapshot(golden(`${file}.golden.md`))
  })
  it('the page says what it is in', () => {
    const page = chinese.ok ? trendsHtml(cases['an eventful history'] as Trends, chinese.value) : ''
    expect(page).toMatch(/^<!doctype html>\n<html lang="zh-Hans">/)
    expect(page).toContain('Noto Sans CJK SC')
  })
})
