// SPDX-License-Identifier: Apache-2.0
/** A leaderboard as Markdown: table, notes, failures by their last line. */
import { escapeMarkdown } from '../report/markdown-text.ts'
import type { Texts } from '../report/messages.ts'
import type { Leaderboard } from './board.ts'
import { lastWords } from './last-words.ts'
import { boardTable } from './board-table.ts'

/** Rows that a page of a pull request can hold. */
const MOST_ROWS = 200

/** Nothing where there is no leaderboard. */
export function boardLines(board: Leaderboard | undefined, texts: Texts): string[] {
  if (board === undefined) return []
  const { columns, rows, notes, failures, failureColumns } = boardTable(board, texts)
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  const table = rows.length === 0 ? [] : [
    line(columns.map(({ title, unit }) => (unit === '' ? title : `${title}, ${unit}`))), `| ${columns.map((c) => (c.isNumber ? '--:' : '---')).join(' | ')} |`,
    ...rows.slice(0, MOST_ROWS).map((row) => line(row.map((c) => c.text))), '',
  ]
  const failed = failures.length === 0 ? [] : [
    '', `${texts.say('board.failures', { count: failures.length, total: board.rows.length })}:`, '',
    line([...failureColumns, texts.say('board.reason'), texts.say('board.traceback')]), `|${' --- |'.repeat(failureColumns.length + 2)}`,
    ...failures.slice(0, MOST_ROWS).map(({ row, reason, traceback }) => line([...row, reason, lastWords(traceback)])),
  ]
  return [...table, ...notes.map((note) => `- ${escapeMarkdown(note)}`), ...failed]
}
