// SPDX-License-Identifier: Apache-2.0
/** What a reader of the result table must know, in a sentence or two. */
import { joined, type Message, message, type Part } from './messages.ts'
import type { ResultTable } from './result-table.ts'

export function intervalNote({ rows }: ResultTable): Message {
  const hasIntervals = rows.some((r) => r.values.some((v) => v?.cell.interval.kind === 'interval'))
  if (!hasIntervals) return message('table.means')
  return message('table.intervals')
}

/** For renderers that can show bold. */
export function tableNote(table: ResultTable): Part {
  const hasBest = table.rows.some((r) => r.values.some((v) => v?.best === true))
  return joined([intervalNote(table), ...(hasBest ? [message('table.bold')] : [])], 'list.sentence')
}
