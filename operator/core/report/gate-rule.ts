// SPDX-License-Identifier: Apache-2.0
/**
 * A gate's rule as text → its parts: statistic(metric[, stage=NAME]) OPERATOR VALUE UNIT, or
 * regression(METRIC, baseline=NAME[, stage=NAME]) <= SHARE. It evaluates nothing.
 */
import type { Gate } from '../model/experiment.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import { didYouMean } from '../model/nearest.ts'
import { refused, valid, type Checked, type Problem } from '../model/problem.ts'
import { compatibleUnits, convertUnit } from '../measure/units.ts'
import { displayUnit } from './format.ts'
import { capacityMisfit, capacityRule } from './gate-capacity.ts'
import { type GateFacts, whyUnmeasured } from './gate-measurable.ts'
import { partsOf, type RuleParts } from './gate-rule-parts.ts'
import { misfitOf, responseName } from './primary.ts'
import { isStartup, STARTUP_STAGE, type Statistic } from './response.ts'

const OPERATORS = ['<=', '<', '>=', '>'] as const
export type Operator = (typeof OPERATORS)[number]

interface RuleSubject {
  readonly statistic: Statistic
  readonly metric: MetricName
  readonly stage?: string
}
/** A response against a number. */
export interface BoundRule extends RuleSubject {
  readonly kind: 'bound'
  readonly operator: Operator
  /** In the metric's own unit. */
  readonly bound: number
}
/** A response against the same of a baseline: by how much it got worse, as a share of the baseline. */
export interface RegressionRule extends RuleSubject {
  readonly kind: 'regression'
  /** Name of an Experiment or of an exported baseline. */
  readonly baseline: string
  readonly operator: '<=' | '<'
  readonly bound: number
}
export type GateRule = BoundRule | RegressionRule

const FORM = 'statistic(metric[, stage=NAME]) OPERATOR VALUE UNIT, such as p99(ttft, stage=high) <= 500ms,'
  + ' or regression(metric, baseline=NAME[, stage=NAME]) <= 5%, such as regression(p99(ttft), baseline=nightly) <= 5%,'
  + ' or of a search capacity >= VALUE UNIT, such as capacity >= 6 req/s'

/** `path` is where the rule stands, for messages. */
export function parseRule(expr: string, path = ''): Checked<GateRule> {
  const parts = partsOf(expr)
  if (parts === null) return refused({ reason: 'InvalidValue', path, message: `"${expr}" is no rule`, expected: FORM })
  const checked = parts.kind === 'regression' ? checkRegression(parts) : checkBound(parts)
  return typeof checked === 'string' ? refused({ reason: 'InvalidValue', path, message: checked }) : valid(checked)
}

/** The rule, or what is wrong with it. */
function checkBound({ statistic = 'value', metric, stage, operator, value, unit }: RuleParts): BoundRule | string {
  const misfit = misfitOf(metric, statistic) ?? stageProblem(metric, stage)
  if (misfit !== undefined) return misfit
  if (!isOperator(operator)) return `"${operator}" would compare measured numbers exactly; expected one of ${OPERATORS.join(' ')}`
  const subject = subjectOf({ metric, statistic, stage })
  const bound = boundOf(value, unit, subject.metric)
  const units = compatibleUnits(METRICS[subject.metric].unit)
  if (bound === null) return `${metric} is measured in ${units[0]}, not in "${unit}"; expected one of ${units.join(', ')}`
  return { kind: 'bound', ...subject, operator, bound }
}

