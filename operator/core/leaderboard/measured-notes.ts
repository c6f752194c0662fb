// SPDX-License-Identifier: Apache-2.0
/** What a reader of results must know of combinations that were left out because they were measured elsewhere. */
import type { Design } from '../model/design.ts'
import { joined, type Message, message } from '../report/messages.ts'

/** Files that a sentence names. */
const MOST_FILES = 3

export function measuredNotes({ measured = [] }: Partial<Pick<Design, 'measured'>>): Message[] {
  if (measured.length === 0) return []
  const files = [...new Set(measured.map((m) => m.from.replace(/:\d+$/, '')))]
  const more = files.length - MOST_FILES
  const listed = joined(files.slice(0, MOST_FILES), 'list.comma')
  const from = more > 0 ? message('board.measured.andMore', { list: listed, count: more }) : listed
  return [measured.length === 1 ? message('board.measured.noteOne', { from }) : message('board.measured.note', { count: measured.length, from })]
}
