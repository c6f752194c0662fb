// SPDX-License-Identifier: Apache-2.0
/** How far two configurations may lie apart and still be the same: as given, else as far as replicates of one treatment do (A/A). */
import type { Margin } from '../../stats/compare/margin.ts'
import { noiseFloor } from '../../stats/compare/noise-floor.ts'
import { normalQuantile } from '../../stats/distribution/normal.ts'
import type { Sampled } from './compare-results.ts'
import type { MetricMargin } from './comparison.ts'

/** Below so many degrees of freedom the noise is hardly known, and nothing is called the same by it. */
const FEWEST_DF = 4
const LEVEL = 0.95

export function marginsOf(
  samples: readonly Sampled[],
  { given, sameStandUp }: { readonly given?: Margin | undefined; readonly sameStandUp: boolean },
): MetricMargin[] {
  return [...Map.groupBy(samples, (s) => s.pair.name)].map(([name, own]): MetricMargin => {
    const unit = own[0]?.pair.base.unit ?? ''
    if (given !== undefined) return { name, unit, margin: given, source: 'given' }
    const groups = own.flatMap(({ base, candidate }) => [base, candidate]).filter((arm) => sameStandUp || arm.unit === 'stand-up')
    const floor = noiseFloor(
      groups.map((arm) => arm.values),
      { level: LEVEL },
    )
    if (floor === null || floor.df < FEWEST_DF) return { name, unit, margin: null, df: floor?.df ?? 0, source: 'too few replicates' }
    // The repeatability limit of ISO 5725-6 with its own factor: Student's would widen the margin for those who measure least.
    const reach = normalQuantile((1 + LEVEL) / 2) * Math.SQRT2 * floor.sd
    const margin = floor.scale === 'ratio' ? { relative: Math.expm1(reach) } : { absolute: reach }
    return { name, unit, margin, df: floor.df, source: 'noise floor' }
  })
}
