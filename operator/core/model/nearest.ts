// SPDX-License-Identifier: Apache-2.0
/** Which known name somebody may have meant; it knows nothing of what the names name. */

/** The candidates closest to what was written, best first; none when nothing is close. */
export function nearest(written: string, candidates: Iterable<string>, most = 1): string[] {
  const limit = Math.max(2, Math.floor(written.length * 0.4))
  return [...new Set(candidates)]
    .map((name) => ({ name, distance: closeness(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name)
}

/** "; did you mean a, b?" or an empty string. */
export function didYouMean(written: string, candidates: Iterable<string>, most = 1): string {
  const names = nearest(written, candidates, most)
  return names.length === 0 ? '' : `; did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`
}

/** Behind one slip of the pen: `rat` is rather `rate` than `duration`. */
const CONTAINED = 1.5

/** A name that contains the other is close, however long the rest: `Llama-3.2-1B` and `meta-llama/Llama-3.2-1B-Instruct`. */
function closeness(a: string, b: string): number {
  const contained = Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a))
  return contained ? Math.min(CONTAINED, editDistance(a, b)) : editDistance(a, b)
}

/** Insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) row.push(cell({ a, b, i, j, row, last, beforeLast }))
    beforeLast = last
    last = row
  }
  return last[b.length] ?? a.length
}

interface Cell {
  readonly a: string
  readonly b: string
  readonly i: number
  readonly j: number
  readonly row: readonly number[]
  readonly last: readonly number[]
  readonly beforeLast: readonly number[]
}

function cell({ a, b, i, j, row, last, beforeLast }: Cell): number {
  const at = (line: readonly number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY
  const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
  const best = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1)
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
  return swapped ? Math.min(best, at(beforeLast, j - 2) + 1) : best
}
