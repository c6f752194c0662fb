// SPDX-License-Identifier: Apache-2.0
/** Central composite designs: corners, axial points and a centre, with the axial distance that the wanted property asks for. */
import type { Design } from '../model/design.ts'

export type AxialProperty = NonNullable<Design['centralComposite']>['alpha']
export interface CompositeSize { readonly factors: number; readonly corners: number; readonly center: number }

/**
 * Distance of the axial points from the centre, in units of the corners'. Rotatable: the fourth root of the corners, so that the variance of a
 * prediction depends on the distance from the centre only (Box & Hunter 1957). Orthogonal: quadratic effects are uncorrelated with each other.
 */
export function axialDistance(property: AxialProperty, { factors, corners, center }: CompositeSize): number {
  switch (property) {
    case 'rotatable':
      return Math.sqrt(Math.sqrt(corners))
    case 'orthogonal':
      return Math.sqrt((Math.sqrt(corners * (corners + 2 * factors + center)) - corners) / 2)
    case 'faceCentered':
      return 1
  }
}

export interface CompositeInput {
  /** Corners at -1 and 1. */
  readonly corners: readonly (readonly number[])[]
  readonly alpha: number
  /** Axial points at -1 and 1, and corners within. */
  readonly inscribed: boolean
}

/** Corners, then two axial points of each factor; the centre is not among them. */
export function compositeRows({ corners, alpha, inscribed }: CompositeInput): number[][] {
  const factors = corners[0]?.length ?? 0
  const [corner, axial] = inscribed ? [1 / alpha, 1] : [1, alpha]
  const star = Array.from({ length: factors }, (_, f) => [-axial, axial].map((distance) => Array.from({ length: factors }, (__, other) => (other === f ? distance : 0))))
  return [...corners.map((row) => row.map((level) => level * corner)), ...star.flat()]
}
