// SPDX-License-Identifier: Apache-2.0
/** How many more replicates would decide a comparison that is open. */
import { normalQuantile } from '../distribution/normal.ts'
import { equivalencePower, fewestReplicates, twoSamplePower } from '../power.ts'
import type { Difference } from './difference.ts'
import type { AppliedMargin } from './margin.ts'

const POWER = 0.8

export interface OpenComparison {
  readonly difference: Difference
  readonly margin: AppliedMargin | null
  readonly alpha: number
  readonly family: number
}

/**
 * On each side, beyond those that are there: enough in four of five cases both to find a shift as large as the margin and to show its
 * absence; without a margin, to find the shift that was seen. null where that is not known.
 */
export function missingReplicates({ difference, margin, alpha, family }: OpenComparison): number | null {
  const { sd, scale, shift: { estimate }, base, candidate, blocks } = difference
  if (sd === null || sd === 0 || estimate === null) return null
  const target = margin?.size ?? Math.abs(scale === 'ratio' ? Math.log(estimate) : estimate)
  if (!(target > 0)) return null
  // Three digits of a ratio that is itself a guess; so that the many metrics of a report share their answers.
  const needed = neededReplicates({ size: Number((target / sd).toPrecision(3)), alpha, family, same: margin !== null })
  return needed === null ? null : Math.max(1, needed - (blocks > 0 ? blocks : Math.min(base, candidate)))
}

interface Need { readonly size: number; readonly alpha: number; readonly family: number; readonly same: boolean }
const known = new Map<string, number | null>()

function neededReplicates({ size, alpha, family, same }: Need): number | null {
  const key = [size, alpha, family, same].join()
  const cached = known.get(key)
  if (cached !== undefined) return cached
  // Guenther's approximation (1981) is within one or two of the answer.
  const z = normalQuantile(1 - alpha / family / 2)
  const start = 2 * ((z + normalQuantile(POWER)) / size) ** 2 + (z * z) / 4
  const needed = fewestReplicates((n) => Math.min(
    twoSamplePower({ shift: size, sd: 1, n, alpha: alpha / family }),
    same ? equivalencePower({ shift: 0, sd: 1, n, alpha, margin: size }) : 1,
  ), { power: POWER, start })
  if (known.size < 10_000) known.set(key, needed)
  return needed
}
