// SPDX-License-Identifier: Apache-2.0
/** A tool's own numbers in the place of those that its records do not show, each marked as a claim. What records show is never replaced. */
import type { Distribution, Scalar, StageFindings } from '../model/findings.ts'
import { METRICS, PERCENTILES, STATISTICS, type MetricName, type PercentileName } from '../model/metric.ts'
import type { Claim } from '../model/record.ts'
import { minimumSamples } from '../stats/sample-size.ts'
import { isSameQuantity } from './known-differences.ts'
import type { StageResult } from './stage-findings.ts'
import { convertUnit } from './units.ts'

export function withClaimed(result: StageResult, claims: readonly Claim[], tool: string): StageResult {
  const { findings } = result
  const usable = claims.filter((c) => c.stage === findings.stage && isMetric(c.metric) && isSameQuantity(tool, c) && speaks(c, findings))
  const byMetric = Map.groupBy(usable, (c) => c.metric as MetricName)
  const distributions: Record<string, Distribution> = {}
  const scalars: Record<string, Scalar> = {}
  for (const [metric, own] of byMetric) {
    if (METRICS[metric].shape === 'distribution') {
      const claimed = findings.distributions[metric] === undefined ? distributionOf(metric, own, findings.requests.ok) : undefined
      if (claimed !== undefined) distributions[metric] = claimed
    } else if ((findings.scalars[metric]?.value ?? null) === null) {
      const value = ownValue(metric, own, 'value')
      if (value !== null) scalars[metric] = { unit: METRICS[metric].unit, value }
    }
  }
  const claimed = [...Object.keys(distributions), ...Object.keys(scalars)].sort()
  if (claimed.length === 0) return result
  return { ...result, findings: { ...findings, distributions: { ...findings.distributions, ...distributions }, scalars: { ...findings.scalars, ...scalars }, claimed } }
}

/** By bounds that the tool was given, which need not be ours. */
const OF_OWN_BOUNDS: ReadonlySet<string> = new Set(['goodput', 'attainment'])

/** Tools write 0 where nothing succeeded. */
function speaks({ metric }: Claim, { requests }: StageFindings): boolean {
  return !OF_OWN_BOUNDS.has(metric) && (requests.ok > 0 || metric === 'error_rate')
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

/** A mean, or any percentile, makes a distribution; what is not claimed stays null. */
function distributionOf(metric: MetricName, claims: readonly Claim[], answered: number): Distribution | undefined {
  const values = Object.fromEntries(STATISTICS.map((statistic) => [statistic, ownValue(metric, claims, statistic)])) as Record<(typeof STATISTICS)[number], number | null>
  if (Object.values(values).every((value) => value === null)) return undefined
  const n = claims.find((c) => c.statistic === 'n')?.value ?? answered
  const weak = (Object.entries(PERCENTILES) as [PercentileName, number][]).filter(([name, p]) => values[name] !== null && n < minimumSamples(p)).map(([name]) => name)
  return { unit: METRICS[metric].unit, n, ...values, weak }
}

function ownValue(metric: MetricName, claims: readonly Claim[], statistic: string): number | null {
  const claim = claims.find((c) => c.statistic === statistic)
  return claim === undefined ? null : convertUnit(claim.value, claim.unit, METRICS[metric].unit)
}
