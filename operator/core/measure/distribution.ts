// SPDX-License-Identifier: Apache-2.0
/** Values of one metric in one stage → its distribution, with the percentiles that the sample is too small for marked. */
import type { Distribution, Scalar } from '../model/findings.ts'
import { METRICS, PERCENTILES, type MetricName, type PercentileName } from '../model/metric.ts'
import { quantile, sorted } from '../stats/quantile.ts'
import { minimumSamples } from '../stats/sample-size.ts'
import { summarizeValues, type Summary } from '../stats/summary.ts'

export interface Sample {
  readonly summary: Summary
  readonly quantile: (p: number) => number | null
}

const PERCENTILE_ENTRIES = Object.entries(PERCENTILES) as [PercentileName, number][]

export function distributionOf(metric: MetricName, values: ArrayLike<number>): Distribution {
  return distributionOfSample(metric, sampleOf(values))
}

export function sampleOf(values: ArrayLike<number>): Sample {
  const order = sorted(values)
  return { summary: summarizeValues(order), quantile: (p) => quantile(order, p) }
}

export function distributionOfSample(metric: MetricName, { summary, quantile }: Sample): Distribution {
  const { n, mean, stddev, min, max } = summary
  const percentiles = PERCENTILE_ENTRIES.map(([name, p]) => [name, tidy(quantile(p))] as const)
  return {
    unit: METRICS[metric].unit, n, mean: tidy(mean), stddev: tidy(stddev), min: tidy(min), max: tidy(max),
    ...(Object.fromEntries(percentiles) as Record<PercentileName, number | null>),
    weak: PERCENTILE_ENTRIES.filter(([, p]) => n < minimumSamples(p)).map(([name]) => name),
  }
}

export function scalarOf(metric: MetricName, value: number | null, n?: number): Scalar {
  return { unit: METRICS[metric].unit, value: tidy(value), ...(n === undefined ? {} : { n }) }
}

/** Nine significant digits: far below any clock's error, and half the size of a double in a ConfigMap. */
function tidy(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(9))
}
