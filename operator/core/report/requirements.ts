// SPDX-License-Identifier: Apache-2.0
/** What an operating point must meet to be worth recommending: bounds of the gate on latencies, and the SLO at its 99th percentile. */
import { durationMs } from '../model/common.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { METRICS } from '../model/metric.ts'
import { parseRule } from './gate-rule.ts'
import type { Requirement } from './results.ts'

/** Bounds of an SLO that are a metric of the request. That on the longest gap is none: it shows in attainment alone. */
const OF_REQUESTS = ['ttft', 'tpot', 'e2e'] as const
/** The share of requests that should meet an SLO which only attainment shows. */
const ATTAINMENT = 0.99

export function requirementsOf({ slo = {}, gate }: Pick<Partial<ExperimentSpec>, 'slo' | 'gate'>): Requirement[] {
  const bounded = OF_REQUESTS.flatMap((metric): Requirement[] => {
    const text = slo[metric]
    return text === undefined ? [] : [{ metric, statistic: 'p99', relation: 'at most', bound: durationMs(text) }]
  })
  const gaps: Requirement[] =
    slo.itl === undefined ? [] : [{ metric: 'attainment', statistic: 'value', relation: 'at least', bound: ATTAINMENT }]
  const ruled = (gate?.rules ?? []).flatMap(({ expr }) => ofRule(expr))
  // What the gate asks of a metric at every stage is what is wanted of it: the SLO then counts requests only.
  const all = [...ruled, ...[...bounded, ...gaps].filter((r) => !ruled.some((own) => own.metric === r.metric && own.stage === undefined))]
  return all.filter((r) => !all.some((other) => other !== r && isTighter(other, r)))
}

/** Whether one bound holds wherever the other does, and asks for more. */
function isTighter(a: Requirement, b: Requirement): boolean {
  const isSame =
    a.metric === b.metric && a.statistic === b.statistic && a.relation === b.relation && (a.stage === undefined || a.stage === b.stage)
  return isSame && (a.relation === 'at most' ? a.bound < b.bound : a.bound > b.bound)
}

function ofRule(expr: string): Requirement[] {
  const parsed = parseRule(expr)
  if (!parsed.ok || parsed.value.kind !== 'bound') return []
  const { metric, statistic, operator, bound, stage } = parsed.value
  const { shape, better } = METRICS[metric]
  const isUpper = operator === '<=' || operator === '<'
  const isLatency = shape === 'distribution' && better === 'lower' && isUpper
  const isShare = metric === 'attainment' && !isUpper
  if (!isLatency && !isShare) return []
  return [{ metric, statistic, relation: isUpper ? 'at most' : 'at least', bound, ...(stage === undefined ? {} : { stage }) }]
}
