// SPDX-License-Identifier: Apache-2.0
/** The comparison of models as Markdown: what to take from it, tables, laws and forms. */
import { escapeMarkdown } from '../markdown-text.ts'
import type { ExperimentResults } from '../results.ts'
import { adviceSentences } from './advice-sentences.ts'
import { comparedSentences, formSentences, lawSentences } from './finding-sentences.ts'
import type { Message, Texts } from '../messages.ts'
import { type ModelStudy, modelsOf } from './model-study.ts'
import { formTable, headingText, lawTable, modelTables, type ModelTable } from './tables.ts'

/** Nothing where fewer than two models were measured. */
export function modelLines(results: ExperimentResults, texts: Texts): string[] {
  const found = modelsOf(results)
  return found === null ? [] : studyLines(found, texts)
}

export function studyLines(found: ModelStudy, texts: Texts): string[] {
  const { study, laws, forms } = found
  const tables = modelTables(study, texts)
  const [law, form] = [lawTable(laws, texts), formTable(forms, texts)]
  const notes = [...new Set(tables.flatMap((t) => t.notes))]
  return [
    ...items([...comparedSentences(found), ...adviceSentences(found)], texts),
    ...tables.flatMap((t) => ['', ...tableMarkdown(t, texts)]),
    ...(tables.length === 0 ? [] : ['', texts.say('models.tableNote'), ...(notes.length === 0 ? [] : ['']), ...notes.map((n) => `- ${escapeMarkdown(n)}`)]),
    ...part({ title: 'models.head.scaling', said: lawSentences(laws), table: law, notes: law === null ? [] : ['models.law.note'] }, texts),
    ...part({ title: 'models.head.forms', said: formSentences(forms), table: form, notes: [] }, texts),
  ]
}

interface Part {
  readonly title: 'models.head.scaling' | 'models.head.forms'
  readonly said: readonly Message[]
  readonly table: ModelTable | null
  readonly notes: readonly 'models.law.note'[]
}

function part({ title, said, table, notes }: Part, texts: Texts): string[] {
  if (said.length === 0 && table === null) return []
  return ['', `### ${texts.say(title)}`, '', ...items(said, texts), ...(table === null ? [] : ['', ...bare(table, texts)]), ...notes.flatMap((n) => ['', escapeMarkdown(texts.say(n))])]
}

const items = (sentences: readonly Message[], { textOf }: Texts) => sentences.map((s) => `- ${escapeMarkdown(textOf(s))}`)
export const tableMarkdown = (table: ModelTable, texts: Texts): string[] => [`### ${escapeMarkdown(table.title)}`, '', ...bare(table, texts)]

/** Rows that a page of a pull request can hold. */
const MOST_ROWS = 100

function bare({ head, firstNumber, rows }: ModelTable, texts: Texts): string[] {
  const align = head.map((_, i) => (i >= firstNumber ? '--:' : '---'))
  const lines = [head.map((h) => escapeMarkdown(headingText(h, texts))), align, ...rows.slice(0, MOST_ROWS).map((row) => row.map(escapeMarkdown))].map((line) => `| ${line.join(' | ')} |`)
  return rows.length > MOST_ROWS ? [...lines, '', texts.say('page.firstRowsShort', { shown: MOST_ROWS, total: rows.length })] : lines
}
