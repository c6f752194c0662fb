// SPDX-License-Identifier: Apache-2.0
/** Refuses a design in which two things set the same place: the later one would silently win. */
import type { Problem } from '../model/problem.ts'

export interface WrittenPath {
  /** Resolved text, so that equal places are equal. */
  readonly text: string
  /** Where it was written. */
  readonly at: string
  /** Who sets it: `factor tp`, `constant x`. */
  readonly owner: string
}

/** Two factors may not overlap at all; a constant may set something around a factor's place, not the place itself nor within it. */
export function checkOverlaps(paths: readonly WrittenPath[], constants: readonly WrittenPath[]): Problem[] {
  const problems: Problem[] = []
  const sorted = paths.toSorted((a, b) => (a.text < b.text ? -1 : 1))
  for (const [i, path] of sorted.entries()) {
    // Within sorted paths the ones inside `path` follow it, possibly with unrelated neighbours between (x-y < x.y).
    for (const other of sorted.slice(i + 1)) {
      if (!other.text.startsWith(path.text)) break
      if (contains(path.text, other.text)) problems.push(overlap(other, path))
    }
    for (const constant of constants) if (contains(path.text, constant.text)) problems.push(overlap(constant, path))
  }
  return problems
}

/** Whether the inner path is the outer one or a place within it. */
function contains(outer: string, inner: string): boolean {
  return inner === outer || (inner.startsWith(outer) && (inner[outer.length] === '.' || inner[outer.length] === '['))
}

function overlap(inner: WrittenPath, outer: WrittenPath): Problem {
  const where = inner.text === outer.text ? 'the same place' : `a place within ${outer.text}`
  return {
    reason: 'OverlappingPaths', path: inner.at, message: `${inner.owner} sets ${where} as ${outer.owner} (${outer.at})`,
    found: inner.text, expected: 'one owner for every place; use zip to change several places together',
  }
}
