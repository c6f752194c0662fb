// SPDX-License-Identifier: Apache-2.0
/** The comparison of models as Markdown: what to take from it, tables, laws and forms. */
import { escapeMarkdown } from '../markdown-text.ts'
import type { ExperimentResults } from '../results.ts'
import { adviceSentences } from './advice-sentences.ts'
import { comparedSentences, formSentences, lawSentences } from './finding-sentences.ts'
import { message, type ModelMessage, textOf } from './messages.ts'
import { type ModelStudy, modelsOf } from './model-study.ts'
import { formTable, headingText, lawTable, modelTables, type ModelTable } from './tables.ts'

/** Nothing where fewer than two models were measured. */
export function modelLines(results: ExperimentResults): string[] {
  const found = modelsOf(results)
  return found === null ? [] : studyLines(found)
}

export function studyLines(found: ModelStudy): string[] {
  const { study, laws, forms } = found
  const tables = modelTables(study)
  const [law, form] = [lawTable(laws), formTable(forms)]
  const notes = [...new Set(tables.flatMap((t) => t.notes))]
  return [
    ...items([...comparedSentences(found), ...adviceSentences(found)]),
    ...tables.flatMap((t) => ['', ...tableMarkdown(t)]),
    ...(tables.length === 0 ? [] : ['', textOf(message('models.tableNote')), ...(notes.length === 0 ? [] : ['']), ...notes.map((n) => `- ${escapeMarkdown(n)}`)]),
    ...part('models.head.scaling', lawSentences(laws), law, law === null ? [] : [message('models.law.note')]),
    ...part('models.head.forms', formSentences(forms), form, []),
  ]
}

function part(title: 'models.head.scaling' | 'models.head.forms', ...[said, table, notes]: readonly [readonly ModelMessage[], ModelTable | null, readonly ModelMessage[]]): string[] {
  if (said.length === 0 && table === null) return []
  return ['', `### ${textOf(message(title))}`, '', ...items(said), ...(table === null ? [] : ['', ...bare(table)]), ...notes.flatMap((n) => ['', escapeMarkdown(textOf(n))])]
}

const items = (sentences: readonly ModelMessage[]) => sentences.map((s) => `- ${escapeMarkdown(textOf(s))}`)
export const tableMarkdown = (table: ModelTable): string[] => [`### ${escapeMarkdown(table.title)}`, '', ...bare(table)]

/** Rows that a page of a pull request can hold. */
const MOST_ROWS = 100

function bare({ head, firstNumber, rows }: ModelTable): string[] {
  const align = head.map((_, i) => (i >= firstNumber ? '--:' : '---'))
  const lines = [head.map((h) => escapeMarkdown(headingText(h))), align, ...rows.slice(0, MOST_ROWS).map((row) => row.map(escapeMarkdown))].map((line) => `| ${line.join(' | ')} |`)
  return rows.length > MOST_ROWS ? [...lines, '', textOf(message('models.moreRows', { shown: MOST_ROWS, total: rows.length }))] : lines
}
