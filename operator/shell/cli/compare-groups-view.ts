// SPDX-License-Identifier: Apache-2.0
/** A comparison of many groups for people, on a terminal or as Markdown, and for programs. It computes nothing. */
import type { GroupComparison } from '../../core/report/models/compare-groups.ts'
import { adviceSentences } from '../../core/report/models/advice-sentences.ts'
import { readingOf, summaryOf, tellingRows } from '../../core/report/models/comparison-sentences.ts'
import { comparedSentences, formSentences, lawSentences } from '../../core/report/models/finding-sentences.ts'
import { rowJson, studyJson } from '../../core/report/models/models-json.ts'
import { studyLines, tableMarkdown } from '../../core/report/models/models-markdown.ts'
import { lawTable, modelTables, type ModelTable, pairTable } from '../../core/report/models/tables.ts'
import type { Message, Texts } from '../../core/report/messages.ts'
import { said } from '../../core/report/messages/said.ts'
import { type Column, tableLines } from './table.ts'

interface TextForm { readonly markdown: boolean; readonly texts: Texts }

export function groupsText(comparison: GroupComparison, names: readonly string[], { markdown, texts }: TextForm): string {
  return `${(markdown ? markdownLines(comparison, names, texts) : plainLines(comparison, texts)).join('\n')}\n`
}

function markdownLines(comparison: GroupComparison, names: readonly string[], texts: Texts): string[] {
  const { found, rows } = comparison
  return [
    `# ${texts.say('models.title', { names: names.join(', ') })}`, '', texts.textOf(summaryOf(comparison)), '', ...studyLines(found, texts), '',
    ...tableMarkdown(pairTable(tellingRows(rows), texts), texts), '', ...readingOf(comparison).map((m) => `- ${texts.textOf(m)}`),
  ]
}

function plainLines(comparison: GroupComparison, texts: Texts): string[] {
  const { found, rows } = comparison
  const { study, laws, forms } = found
  const pairs = pairTable(tellingRows(rows), texts)
  return [
    texts.textOf(summaryOf(comparison)), '', ...items([...comparedSentences(found), ...adviceSentences(found)], texts),
    ...modelTables(study, texts).flatMap((t) => ['', t.title, ...drawn(t), ...t.notes]), '', texts.say('models.tableNote'),
    ...part(lawSentences(laws), lawTable(laws, texts), texts), ...part(formSentences(forms), null, texts),
    '', pairs.title, ...drawn(pairs), ...pairs.notes, '', ...readingOf(comparison).map(texts.textOf),
  ]
}

function part(sentences: readonly Message[], table: ModelTable | null, texts: Texts): string[] {
  return [...(sentences.length === 0 ? [] : ['', ...items(sentences, texts)]), ...(table === null ? [] : ['', table.title, ...drawn(table), '', texts.say('models.law.note')])]
}

const items = (sentences: readonly Message[], { textOf }: Texts) => sentences.map((s) => `- ${textOf(s)}`)

function drawn({ head, firstNumber, rows }: ModelTable): string[] {
  const columns = head.map(({ title, unit }, i): Column<readonly string[]> => ({ title: unit === undefined ? title : `${title} (${unit})`, value: (row) => row[i] ?? '', align: i >= firstNumber ? 'right' : 'left' }))
  return tableLines(columns, rows)
}

export function groupsJson(comparison: GroupComparison, names: readonly string[]): string {
  const { found, reference, rows, ...verdicts } = comparison
  return `${JSON.stringify({
    schema: 'assay.dev/group-comparison/v1', names, ...studyJson(found), reference: reference?.label, ...verdicts, rows: rows.map(rowJson),
    summary: said(summaryOf(comparison)), notes: readingOf(comparison).map(said),
  }, null, 2)}\n`
}
