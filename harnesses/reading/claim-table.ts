// SPDX-License-Identifier: Apache-2.0
/** A tool's summary → claims, by a table of what its names mean. It compares nothing. */
import type { Claim } from '../../operator/core/model/record.ts'

/** What one name of a tool means: our metric and the tool's unit. */
export interface Meaning {
  readonly native: string
  readonly metric: string
  readonly unit: string
}

/** Statistics by the names that tools give them. Standard deviations of a population have no name of ours. */
const STATISTICS: Readonly<Record<string, string>> = {
  mean: 'mean', avg: 'mean', median: 'p50', min: 'min', max: 'max', count: 'n', 'p0.1': 'p0p1', 'p99.9': 'p99p9', p0p1: 'p0p1', p99p9: 'p99p9',
}

/** undefined for what is no statistic of ours. */
export function statisticOf(native: string): string | undefined {
  return STATISTICS[native] ?? (/^p(1|5|10|25|50|75|90|95|99)$/.test(native) ? native : undefined)
}

/** Claims of one distribution: an object of statistics. What is null or no statistic is left out; of two that mean the same the first stays. */
export function distributionClaims(stage: string, { native, metric, unit }: Meaning, values: Readonly<Record<string, unknown>> | null | undefined): Claim[] {
  const seen = new Set<string>()
  return Object.entries(values ?? {}).flatMap(([name, value]) => {
    const statistic = statisticOf(name)
    if (statistic === undefined || seen.has(statistic) || typeof value !== 'number' || !Number.isFinite(value)) return []
    seen.add(statistic)
    return [{ stage, metric, statistic, value, unit: statistic === 'n' ? 'count' : unit, nativeName: `${native}.${name}` }]
  })
}

/** The claim of one number; none where the tool gives none. */
export function scalarClaim(stage: string, { native, metric, unit }: Meaning, value: unknown): Claim[] {
  return typeof value === 'number' && Number.isFinite(value) ? [{ stage, metric, statistic: 'value', value, unit, nativeName: native }] : []
}
