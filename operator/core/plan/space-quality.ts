// SPDX-License-Identifier: Apache-2.0
/** How evenly points fill the unit cube: the smallest distance, the centred discrepancy, the largest correlation of two coordinates. */

export interface SpaceQuality {
  /** Smallest distance of two points, in a cube whose sides are 1. */
  readonly minDistance: number
  /** Hickernell's centred L2 discrepancy, squared, as the literature and scipy state it; smaller is more even. */
  readonly discrepancy: number
  /** Largest correlation of two factors, by amount. */
  readonly maxCorrelation: number
}

/** More points than this are not all compared with each other. */
const MAX_POINTS = 2000

/** Null for too many points or too few. */
export function spaceQuality(points: readonly (readonly number[])[]): SpaceQuality | null {
  if (points.length < 2 || points.length > MAX_POINTS) return null
  return { minDistance: minDistance(points), discrepancy: discrepancy(points), maxCorrelation: maxCorrelation(points) }
}

function minDistance(points: readonly (readonly number[])[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const [i, a] of points.entries()) {
    for (let j = 0; j < i; j++) {
      const b = points[j] ?? []
      least = Math.min(least, a.reduce((sum, x, d) => sum + (x - (b[d] ?? 0)) ** 2, 0))
    }
  }
  return Math.sqrt(least)
}

function discrepancy(points: readonly (readonly number[])[]): number {
  const n = points.length
  const centred = points.map((point) => point.map((x) => x - 0.5))
  const dimensions = centred[0]?.length ?? 0
  let single = 0
  let pairs = 0
  for (const [i, a] of centred.entries()) {
    single += a.reduce((product, x) => product * (1 + 0.5 * Math.abs(x) - 0.5 * x * x), 1)
    for (let j = 0; j <= i; j++) {
      const b = centred[j] ?? []
      let product = 1
      for (const [d, x] of a.entries()) product *= 1 + 0.5 * Math.abs(x) + 0.5 * Math.abs(b[d] ?? 0) - 0.5 * Math.abs(x - (b[d] ?? 0))
      pairs += i === j ? product : 2 * product
    }
  }
  return (13 / 12) ** dimensions - (2 / n) * single + pairs / (n * n)
}

function maxCorrelation(points: readonly (readonly number[])[]): number {
  const n = points.length
  const columns = (points[0] ?? []).map((_, d) => {
    const column = points.map((point) => point[d] ?? 0)
    const mean = column.reduce((a, b) => a + b, 0) / n
    return column.map((x) => x - mean)
  })
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  const lengths = columns.map((column) => Math.sqrt(dot(column, column)))
  return Math.max(0, ...columns.flatMap((a, i) => columns.slice(0, i).map((b, j) => Math.abs(dot(a, b)) / ((lengths[i] ?? 1) * (lengths[j] ?? 1) || 1))))
}
