// SPDX-License-Identifier: Apache-2.0
/** Several series of points → their sum, at the times of the one with most points. It knows no metric. */
import { type Point, valueAt } from './pod-track.ts'

/** The others are read at those times, linear between their own points. */
export function sumPoints(all: readonly (readonly Point[])[]): Point[] {
  const given = all.filter((points) => points.length > 0)
  const reference = given.reduce<readonly Point[]>((most, points) => (points.length > most.length ? points : most), [])
  return reference.map(([t]) => [t, given.reduce((sum, points) => sum + (valueAt(points, t) as number), 0)])
}
