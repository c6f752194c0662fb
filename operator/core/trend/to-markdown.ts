// SPDX-License-Identifier: Apache-2.0
/** Trends as Markdown, for the page of a pipeline: what changed first, what did not folded away. */
import { escapeMarkdown } from '../report/markdown-text.ts'
import type { Part, Texts } from '../report/messages.ts'
import { ENGLISH } from '../report/messages/languages.ts'
import { type Column, ENVIRONMENT_COLUMNS, environmentRows, OPEN_COLUMNS, openRows, SHIFT_COLUMNS, shiftRows, STEADY_COLUMNS, steadyRows } from './rows.ts'
import type { Trends } from './trends.ts'
import { methodTexts, subtitle, trendHeadline } from './words.ts'

const SIGNS = { good: '✅', doubt: '⚠️', bad: '❌' } as const

export function trendsMarkdown(trends: Trends, texts: Texts = ENGLISH): string {
  const { say, textOf } = texts
  const { level, text } = trendHeadline(trends)
  const steady = steadyRows(trends)
  const sections = [
    [`## ${SIGNS[level]} ${say('trend.title')}`, '', escapeMarkdown(textOf(text)), '', escapeMarkdown(textOf(subtitle(trends)))],
    section({ title: say('trend.section.changes'), columns: SHIFT_COLUMNS, rows: shiftRows(trends).map((r) => r.cells) }, texts),
    section({ title: say('trend.section.environment'), columns: ENVIRONMENT_COLUMNS, rows: environmentRows(trends), lead: say('trend.environment.lead') }, texts),
    section({ title: say('trend.section.open'), columns: OPEN_COLUMNS, rows: openRows(trends) }, texts),
    // GitHub and GitLab fold what is between the tags, and read Markdown after an empty line.
    steady.length === 0 ? [] : folded(say('trend.section.steady'), [say('trend.steady.lead', { count: steady.length }), '', ...table({ columns: STEADY_COLUMNS, rows: steady }, texts)]),
    trends.runs.length === 0 ? [] : folded(say('trend.section.method'), methodTexts(trends).map((line) => `- ${escapeMarkdown(textOf(line))}`)),
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}

interface Table { readonly columns: readonly Column[]; readonly rows: readonly (readonly Part[])[] }

function section({ title, lead, ...shown }: Table & { readonly title: string; readonly lead?: string }, texts: Texts): string[] {
  return shown.rows.length === 0 ? [] : [`### ${title}`, '', ...(lead === undefined ? [] : [lead, '']), ...table(shown, texts)]
}

const folded = (title: string, lines: readonly string[]): string[] => [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>']

function table({ columns, rows }: Table, { say, textOf }: Texts): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [line(columns.map((key) => say(key))), `|${columns.map(() => '---').join('|')}|`, ...rows.map((row) => line(row.map(textOf)))]
}
