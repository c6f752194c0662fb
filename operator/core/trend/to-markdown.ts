// SPDX-License-Identifier: Apache-2.0
/** Trends as Markdown, for the page of a pipeline: what changed first, what did not folded away. */
import { escapeMarkdown } from '../report/markdown-text.ts'
import { say, type TrendKey } from './messages.ts'
import { ENVIRONMENT_COLUMNS, environmentRows, OPEN_COLUMNS, openRows, SHIFT_COLUMNS, shiftRows, STEADY_COLUMNS, steadyRows } from './rows.ts'
import type { Trends } from './trends.ts'
import { methodTexts, subtitle, trendHeadline } from './words.ts'

const SIGNS = { good: '✅', doubt: '⚠️', bad: '❌' } as const

export function trendsMarkdown(trends: Trends): string {
  const { level, text } = trendHeadline(trends)
  const steady = steadyRows(trends)
  const sections = [
    [`## ${SIGNS[level]} ${say('trend.title')}`, '', escapeMarkdown(text), '', escapeMarkdown(subtitle(trends))],
    section('section.changes', SHIFT_COLUMNS, shiftRows(trends).map((r) => r.cells)),
    section('section.environment', ENVIRONMENT_COLUMNS, environmentRows(trends), say('environment.lead')),
    section('section.open', OPEN_COLUMNS, openRows(trends)),
    // GitHub and GitLab fold what is between the tags, and read Markdown after an empty line.
    steady.length === 0 ? [] : [
      `<details><summary>${say('section.steady')}</summary>`, '', say('steady.lead', { count: steady.length }), '', ...table(STEADY_COLUMNS, steady), '', '</details>',
    ],
    trends.runs.length === 0 ? [] : [`<details><summary>${say('section.method')}</summary>`, '', ...methodTexts(trends).map((line) => `- ${escapeMarkdown(line)}`), '', '</details>'],
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}

function section(title: TrendKey & `section.${string}`, columns: readonly TrendKey[], rows: readonly (readonly string[])[], lead = ''): string[] {
  return rows.length === 0 ? [] : [`### ${say(title)}`, '', ...(lead === '' ? [] : [lead, '']), ...table(columns, rows)]
}

function table(columns: readonly TrendKey[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [line(columns.map(titleOf)), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)]
}

/** Titles of columns have no parameters. */
export const titleOf = (key: TrendKey): string => say(key as 'column.series')
