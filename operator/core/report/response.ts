// SPDX-License-Identifier: Apache-2.0
/** Responses: one statistic of one metric of one stage of one trial, by name. */
import type { Findings } from '../model/findings.ts'
import { METRIC_NAMES, METRICS, STATISTICS, type MetricName, type StatisticName } from '../model/metric.ts'

/** What is measured of the stack and not of a stage stands under this name. */
export const STARTUP_STAGE = 'startup'
const STARTUP_METRICS = ['startup_total', 'startup_schedule', 'startup_pull', 'startup_load'] as const satisfies readonly MetricName[]
export type Statistic = StatisticName | 'value'

export interface Response { readonly metric: MetricName; readonly statistic: Statistic }
export interface ResponseValue { readonly value: number; readonly weak: boolean }

/** Statistics of distributions that tables and files carry; gates may ask for any. */
const TABULATED: readonly StatisticName[] = ['mean', 'p50', 'p90', 'p95', 'p99']

/** All responses that an analysis lists. */
export const RESPONSES: readonly Response[] = METRIC_NAMES.flatMap((metric) => {
  const statistics: readonly Statistic[] = METRICS[metric].shape === 'scalar' ? ['value'] : TABULATED
  return statistics.map((statistic) => ({ metric, statistic }))
})

export function isStartup(metric: string): boolean {
  return (STARTUP_METRICS as readonly string[]).includes(metric)
}

export function stagesOf({ stages, startup }: Findings): string[] {
  return [...stages.map((s) => s.stage), ...(startup === undefined ? [] : [STARTUP_STAGE])]
}

/** null where the trial has no such number. */
export function responseValue(findings: Findings, stage: string, { metric, statistic }: Response): ResponseValue | null {
  if (isStartup(metric)) return stage === STARTUP_STAGE && statistic === 'value' ? startupValue(findings, metric) : null
  const found = findings.stages.find((s) => s.stage === stage)
  if (METRICS[metric].shape === 'scalar') return statistic === 'value' ? answer(found?.scalars[metric]?.value, false) : null
  const distribution = found?.distributions[metric]
  return statistic === 'value' ? null : answer(distribution?.[statistic], distribution?.weak.includes(statistic) ?? false)
}

export function isStatistic(name: string): name is Statistic {
  return name === 'value' || (STATISTICS as readonly string[]).includes(name)
}

function answer(value: number | null | undefined, weak: boolean): ResponseValue | null {
  return typeof value === 'number' ? { value, weak } : null
}

/** Pods start side by side, so a phase takes as long as its slowest pod. */
function startupValue({ startup }: Findings, metric: MetricName): ResponseValue | null {
  if (metric === 'startup_total') return answer(startup?.totalSeconds, false)
  const slowest = (names: readonly string[]) => (startup?.pods ?? []).reduce<number | undefined>((most, { phases }) => {
    const own = phases.filter((p) => names.includes(p.name))
    return own.length === 0 ? most : Math.max(most ?? 0, own.reduce((total, p) => total + p.seconds, 0))
  }, undefined)
  if (metric === 'startup_schedule') return answer(slowest(['schedule']), false)
  if (metric === 'startup_pull') return answer(slowest(['pull']), false)
  return answer(slowest(['start', 'load', 'ready']), false)
}
