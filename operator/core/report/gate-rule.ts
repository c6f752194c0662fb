// SPDX-License-Identifier: Apache-2.0
/** A gate's rule as text → its parts: statistic(metric[, stage=NAME]) OPERATOR VALUE UNIT. It evaluates nothing. */
import type { Gate } from '../model/experiment.ts'
import { METRICS, METRIC_NAMES, STATISTICS, type MetricName } from '../model/metric.ts'
import { didYouMean } from '../model/nearest.ts'
import { refused, valid, type Checked, type Problem } from '../model/problem.ts'
import { compatibleUnits, convertUnit } from '../measure/units.ts'
import { displayUnit } from './format.ts'
import { isStartup, isStatistic, STARTUP_STAGE, type Statistic } from './response.ts'

const OPERATORS = ['<=', '<', '>=', '>'] as const
export type Operator = (typeof OPERATORS)[number]

export interface GateRule {
  readonly statistic: Statistic
  readonly metric: MetricName
  readonly stage?: string
  readonly operator: Operator
  /** In the metric's own unit. */
  readonly bound: number
}

const FORM = 'statistic(metric[, stage=NAME]) OPERATOR VALUE UNIT, such as p99(ttft, stage=high) <= 500ms'
const CALL = /^\s*([A-Za-z0-9_]+)\s*\(\s*([A-Za-z0-9_]+)\s*(?:,\s*stage\s*=\s*([a-z0-9-]+)\s*)?\)\s*/
const COMPARISON = /^(<=|>=|==|!=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*(\S*)\s*$/

/** `path` is where the rule stands, for messages. */
export function parseRule(expr: string, path = ''): Checked<GateRule> {
  const parts = partsOf(expr)
  if (parts === null) return refused({ reason: 'InvalidValue', path, message: `"${expr}" is no rule`, expected: FORM })
  const checked = checkParts(parts)
  return typeof checked === 'string' ? refused({ reason: 'InvalidValue', path, message: checked }) : valid(checked)
}

interface Parts {
  readonly statistic: string
  readonly metric: string
  readonly stage: string | undefined
  readonly operator: string
  readonly value: number
  readonly unit: string
}

function partsOf(expr: string): Parts | null {
  const call = CALL.exec(expr)
  const comparison = call === null ? null : COMPARISON.exec(expr.slice(call[0].length))
  if (call === null || comparison === null) return null
  const [, statistic = '', metric = '', stage] = call
  const [, operator = '', value = '', unit = ''] = comparison
  return { statistic, metric, stage, operator, value: Number(value), unit }
}

/** The rule, or what is wrong with it. */
function checkParts({ statistic, metric, stage, operator, value, unit }: Parts): GateRule | string {
  if (!isMetric(metric)) return `there is no metric "${metric}"${didYouMean(metric, METRIC_NAMES)}`
  if (!isStatistic(statistic)) return `there is no statistic "${statistic}"${didYouMean(statistic, ['value', ...STATISTICS])}`
  const misfit = shapeProblem(metric, statistic, stage)
  if (misfit !== undefined) return misfit
  if (!isOperator(operator)) return `"${operator}" would compare measured numbers exactly; expected one of ${OPERATORS.join(' ')}`
  const bound = boundOf(value, unit, metric)
  const units = compatibleUnits(METRICS[metric].unit)
  if (bound === null) return `${metric} is measured in ${units[0]}, not in "${unit}"; expected one of ${units.join(', ')}`
  return { statistic, metric, ...(stage === undefined ? {} : { stage }), operator, bound }
}

/** Everything that is wrong with a gate; a stage that the workload does not have included, where its stages are given. */
export function checkGate(gate: Gate, stages?: readonly string[]): Problem[] {
  return gate.rules.flatMap(({ name, expr }) => {
    const path = `spec.gate.rules[${name}].expr`
    const parsed = parseRule(expr, path)
    if (!parsed.ok) return parsed.problems
    const { stage } = parsed.value
    if (stage === undefined || stages === undefined || stages.includes(stage) || stage === STARTUP_STAGE) return []
    return [{ reason: 'InvalidValue', path, message: `the workload has no stage "${stage}"${didYouMean(stage, stages)}` } as const]
  })
}

/** The rule as it was understood, in the metric's own unit; shares in percent. */
export function formatRule({ statistic, metric, stage, operator, bound }: GateRule): string {
  const { unit, scale } = displayUnit(METRICS[metric].unit)
  const shown = Number((bound * scale).toPrecision(12))
  return `${statistic}(${metric}${stage === undefined ? '' : `, stage=${stage}`}) ${operator} ${shown} ${unit}`
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text)
}

function shapeProblem(metric: MetricName, statistic: Statistic, stage: string | undefined): string | undefined {
  const { shape } = METRICS[metric]
  if (shape === 'scalar' && statistic !== 'value') return `${metric} is one number a stage: write value(${metric})`
  if (shape === 'distribution' && statistic === 'value') return `${metric} is a distribution: write p99(${metric}) or mean(${metric})`
  if (isStartup(metric) && stage !== undefined && stage !== STARTUP_STAGE) return `${metric} is measured of the stack: it has no stage`
  return undefined
}

/** Without a unit the number is in the metric's own one, but only where nothing can be meant otherwise. */
function boundOf(value: number, unit: string, metric: MetricName): number | null {
  const own = METRICS[metric].unit
  if (unit !== '') return convertUnit(value, unit, own)
  return own === 'ratio' || own === 'count' || own === 'requests' || own === 'tokens' ? value : null
}
