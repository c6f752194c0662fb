// SPDX-License-Identifier: Apache-2.0
/** What a reader of the result table must know, in a sentence or two. */
import type { ResultTable } from './result-table.ts'

export function intervalNote({ rows }: ResultTable): string {
  const hasIntervals = rows.some((r) => r.values.some((v) => v?.cell.interval.kind === 'interval'))
  if (!hasIntervals) return 'Means over trials; n is stand-ups/trials.'
  return 'Mean ± half of the 95 % confidence interval (Student, over stand-ups unless marked); n is stand-ups/trials.'
}

/** For renderers that can show bold. */
export function tableNote(table: ResultTable): string {
  const hasBest = table.rows.some((r) => r.values.some((v) => v?.best === true))
  return `${intervalNote(table)}${hasBest ? ' Bold: better than all others under that load, by intervals that do not touch.' : ''}`
}