function checkRegression({ statistic, metric, stage, baseline = '', operator, value, unit }: RuleParts): RegressionRule | string {
  const misfit = misfitOf(metric, statistic) ?? stageProblem(metric, stage)
  if (misfit !== undefined) return misfit.replaceAll(/(?:value|p99|mean)\(\w+\)/g, (call) => `regression(${call}, baseline=…)`)
  const subject = subjectOf({ metric, statistic: statistic ?? 'value', stage })
  if (METRICS[subject.metric].better === 'none')
    return `${metric} is neither better when it is higher nor when it is lower: it cannot regress`
  if (baseline === '') return `a regression needs what it is measured against: regression(${responseName(subject)}, baseline=NAME)`
  if (operator !== '<=' && operator !== '<')
    return `"${operator}" asks for a regression; expected <= or <, such as regression(${responseName(subject)}, baseline=${baseline}) <= 5%`
  const bound = convertUnit(value, unit, 'ratio')
  if (bound === null || unit === 'ratio') return `a regression is a share of the baseline: write ${value}%, not ${value}${unit}`
  return { kind: 'regression', ...subject, baseline, operator, bound: Number(bound.toPrecision(12)) }
}

function subjectOf({
  metric,
  statistic,
  stage,
}: {
  readonly metric: string
  readonly statistic: string
  readonly stage: string | undefined
}): RuleSubject {
  return { statistic: statistic as Statistic, metric: metric as MetricName, ...(stage === undefined ? {} : { stage }) }
}

/** Everything that is wrong with a gate by itself; with facts also what this Experiment has no stage for and will not measure. */
export function checkGate(gate: Gate, facts?: GateFacts): Problem[] {
  return gate.rules.flatMap(({ name, expr }) => {
    const path = `spec.gate.rules[${name}].expr`
    const bad = (message: string): Problem => ({ reason: 'InvalidValue', path, message })
    const capacity = capacityRule(expr)
    if (capacity !== undefined) {
      const misfit = typeof capacity === 'string' ? capacity : capacityMisfit(capacity, facts?.search)
      return misfit === undefined ? [] : [bad(misfit)]
    }
    const parsed = parseRule(expr, path)
    if (!parsed.ok) return parsed.problems
    const { stage, metric } = parsed.value
    const unmeasured = facts === undefined ? undefined : whyUnmeasured(metric, facts)
    const { stages } = facts ?? {}
    const known = stage === undefined || stages === undefined || stages.includes(stage) || stage === STARTUP_STAGE
    return [
      ...(known ? [] : [bad(`the workload has no stage "${stage}"${didYouMean(stage, stages)}`)]),
      ...(unmeasured === undefined ? [] : [bad(`it will not be measured: ${unmeasured}`)]),
    ]
  })
}

/** The rule as it was understood, in the metric's own unit; shares in percent. */
export function formatRule(rule: GateRule): string {
  const { statistic, metric, stage, operator, bound } = rule
  const at = stage === undefined ? '' : `, stage=${stage}`
  const { unit, scale } = displayUnit(rule.kind === 'regression' ? 'ratio' : METRICS[metric].unit)
  const shown = `${operator} ${Number((bound * scale).toPrecision(12))} ${unit}`
  return rule.kind === 'regression'
    ? `regression(${responseName(rule)}, baseline=${rule.baseline}${at}) ${shown}`
    : `${statistic}(${metric}${at}) ${shown}`
}

/** Names of all baselines that a gate compares with. */
export function baselinesOf({ rules }: Pick<Gate, 'rules'>): string[] {
  const parsed = rules.map(({ expr }) => parseRule(expr))
  return [...new Set(parsed.flatMap((p) => (p.ok && p.value.kind === 'regression' ? [p.value.baseline] : [])))]
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text)
}

function stageProblem(metric: string, stage: string | undefined): string | undefined {
  return isStartup(metric) && stage !== undefined && stage !== STARTUP_STAGE
    ? `${metric} is measured of the stack: it has no stage`
    : undefined
}

/** Without a unit the number is in the metric's own one, but only where nothing can be meant otherwise. */
function boundOf(value: number, unit: string, metric: MetricName): number | null {
  const own = METRICS[metric].unit
  const converted = unit === '' ? null : convertUnit(value, unit, own)
  // 95 % is 0.95 and not a hair more.
  if (unit !== '') return converted === null ? null : Number(converted.toPrecision(12))
  return own === 'ratio' || own === 'count' || own === 'requests' || own === 'tokens' ? value : null
}
