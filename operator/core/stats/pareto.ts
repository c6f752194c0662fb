// SPDX-License-Identifier: Apache-2.0
/** Which configurations no other beats in everything, how sure that is, and where the front bends. */

/** One value of one objective, with what is known of its uncertainty; without an interval low and high equal the estimate. */
export interface Objective { readonly estimate: number; readonly low: number; readonly high: number }
export type Direction = 'lower' | 'higher'

export interface ParetoPlace {
  /** `possible`: beaten by estimates, yet no one point is clear of it in every objective. */
  readonly place: 'front' | 'possible' | 'dominated'
  /** Point that beats it by the estimates, the first of them; for `dominated` one that beats it whatever the intervals hold. */
  readonly by: number | null
}

/** Places in the order of the points. `directions` says of each objective which way is better. */
export function paretoPlaces(points: readonly (readonly Objective[])[], directions: readonly Direction[]): ParetoPlace[] {
  // Turned so that lower is better everywhere.
  const turned = points.map((point) => point.map((o, i) => (directions[i] === 'lower' ? o : { estimate: -o.estimate, low: -o.high, high: -o.low })))
  return turned.map((point) => {
    const by = turned.findIndex((other) => dominates(other, point))
    if (by < 0) return { place: 'front', by: null }
    const surely = turned.findIndex((other) => dominates(other, point) && other.every((o, i) => o.high <= (point[i] as Objective).low))
    return surely < 0 ? { place: 'possible', by } : { place: 'dominated', by: surely }
  })
}

function dominates(a: readonly Objective[], b: readonly Objective[]): boolean {
  return a.every((o, i) => o.estimate <= (b[i] as Objective).estimate) && a.some((o, i) => o.estimate < (b[i] as Objective).estimate)
}

/**
 * The point of a front of two objectives that lies farthest on the good side of the line between its ends, both objectives scaled to the
 * front's own range (Das 1999); null below three points, or where none lies by `least` of that range beyond it.
 */
export function kneeOfFront(front: readonly (readonly [number, number])[], directions: readonly [Direction, Direction], least = 1e-9): number | null {
  const turned = front.map((point) => point.map((x, i) => (directions[i] === 'lower' ? x : -x)) as [number, number])
  const scale = ([0, 1] as const).map((axis) => {
    const values = turned.map((point) => point[axis])
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return (x: number) => (most === least ? 0 : (x - least) / (most - least))
  })
  // The ends are (0, 1) and (1, 0): the line is u + v = 1, and what is good lies below it.
  const gains = turned.map(([x, y]) => 1 - (scale[0]?.(x) ?? 0) - (scale[1]?.(y) ?? 0))
  const best = gains.indexOf(Math.max(...gains))
  return front.length >= 3 && (gains[best] as number) > least ? best : null
}
