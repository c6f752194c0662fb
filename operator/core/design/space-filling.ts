// SPDX-License-Identifier: Apache-2.0
/** Points of space-filling designs: coordinates from 0 to 1 for every factor. */
import type { Design } from '../model/design.ts'
import { type Built, built } from './design-points.ts'
import { latinHypercube, MAX_OPTIMISED } from './latin-hypercube.ts'
import { sobolPoints } from './sobol.ts'

export function spaceFillingPoints({ latinHypercube: latin, sobol }: Design, factors: number): Built {
  if (latin !== undefined) {
    const maximin = latin.criterion === 'maximin'
    return built({ rows: latinHypercube({ points: latin.points, factors, seed: latin.seed, maximin }), center: 0, construction: { kind: 'latinHypercube', optimised: maximin && latin.points <= MAX_OPTIMISED } })
  }
  const { points = 0, scramble = true, seed = 1 } = sobol ?? {}
  return built({ rows: sobolPoints({ points, dimensions: factors, ...(scramble ? { seed } : {}) }), center: 0, construction: { kind: 'sobol', scrambled: scramble } })
}
