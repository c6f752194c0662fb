// SPDX-License-Identifier: Apache-2.0
/** Which score a leaderboard is led by: the first column of a table that was given, else the score that most rows were measured by. */
import type { Score } from '../model/record.ts'
import type { BoardRow } from './board.ts'

export interface LeadingQuality {
  readonly label: string
  readonly better: Score['better']
  readonly of: (row: BoardRow) => { readonly value: number; readonly stderr?: number | undefined } | undefined
  /** Task and metric, where it was measured here. */
  readonly measured?: { readonly task: string; readonly metric: string }
}

export function leadingQuality(rows: readonly BoardRow[]): LeadingQuality | undefined {
  return qualityColumns(rows)[0] ?? measuredScores(rows)[0]
}

/** Columns of tables, in the order of the tables; published scores are all better when higher. */
export function qualityColumns(rows: readonly BoardRow[]): LeadingQuality[] {
  const keys = new Map(rows.flatMap((row) => (row.quality?.scores ?? []).map((s) => [`${s.table}\n${s.column}`, s] as const)))
  return [...keys.values()].map(({ table, column }) => ({
    label: column, better: 'higher', of: (row) => row.quality?.scores.find((s) => s.table === table && s.column === column),
  }))
}

/** What tells loops from text, not good from bad: it leads only where nothing else was scored. */
const PROXY = /^(?:repetition|distinct)\b/
/** Right answers before likely ones. */
const rank = ({ metric, better }: Score): number => (PROXY.test(metric) ? 2 : better === 'higher' ? 0 : 1)

/** Those of most rows first, then by what they say of quality; one that has no direction leads nothing. */
export function measuredScores(rows: readonly BoardRow[]): LeadingQuality[] {
  const all = rows.flatMap((row) => row.scores.filter((s) => s.better !== 'none'))
  const groups = [...Map.groupBy(all, (s) => `${s.task}, ${s.metric}`)]
  return groups.sort(([a, x], [b, y]) => y.length - x.length || rank(x[0] as Score) - rank(y[0] as Score) || (a < b ? -1 : 1)).map(([label, [first]]) => {
    const { task, metric, better } = first as Score
    return { label, better, measured: { task, metric }, of: (row) => row.scores.find((s) => s.task === task && s.metric === metric) }
  })
}
