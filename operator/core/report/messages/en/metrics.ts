// SPDX-License-Identifier: Apache-2.0
/** What metrics and statistics are called in English: as the metric catalogue has them, and in sentences without a capital. */
import { METRICS, type MetricName, STATISTICS } from '../../../model/metric.ts'
import type { Statistic } from '../../response.ts'

export type MetricTexts = Readonly<Record<`metric.${MetricName}` | `response.${MetricName}` | `statistic.${Statistic}`, string>>

const SHORT: Partial<Record<string, string>> = { ttft: 'TTFT', tpot: 'TPOT', itl: 'ITL', e2e: 'E2E latency', ntpot: 'NTPOT' }

/** Acronyms keep their capitals: SLO attainment, KV-cache usage. */
function inSentence([metric, { label }]: readonly [string, { readonly label: string }]): string {
  return SHORT[metric] ?? (/^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1))
}

const metrics = Object.entries(METRICS)

export const METRIC_TEXTS = {
  ...Object.fromEntries(metrics.map(([metric, { label }]) => [`metric.${metric}`, label])),
  ...Object.fromEntries(metrics.map((entry) => [`response.${entry[0]}`, inSentence(entry)])),
  ...Object.fromEntries(['value', ...STATISTICS].map((statistic) => [`statistic.${statistic}`, statistic])),
} as MetricTexts
