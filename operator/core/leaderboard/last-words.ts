// SPDX-License-Identifier: Apache-2.0
/** What of a traceback fits a cell: what was raised, in one line. */

/** A message of a library may be a page. */
const LONGEST = 300

/** What was raised begins the last line that is not indented and names it (`ValueError: …`), and may go on; of other texts the last line. */
export function lastWords(traceback: string): string {
  const lines = traceback.trimEnd().split('\n')
  const raised = lines.findLastIndex((line) => /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Killed)\b/.test(line))
  const words = (raised < 0 ? lines.slice(-1) : lines.slice(raised)).join(' ').replaceAll(/\s+/g, ' ').trim()
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words
}
