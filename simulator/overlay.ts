// SPDX-License-Identifier: Apache-2.0
/** Settings by dotted path over a document, and the nearest name for a wrong one. Values in, values out. */

export type Document = Readonly<Record<string, unknown>>

/** A copy in which the value at the path is set; maps on the way are made. */
export function setPath(document: Document, path: readonly string[], value: unknown): Document {
  const [name, ...rest] = path
  if (name === undefined) return document
  if (rest.length === 0) return { ...document, [name]: value }
  const child = document[name]
  return { ...document, [name]: setPath(isMap(child) ? child : {}, rest, value) }
}

/** The name that was probably meant, if one is near enough. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names.map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined
}

export function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
