// SPDX-License-Identifier: Apache-2.0
/** A comparison for people, on a terminal or as Markdown, and for programs. It computes nothing. */
import type { ResultsComparison } from '../../core/report/compare/comparison.ts'
import { comparisonNotes, comparisonSummary } from '../../core/report/compare/sentences.ts'
import { comparisonColumns, isFlat } from '../../core/report/compare/to-lines.ts'
import type { Texts } from '../../core/report/messages.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import { said } from '../../core/report/messages/said.ts'
import { comparisonLines } from './diff-view.ts'
import type { Comparison } from './facts.ts'
import { markdownTable, tableLines } from './table.ts'

export interface ComparisonView {
  readonly comparison: ResultsComparison
  /** What else differs; undefined where it is not on record. */
  readonly differences: Comparison | undefined
  readonly names: { readonly base: string; readonly fresh: string }
}

/** Beyond it `assay diff` says more. */
const MOST_DIFFERENCES = 24

interface TextForm { readonly markdown: boolean; readonly texts?: Texts }

export function comparisonText({ comparison, differences, names }: ComparisonView, { markdown, texts = ENGLISH }: TextForm): string {
  const { say, textOf } = texts
  const rows = comparison.rows.filter((r) => !isFlat(r))
  const columns = comparisonColumns({ rows }, texts)
  const notes = comparisonNotes(comparison).map(textOf)
  const summary = textOf(comparisonSummary(comparison))
  const beside = differenceLines(differences, names, texts)
  if (!markdown) return lines([summary, '', ...tableLines(columns, rows), '', ...notes, ...(beside.length === 0 ? [] : ['', ...beside])])
  const head = [`# ${say('compare.title', names)}`, '', summary, '']
  return lines([
    ...head,
    ...markdownTable(columns, rows),
    '',
    ...notes.map((n) => `- ${n}`),
    ...(beside.length === 0 ? [] : ['', ...beside.map((l) => `    ${l}`.trimEnd())]),
  ])
}

const lines = (text: readonly string[]) => `${text.join('\n')}\n`

function differenceLines(differences: Comparison | undefined, { base, fresh }: ComparisonView['names'], { say }: Texts): string[] {
  if (differences === undefined) return []
  const { length } = differences.differences
  if (length === 0) return [say('compare.nothingDiffers')]
  const shown = { ...differences, differences: differences.differences.slice(0, MOST_DIFFERENCES) }
  const hidden = length - shown.differences.length
  return [
    say('compare.differs', { count: length }), '', ...comparisonLines(shown, { a: base, b: fresh }),
    ...(hidden > 0 ? [say('compare.moreDiffers', { count: hidden, command: `assay diff ${base} ${fresh}` })] : []),
  ]
}

export function comparisonJson({ comparison, differences, names }: ComparisonView): string {
  return `${JSON.stringify(
    {
      schema: 'assay.dev/comparison/v1',
      names,
      ...comparison,
      summary: said(comparisonSummary(comparison)),
      notes: comparisonNotes(comparison).map(said),
      differences,
    },
    null,
    2,
  )}\n`
}
