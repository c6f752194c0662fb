// SPDX-License-Identifier: Apache-2.0
/** An estimate with its interval and the name of the method that made it; or why there is none. */

export interface Bounds {
  readonly kind: 'interval'
  readonly estimate: number
  readonly low: number
  readonly high: number
  /** Confidence that was asked for. */
  readonly level: number
  readonly method: string
}
export interface NoBounds {
  readonly kind: 'none'
  readonly estimate: number | null
  readonly reason: string
}
export type MaybeBounds = Bounds | NoBounds

/** The same interval after a growing function of both the estimate and its ends, such as exp. */
export function mapBounds<B extends Bounds>(bounds: B, grow: (x: number) => number): B {
  return { ...bounds, estimate: grow(bounds.estimate), low: grow(bounds.low), high: grow(bounds.high) }
}
