// SPDX-License-Identifier: Apache-2.0
/** What the numbers come to, as Markdown: recommendations with their ranking, and the effects of factors. */
import { adviceSentences } from './advice/advice-sentences.ts'
import { rankingTable } from './advice/ranking-table.ts'
import { effectSentences } from './effects/effect-sentences.ts'
import { type AgreementTable, type AgreementText, agreementTables } from './agreement/agreement-table.ts'
import { agreementSentences } from './agreement/agreement-sentences.ts'
import { type EffectCell, type EffectTable, effectTables } from './effects/effect-table.ts'
import { escapeMarkdown } from './markdown-text.ts'
import type { Part, Texts } from './messages.ts'
import type { ExperimentResults } from './results.ts'

/** Nothing where there is nothing to choose between. */
export function adviceLines(results: ExperimentResults, texts: Texts): string[] {
  const sentences = adviceSentences(results)
  const ranking = rankingTable(results)
  if (ranking === null) return items(sentences, texts)
  return [
    ...items(sentences, texts),
    '',
    row(ranking.columns.map(texts.textOf)),
    row(ranking.columns.map((_, i) => (i < 3 ? '---' : '--:'))),
    ...ranking.rows.map((cells) => row(cells.map(texts.textOf))),
    '',
    texts.say('advice.rankingNote'),
  ]
}

/** Nothing where one tool measured everything. */
export function agreementLines(results: ExperimentResults, texts: Texts): string[] {
  const tables = agreementTables(results)
  if (tables.length === 0) return []
  return [...items(agreementSentences(results), texts), ...tables.flatMap((table) => ['', ...agreementTable(table, texts)]), '', texts.say('agreement.lead')]
}

function agreementTable({ where, columns, rows }: AgreementTable, texts: Texts): string[] {
  return [row([texts.textOf(where) || texts.say('table.tool'), ...columns.map(texts.textOf)]), `| --- ${columns.map(() => '| --: ').join('')}|`, ...rows.map(({ tool, cells }) => `| ${escapeMarkdown(tool)} | ${cells.map((cell) => agreementText(cell, texts)).join(' | ')} |`)]
}

function agreementText(text: AgreementText | null, { textOf }: Texts): string {
  if (text === null) return '–'
  const shown = `${escapeMarkdown(text.value)} (${escapeMarkdown(text.against.map(textOf).join(' · '))})`
  return text.standing === 'differs' ? `**${shown}**` : shown
}

/** Nothing where nothing is varied. */
export function effectLines(results: ExperimentResults, texts: Texts): string[] {
  const sentences = effectSentences(results)
  const tables = effectTables(results)
  if (tables.length === 0) return items(sentences, texts)
  return [...items(sentences, texts), ...tables.flatMap((table) => ['', ...tableLines(table, texts)]), '', texts.say('effects.lead')]
}

const items = (sentences: readonly Part[], { textOf }: Texts) => sentences.map((s) => `- ${escapeMarkdown(textOf(s))}`)
const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`

function tableLines({ stage, columns, rows, hidden }: EffectTable, texts: Texts): string[] {
  const head = [stage === '' ? '' : texts.say('effects.stage', { stage }), ...columns.map(texts.textOf)]
  const body = rows.map(({ term, cells }) => `| ${escapeMarkdown(texts.textOf(term))} | ${cells.map((cell) => cellText(cell, texts)).join(' | ')} |`)
  return [
    row(head),
    `| --- ${columns.map(() => '| --: ').join('')}|`,
    ...body,
    ...(hidden > 0 ? ['', texts.say('effects.hidden', { count: hidden })] : []),
  ]
}

function cellText(cell: EffectCell | null, { textOf }: Texts): string {
  if (cell === null) return '–'
  const beside = [cell.share, textOf(cell.p)].filter((t) => t !== '').join(', ')
  const text = escapeMarkdown(cell.size === '' ? beside : `${[cell.size, cell.interval].filter((t) => t !== '').join(' ')} (${beside})`)
  return cell.shown ? `**${text}**` : text
}
