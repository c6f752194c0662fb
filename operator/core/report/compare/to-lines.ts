// SPDX-License-Identifier: Apache-2.0
/** A comparison as rows of text for terminals and Markdown alike; who prints them draws the lines. */
import { differenceUnit, displayUnit, formatBounds, formatRounded, formatShift } from '../format.ts'
import type { Texts } from '../messages.ts'
import { ENGLISH } from '../messages/languages.ts'
import type { ComparisonRow, ResultsComparison } from './comparison.ts'

export interface ComparisonColumn {
  readonly title: string
  readonly value: (row: ComparisonRow) => string
  readonly align: 'left' | 'right'
}

/** Columns that say something: without treatments or with one stage there are fewer. */
export function comparisonColumns({ rows }: Pick<ResultsComparison, 'rows'>, texts: Texts = ENGLISH): ComparisonColumn[] {
  const { say } = texts
  const left = (title: string, value: ComparisonColumn['value']): ComparisonColumn => ({ title, value, align: 'left' })
  const right = (title: string, value: ComparisonColumn['value']): ComparisonColumn => ({ title, value, align: 'right' })
  const arm =
    (side: 'base' | 'candidate') =>
    ({ unit, ...row }: ComparisonRow) =>
      `${formatBounds(row[side].median, displayUnit(unit).scale)}${row[side].weak > 0 ? '*' : ''}`
  return [
    left(say('table.metric'), (r) => r.name),
    left(say('table.unit'), (r) => displayUnit(r.unit).unit),
    ...(rows.some((r) => r.treatment !== '') ? [left(say('table.treatment'), (r) => r.treatment)] : []),
    ...(new Set(rows.map((r) => r.stage)).size > 1 ? [left(say('table.stage'), (r) => r.stage)] : []),
    right('n', (r) => `${r.base.standUps}+${r.candidate.standUps}`),
    right(say('table.base'), arm('base')), right(say('table.new'), arm('candidate')),
    right(say('table.shift'), (r) => formatShift(r.difference.shift, r.difference.scale, r.unit)),
    right('p', (r) => (r.p === null ? '–' : r.p < 0.0001 ? '<0.0001' : r.p.toFixed(4))),
    left(say('table.verdict'), (r) => verdictText(r, texts)),
  ]
}

export function verdictText({ verdict, moreReplicates, margin, difference, unit }: ComparisonRow, { say }: Texts): string {
  if (verdict === 'insufficient' && moreReplicates !== null) return say('verdict.insufficientMore', { count: moreReplicates })
  if (verdict !== 'same' || margin === null || margin.size === 0) return say(`verdict.${verdict}`)
  const relative = difference.scale === 'ratio'
  const size = relative ? (margin.high - 1) * 100 : margin.size * displayUnit(unit).scale
  return say('verdict.sameWithin', { margin: `${formatRounded(size)} ${relative ? '%' : differenceUnit(unit)}` })
}

/** Rows in which not one replicate differs from another say nothing line by line. */
export function isFlat({ difference }: ComparisonRow): boolean {
  return difference.method === 'all values equal'
}
