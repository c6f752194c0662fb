// SPDX-License-Identifier: Apache-2.0
/** Where the names of marks stand in a figure, so that none is written over another: above, below, or not at all, since a mark tells its name when it is pointed at. */

interface Named { readonly x: number; readonly y: number; readonly name: string }
interface Place<Mark> { readonly dy: number; readonly marks: readonly Mark[] }
interface Box { readonly left: number; readonly right: number; readonly top: number }

/** About what a letter of the figures takes, in pixels. */
const LETTER = 6.5
const LINE = 13
const PLACES = [-10, 14] as const

/** As if both axes were linear from their least to their greatest value, which is near enough. */
export function placeNames<Mark extends Named>(marks: readonly Mark[], { width, height }: { readonly width: number; readonly height: number }): Place<Mark>[] {
  const [toX, toY] = [along(marks.map((m) => m.x), width), along(marks.map((m) => m.y), height)]
  const taken: Box[] = []
  const placed = PLACES.map((dy) => ({ dy, marks: [] as Mark[] }))
  for (const mark of marks) {
    const left = toX(mark.x)
    const free = placed.find(({ dy }) => {
      const box = { left, right: left + LETTER * mark.name.length, top: -toY(mark.y) + dy }
      const isFree = !taken.some((other) => box.left < other.right && other.left < box.right && Math.abs(box.top - other.top) < LINE)
      if (isFree) taken.push(box)
      return isFree
    })
    free?.marks.push(mark)
  }
  return placed.filter((place) => place.marks.length > 0)
}

function along(values: readonly number[], pixels: number): (value: number) => number {
  const [least, most] = [Math.min(0, ...values), Math.max(...values)]
  const from = least === 0 && Math.min(...values) > most / 2 ? Math.min(...values) : least
  return (value) => (most === from ? 0 : ((value - from) / (most - from)) * pixels * 0.85)
}
