// SPDX-License-Identifier: Apache-2.0
/** A comparison of many groups for people, on a terminal or as Markdown, and for programs. It computes nothing. */
import type { GroupComparison } from '../../core/report/models/compare-groups.ts'
import { adviceSentences } from '../../core/report/models/advice-sentences.ts'
import { readingOf, summaryOf } from '../../core/report/models/comparison-sentences.ts'
import { comparedSentences, formSentences, lawSentences } from '../../core/report/models/finding-sentences.ts'
import { message, type ModelMessage, textOf } from '../../core/report/models/messages.ts'
import { rowJson, said, studyJson } from '../../core/report/models/models-json.ts'
import { studyLines, tableMarkdown } from '../../core/report/models/models-markdown.ts'
import { lawTable, modelTables, type ModelTable, pairTable } from '../../core/report/models/tables.ts'
import { type Column, tableLines } from './table.ts'

export function groupsText(comparison: GroupComparison, names: readonly string[], markdown: boolean): string {
  return `${(markdown ? markdownLines(comparison, names) : plainLines(comparison)).join('\n')}\n`
}

function markdownLines(comparison: GroupComparison, names: readonly string[]): string[] {
  const { found, rows } = comparison
  return [
    `# ${textOf(message('models.title'))}: ${names.join(', ')}`, '', textOf(summaryOf(comparison)), '', ...studyLines(found), '',
    ...tableMarkdown(pairTable(rows)), '', ...readingOf(comparison).map((m) => `- ${textOf(m)}`),
  ]
}

function plainLines(comparison: GroupComparison): string[] {
  const { found, rows } = comparison
  const { study, laws, forms } = found
  const pairs = pairTable(rows)
  return [
    textOf(summaryOf(comparison)), '', ...items([...comparedSentences(found), ...adviceSentences(found)]),
    ...modelTables(study).flatMap((t) => ['', t.title, ...drawn(t), ...t.notes]), '', textOf(message('models.tableNote')),
    ...part(lawSentences(laws), lawTable(laws)), ...part(formSentences(forms), null),
    '', pairs.title, ...drawn(pairs), ...pairs.notes, '', ...readingOf(comparison).map(textOf),
  ]
}

function part(sentences: readonly ModelMessage[], table: ModelTable | null): string[] {
  return [...(sentences.length === 0 ? [] : ['', ...items(sentences)]), ...(table === null ? [] : ['', table.title, ...drawn(table), '', textOf(message('models.law.note'))])]
}

const items = (sentences: readonly ModelMessage[]) => sentences.map((s) => `- ${textOf(s)}`)

function drawn({ head, firstNumber, rows }: ModelTable): string[] {
  const columns = head.map(({ title, unit }, i): Column<readonly string[]> => ({ title: unit === undefined ? title : `${title} (${unit})`, value: (row) => row[i] ?? '', align: i >= firstNumber ? 'right' : 'left' }))
  return tableLines(columns, rows)
}

export function groupsJson(comparison: GroupComparison, names: readonly string[]): string {
  const { found, reference, rows, ...verdicts } = comparison
  return `${JSON.stringify({
    schema: 'assay.dev/group-comparison/v1', names, ...studyJson(found), reference: reference?.label, ...verdicts, rows: rows.map(rowJson),
    summary: said([summaryOf(comparison)])[0], notes: said(readingOf(comparison)),
  }, null, 2)}\n`
}
