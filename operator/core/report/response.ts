// SPDX-License-Identifier: Apache-2.0
/** Responses: one statistic of one metric of one stage of one trial, by name. */
import type { Findings, StageFindings } from '../model/findings.ts'
import type { StartupPhase } from '../model/startup.ts'
import { METRIC_NAMES, METRICS, STATISTICS, type MetricName, type StatisticName } from '../model/metric.ts'

/** What is measured of the stack and not of a stage stands under this name. */
export const STARTUP_STAGE = 'startup'
/** The same of stacks that came up by an upgrade in place: what took no time for them was there already. */
export const UPGRADED_STAGE = 'startup_upgraded'
/** Phases by Kubernetes, and by the engine's own log. */
const POD_PHASES = { startup_schedule: ['schedule'], startup_pull: ['pull'], startup_load: ['start', 'load', 'ready'] } as const satisfies Partial<Record<MetricName, readonly string[]>>
const ENGINE_PHASES = {
  startup_process: 'process', startup_download: 'download', startup_weights: 'weights', startup_model: 'model', startup_compile: 'compile',
  startup_graphs: 'graphs', startup_kv_cache: 'kvCache', startup_engine: 'engine', startup_api: 'api',
} as const satisfies Partial<Record<MetricName, string>>
const STARTUP_METRICS: ReadonlySet<string> = new Set(['startup_total', 'startup_image', ...Object.keys(POD_PHASES), ...Object.keys(ENGINE_PHASES)])
export type Statistic = StatisticName | 'value'

export interface Response { readonly metric: MetricName; readonly statistic: Statistic }
export interface ResponseValue {
  readonly value: number
  readonly weak: boolean
  /** The tool's own number. */
  readonly claimed?: true
}

/** Statistics of distributions that tables and files carry; gates may ask for any. */
const TABULATED: readonly StatisticName[] = ['mean', 'p50', 'p90', 'p95', 'p99']

/** All responses that an analysis lists. */
export const RESPONSES: readonly Response[] = METRIC_NAMES.flatMap((metric) => {
  const statistics: readonly Statistic[] = METRICS[metric].shape === 'scalar' ? ['value'] : TABULATED
  return statistics.map((statistic) => ({ metric, statistic }))
})

export function isSame(a: Response, b: { readonly metric: string; readonly statistic: string }): boolean {
  return a.metric === b.metric && a.statistic === b.statistic
}

export function isStartup(metric: string): boolean {
  return STARTUP_METRICS.has(metric)
}

export function stagesOf({ stages, startup }: Findings): string[] {
  return [...stages.map((s) => s.stage), ...(startup === undefined ? [] : [startupStageOf({ startup })])]
}

export const startupStageOf = ({ startup }: Pick<Findings, 'startup'>): string => (startup?.upgradedFrom === undefined ? STARTUP_STAGE : UPGRADED_STAGE)

export const isStartupStage = (stage: string): boolean => stage === STARTUP_STAGE || stage === UPGRADED_STAGE

/** null where the trial has no such number. */
export function responseValue(findings: Findings, stage: string, { metric, statistic }: Response): ResponseValue | null {
  if (isStartup(metric)) return stage === startupStageOf(findings) && statistic === 'value' ? startupValue(findings, metric) : null
  const found = findings.stages.find((s) => s.stage === stage)
  const value = found === undefined ? null : stageValue(found, { metric, statistic })
  return value !== null && found?.claimed?.includes(metric) === true ? { ...value, claimed: true } : value
}

function stageValue({ scalars, distributions }: StageFindings, { metric, statistic }: Response): ResponseValue | null {
  if (METRICS[metric].shape === 'scalar') return statistic === 'value' ? answer(scalars[metric]?.value, false) : null
  const distribution = distributions[metric]
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
  const pods = startup?.pods ?? []
  if (metric === 'startup_total') return answer(startup?.totalSeconds, false)
  if (metric === 'startup_image') return answer(slowest(pods.map((pod) => pod.imagePullSeconds)), false)
  if (isOf(metric, POD_PHASES)) return answer(slowest(pods.map(({ phases }) => secondsOf(phases, POD_PHASES[metric]))), false)
  return isOf(metric, ENGINE_PHASES) ? answer(slowest(pods.map(({ engine }) => secondsOf(engine?.phases ?? [], [ENGINE_PHASES[metric]]))), false) : null
}

function isOf<T extends object>(name: string, table: T): name is Extract<keyof T, string> {
  return Object.hasOwn(table, name)
}

function secondsOf(phases: readonly StartupPhase[], names: readonly string[]): number | undefined {
  const own = phases.filter((p) => names.includes(p.name))
  return own.length === 0 ? undefined : own.reduce((total, p) => total + p.seconds, 0)
}

function slowest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((v) => v !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
