// SPDX-License-Identifier: Apache-2.0
/** What the numbers come to, as Markdown: recommendations with their ranking, and the effects of factors. */
import { adviceSentences } from './advice/advice-sentences.ts'
import { rankingTable } from './advice/ranking-table.ts'
import { effectSentences } from './effects/effect-sentences.ts'
import { type AgreementTable, type AgreementText, agreementTables } from './agreement/agreement-table.ts'
import { agreementSentences } from './agreement/agreement-sentences.ts'
import { type EffectCell, type EffectTable, effectTables } from './effects/effect-table.ts'
import { escapeMarkdown } from './markdown-text.ts'
import { type Message, say, textOf } from './messages.ts'
import type { ExperimentResults } from './results.ts'

/** Nothing where there is nothing to choose between. */
export function adviceLines(results: ExperimentResults): string[] {
  const sentences = adviceSentences(results)
  const ranking = rankingTable(results)
  if (ranking === null) return items(sentences)
  return [
    ...items(sentences),
    '',
    row(ranking.columns),
    row(ranking.columns.map((_, i) => (i < 3 ? '---' : '--:'))),
    ...ranking.rows.map(row),
    '',
    say('advice.rankingNote'),
  ]
}

/** Nothing where one tool measured everything. */
export function agreementLines(results: ExperimentResults): string[] {
  const tables = agreementTables(results)
  if (tables.length === 0) return []
  return [...items(agreementSentences(results)), ...tables.flatMap((table) => ['', ...agreementTable(table)]), '', say('agreement.lead')]
}

function agreementTable({ where, columns, rows }: AgreementTable): string[] {
  return [row([where.trim() || 'tool', ...columns]), `| --- ${columns.map(() => '| --: ').join('')}|`, ...rows.map(({ tool, cells }) => `| ${escapeMarkdown(tool)} | ${cells.map(agreementText).join(' | ')} |`)]
}

function agreementText(text: AgreementText | null): string {
  if (text === null) return '–'
  const shown = `${escapeMarkdown(text.value)} (${escapeMarkdown(text.against)})`
  return text.standing === 'differs' ? `**${shown}**` : shown
}

/** Nothing where nothing is varied. */
export function effectLines(results: ExperimentResults): string[] {
  const sentences = effectSentences(results)
  const tables = effectTables(results)
  if (tables.length === 0) return items(sentences)
  return [...items(sentences), ...tables.flatMap((table) => ['', ...tableLines(table)]), '', say('effects.lead')]
}

const items = (sentences: readonly Message[]) => sentences.map((s) => `- ${escapeMarkdown(textOf(s))}`)
const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`

function tableLines({ stage, columns, rows, hidden }: EffectTable): string[] {
  const head = [stage === '' ? '' : say('effects.stage', { stage }), ...columns]
  const body = rows.map(({ term, cells }) => `| ${escapeMarkdown(term)} | ${cells.map(cellText).join(' | ')} |`)
  return [
    row(head),
    `| --- ${columns.map(() => '| --: ').join('')}|`,
    ...body,
    ...(hidden > 0 ? ['', say('effects.hidden', { count: hidden })] : []),
  ]
}

function cellText(cell: EffectCell | null): string {
  if (cell === null) return '–'
  const beside = [cell.share, cell.p].filter((t) => t !== '').join(', ')
  const text = escapeMarkdown(cell.size === '' ? beside : `${[cell.size, cell.interval].filter((t) => t !== '').join(' ')} (${beside})`)
  return cell.shown ? `**${text}**` : text
}
