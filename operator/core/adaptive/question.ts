// SPDX-License-Identifier: Apache-2.0
/** The numbers that an adaptive design asks of each trial: objectives of a search, the response of a stopping rule, the score of a halving. */
import { parsePath } from '../design/path.ts'
import type { Design } from '../model/design.ts'
import type { Slo } from '../model/experiment.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import { nearest } from '../model/nearest.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import { type BoundRule, parseRule } from '../report/gate-rule.ts'
import { isStartup, type Response, STARTUP_STAGE } from '../report/response.ts'

export interface Question extends Response { readonly stage: string }
export interface Objective extends Question, Pick<BoundRule, 'kind' | 'operator' | 'bound'> { readonly stage: string }

/** As much of an Experiment as questions are made of. */
export interface Asking { readonly design: Design; readonly slo?: Slo | undefined }

/** All questions of a design, in the order in which measured trials answer them; none of a fixed design. Of a design that was checked. */
export function questionsOf(asking: Asking): readonly Question[] {
  const { search, replicates, successiveHalving } = asking.design
  if (search !== undefined) return objectivesOf(asking).flatMap((o) => (o.ok ? [o.value] : []))
  if (replicates.until !== undefined) return answered(readResponse(replicates.until.response, UNTIL_AT))
  return successiveHalving === undefined ? [] : answered(readResponse(successiveHalving.objective, HALVING_AT))
}

const answered = (question: Checked<Question>) => (question.ok ? [question.value] : [])

export const UNTIL_AT = 'spec.design.replicates.until.response'
export const HALVING_AT = 'spec.design.successiveHalving.objective'
const SEARCH_AT = 'spec.design.search.objectives'
const DEFAULT_OBJECTIVE = 'value(attainment) >= 99 %'

/** Objectives of a search; without any, and without bounds for single requests, there is nothing to search for. */
export function objectivesOf({ design: { search }, slo }: Asking): readonly Checked<Objective>[] {
  if (search === undefined) return []
  const bounded = Object.values(slo ?? {}).some((bound) => bound !== undefined)
  if (search.objectives === undefined && !bounded) {
    return [refused(problem(SEARCH_AT, 'the search has nothing to meet: there are no objectives and no slo', 'slo: { ttft: 500ms, tpot: 50ms }, or objectives such as p99(ttft) <= 500ms'))]
  }
  const stage = searchedStage(search.load.path)
  return (search.objectives ?? [DEFAULT_OBJECTIVE]).map((text, i) => readObjective(text, { at: `${SEARCH_AT}[${i}]`, stage, bounded }))
}

interface Place { readonly at: string; readonly stage: string | undefined; readonly bounded: boolean }
/** What only bounds of single requests give a value. */
const isOfBounds = (metric: MetricName) => metric === 'attainment' || metric === 'goodput'

function readObjective(text: string, { at, stage, bounded }: Place): Checked<Objective> {
  const rule = parseRule(text, at)
  if (!rule.ok) return rule
  if (rule.value.kind === 'regression') return refused(problem(at, 'a search looks for bounds that are met, and compares with no baseline', 'p99(ttft) <= 500ms, value(attainment) >= 99 %', text))
  const { metric, statistic, operator, bound } = rule.value
  if (isStartup(metric)) return refused(problem(at, `${metric} is measured of the stack and does not depend on the load`, 'a metric of requests, such as attainment, ttft or tpot', text))
  if (isOfBounds(metric) && !bounded) return refused(problem(at, `${metric} counts requests that meet their bounds, and there is no slo`, 'slo: { ttft: 500ms, tpot: 50ms }', text))
  const upwards = operator === '>=' || operator === '>'
  if (METRICS[metric].better === (upwards ? 'lower' : 'higher')) return refused(problem(at, `more load would sooner or later meet "${text}": ${metric} is better ${upwards ? 'lower' : 'higher'}`, `${statistic}(${metric}) ${upwards ? '<=' : '>='} …`, text))
  const of = rule.value.stage ?? stage
  if (of === undefined) return refused(problem(at, `"${text}" does not say of which stage`, `${statistic}(${metric}, stage=NAME) …`, text))
  return valid({ kind: 'bound', metric, statistic, operator, bound, stage: of })
}

/** The stage whose load is searched. */
function searchedStage(path: string): string | undefined {
  const parsed = parsePath(path)
  if (!parsed.ok) return undefined
  return parsed.segments.flatMap((s) => (s.kind === 'item' ? [s.name] : []))[0] ?? (path.startsWith('workload.load.trace') ? 'trace' : undefined)
}

/** `p50(ttft, stage=main)` → its parts. */
export function readResponse(text: string, at: string): Checked<Question> {
  const name = /\(\s*([A-Za-z0-9_]+)/.exec(text)?.[1] ?? ''
  const unit = Object.hasOwn(METRICS, name) ? METRICS[name as MetricName].unit : ''
  const parsed = parseRule(`${text} <= 0${unit}`, at)
  if (!parsed.ok) return refused(...parsed.problems.map((p) => (p.expected?.includes('OPERATOR') ? problem(at, `"${text}" is no response`, 'statistic(metric, stage=NAME), such as p50(ttft, stage=main)', text) : p)))
  const { metric, statistic, stage } = parsed.value
  if (isStartup(metric)) return valid({ metric, statistic, stage: STARTUP_STAGE })
  return stage === undefined ? refused(problem(at, `"${text}" does not say of which stage`, `${statistic}(${metric}, stage=NAME)`, text)) : valid({ metric, statistic, stage })
}

function problem(path: string, message: string, expected: string, found?: string): Problem {
  return { reason: path.startsWith('spec.design.replicates') ? 'BadReplicates' : 'BadSearch', path, message, expected, ...(found === undefined ? {} : { found }) }
}

/** Where in the Experiment a design asks its questions. */
function placeOf({ design: { search, successiveHalving } }: Asking): string {
  return search !== undefined ? SEARCH_AT : successiveHalving === undefined ? UNTIL_AT : HALVING_AT
}

/** Questions that no trial will answer: `why` says so of a metric. */
export function checkMeasured(asking: Asking, why: (metric: MetricName) => string | undefined): Problem[] {
  return [...new Set(questionsOf(asking).map((q) => why(q.metric)))].flatMap((text) => (text === undefined ? [] : [problem(placeOf(asking), text, 'a metric that is measured')]))
}

/** Questions of stages that the workload does not have. */
export function checkStages(asking: Asking, stages: readonly string[]): Problem[] {
  const at = placeOf(asking)
  return questionsOf(asking).filter((q) => q.stage !== STARTUP_STAGE && !stages.includes(q.stage)).map(({ stage }) => {
    const near = nearest(stage, stages)[0]
    return { ...problem(at, `the workload has no stage "${stage}"`, `one of ${stages.join(', ')}`, stage), ...(near === undefined ? {} : { nearest: near }) }
  })
}

/** By how much a value meets its objective, in the unit of its metric; 0 and above is met. */
export function marginOf({ operator, bound }: Objective, value: number): number {
  return operator === '<=' || operator === '<' ? bound - value : value - bound
}
