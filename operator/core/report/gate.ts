// SPDX-License-Identifier: Apache-2.0
/** A gate's rules against what was measured: passed, failed, or insufficient data. What insufficient counts as, others decide. */
import type { Gate } from '../model/experiment.ts'
import { cellOf } from './cells.ts'
import { matchTreatments } from './compare/match-treatments.ts'
import { formatWithUnit } from './format.ts'
import { capacityRule, evaluateCapacity } from './gate-capacity.ts'
import { judgeRegression } from './gate-regression.ts'
import { type BoundRule, formatRule, type GateRule, type Operator, parseRule, type RegressionRule } from './gate-rule.ts'
import { joined, type Message, message, type Part } from './messages.ts'
import { ENGLISH } from './messages/languages.ts'
import { cellKey } from './operating-points.ts'
import { isStartup, STARTUP_STAGE } from './response.ts'
import type { CapacityResults, Cell, ComparedResults, FactorInfo, GateOutcome, RuleOutcome, TreatmentInfo } from './results.ts'

/** What a status can hold. */
const MOST_CHARACTERS = 512

export interface GateContext {
  /** How many treatments there should be; as many as are given where it is not set. */
  readonly planned?: number | undefined
  readonly factors: readonly FactorInfo[]
  /** What a search found, for rules on it. */
  readonly capacity?: CapacityResults | undefined
  /** What rules on regressions compare with, by name. */
  readonly baselines?: ReadonlyMap<string, ComparedResults> | undefined
  readonly missingBaselines?: ReadonlyMap<string, string> | undefined
  /** What the operator found when it had the baselines: it stands where they are not at hand. */
  readonly recorded?: readonly { readonly name: string; readonly result: string; readonly message: string }[] | undefined
}

/** Every treatment must pass every rule. */
export function evaluateGate(gate: Gate, treatments: readonly TreatmentInfo[], context: GateContext): GateOutcome {
  const isWhole = treatments.filter((t) => t.trials.length > 0).length >= (context.planned ?? treatments.length)
  const rules = gate.rules.map(({ name, expr }): RuleOutcome => {
    const capacity = capacityRule(expr)
    if (typeof capacity === 'string') return { name, result: 'insufficient', message: capacity }
    if (capacity !== undefined) return { name, ...evaluateCapacity(capacity, context.capacity, isWhole) }
    const parsed = parseRule(expr)
    if (!parsed.ok) return { name, result: 'insufficient', message: parsed.problems.map((p) => p.message).join('; ') }
    const rule = parsed.value
    if (rule.kind === 'bound')
      return {
        name,
        ...evaluateRule(rule, treatments, { planned: context.planned ?? treatments.length, judge: (t) => judgeTreatment(rule, t) }),
      }
    return { name, ...evaluateRegression(rule, treatments, { ...context, name }) }
  })
  const has = (result: RuleOutcome['result']) => rules.some((r) => r.result === result)
  // A rule that failed has failed, whatever another one could not tell.
  const result = has('failed') ? 'failed' : has('insufficient') ? 'insufficient' : 'passed'
  return { result, rules }
}

type Outcome = Omit<RuleOutcome, 'name'>

function evaluateRegression(
  rule: RegressionRule,
  treatments: readonly TreatmentInfo[],
  context: GateContext & { readonly name: string },
): Outcome {
  const baseline = context.baselines?.get(rule.baseline)
  if (baseline === undefined) {
    const missing = context.missingBaselines?.get(rule.baseline)
    const why = missing === undefined ? message('gate.notAtHand', { baseline: rule.baseline }) : { stored: missing }
    return recordedOutcome(context) ?? outcome('insufficient', message('gate.noBaseline', { baseline: rule.baseline, why }))
  }
  const matched = matchTreatments(baseline, { factors: context.factors, treatments })
  if (!matched.ok) return { result: 'insufficient', message: `${rule.baseline}: ${matched.problems.map((p) => p.message).join('; ')}` }
  const counterpart = new Map(matched.value.pairs.map((pair) => [pair.candidate, pair.base]))
  const cells = new Map(baseline.cells.map((cell) => [cellKey(cell, cell), cell]))
  const family = treatments.reduce((sum, t) => sum + stagesFor(rule, t).length, 0)
  const judge = (treatment: TreatmentInfo) =>
    judgeStages(rule, treatment, (stage): Found => {
      const base = cells.get(cellKey({ treatment: counterpart.get(treatment.index) ?? -1, stage }, rule))
      const candidate = cellOf(treatment, stage, rule)
      if (candidate === null) return lacks(rule, stage)
      if (base === undefined)
        return {
          outcome: 'insufficient',
          why: message('gate.lacksBase', { baseline: rule.baseline, response: `${rule.statistic}(${rule.metric})`, where: inStage(stage) }),
          badness: 0,
        }
      const { outcome: result, why, more, share } = judgeRegression(rule, { base, candidate }, Math.max(1, family))
      return { outcome: result, why: message('gate.found', { what: why, where: inStage(stage), more }), badness: share }
    })
  return evaluateRule(rule, treatments, { planned: context.planned ?? treatments.length, judge })
}

function recordedOutcome({ recorded, name }: GateContext & { readonly name: string }): Outcome | undefined {
  const found = recorded?.find((r) => r.name === name)
  const result = (['passed', 'failed', 'insufficient'] as const).find((r) => r === found?.result)
  return found === undefined || result === undefined ? undefined : { result, message: found.message }
}

interface Judged {
  readonly treatment: TreatmentInfo
  readonly outcome: RuleOutcome['result']
  readonly why: Part
  /** The larger, the closer to breaking the rule or the further beyond. */
  readonly badness: number
}

interface Evaluation { readonly planned: number; readonly judge: (treatment: TreatmentInfo) => Judged }

function evaluateRule(rule: GateRule, treatments: readonly TreatmentInfo[], { planned, judge }: Evaluation): Outcome {
  const judged = treatments.map(judge).sort((a, b) => b.badness - a.badness)
  const measured = treatments.filter((t) => t.trials.length > 0).length
  for (const result of ['failed', 'insufficient'] as const) {
    const found = judged.filter((j) => j.outcome === result)
    const what = result === 'failed' ? message('gate.not', { rule: formatRule(rule) }) : formatRule(rule)
    if (found.length > 0) return outcome(result, sentence(what, found, judged.length))
  }
  if (measured < planned || planned === 0) return outcome('insufficient', message('gate.unmeasured', { measured, planned }))
  const what = judged.length > 1 ? message('gate.worst', { rule: formatRule(rule) }) : formatRule(rule)
  return outcome('passed', sentence(what, judged.slice(0, 1), 1))
}

function judgeTreatment(rule: BoundRule, treatment: TreatmentInfo): Judged {
  return judgeStages(rule, treatment, (stage) => judgeCell(rule, stage, cellOf(treatment, stage, rule)))
}

type Found = Omit<Judged, 'treatment'>

/** Over the named stage or over all: one stage that breaks the rule settles it, else one that cannot tell, else the worst is shown. */
function judgeStages(rule: GateRule, treatment: TreatmentInfo, judge: (stage: string) => Found): Judged {
  const insufficient = (why: Part): Judged => ({ treatment, outcome: 'insufficient', why, badness: 0 })
  if (treatment.trials.length === 0) return insufficient(message('gate.noTrial'))
  const judged = stagesFor(rule, treatment).map((stage) => ({ treatment, ...judge(stage) }))
  const worst = (outcome: RuleOutcome['result']) => judged.filter((j) => j.outcome === outcome).sort((a, b) => b.badness - a.badness)[0]
  return worst('failed') ?? worst('insufficient') ?? worst('passed') ?? insufficient(message('gate.noStage'))
}

function judgeCell(rule: BoundRule, stage: string, cell: Cell | null): Found {
  if (cell === null) return lacks(rule, stage)
  const badness = rule.operator === '<=' || rule.operator === '<' ? cell.mean : -cell.mean
  const more = cell.claimed === true ? message('gate.claimed') : ''
  const why = message('gate.found', { what: formatWithUnit(cell), where: inStage(stage), more })
  if (cell.weak) return { outcome: 'insufficient', why: message('gate.weak', { what: why, statistic: rule.statistic }), badness }
  return { outcome: holds(cell.mean, rule.operator, rule.bound) ? 'passed' : 'failed', why, badness }
}

const inStage = (stage: string): Part => (stage === STARTUP_STAGE ? '' : message('gate.inStage', { stage }))
const lacks = ({ statistic, metric }: GateRule, stage: string): Found => ({
  outcome: 'insufficient',
  why: message('gate.lacks', { stage, response: `${statistic}(${metric})` }),
  badness: 0,
})

function stagesFor({ metric, stage }: GateRule, { trials }: TreatmentInfo): string[] {
  if (stage !== undefined) return [stage]
  return isStartup(metric) ? [STARTUP_STAGE] : [...new Set(trials.flatMap((t) => t.stages.map((s) => s.stage)))]
}

function holds(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case '<=': return value <= bound
    case '<': return value < bound
    case '>=': return value >= bound
    case '>': return value > bound
  }
}

/** The worst few treatments by name, and of how many. */
function sentence(what: Part, judged: readonly Judged[], of: number): Message {
  const shown = judged.slice(0, 3).map(({ treatment, why }) => (treatment.label === '' ? why : message('gate.treatment', { treatment: treatment.label, why })))
  const more = judged.length > shown.length ? [message('gate.others', { count: judged.length - shown.length })] : []
  return message(of > 1 ? 'gate.sentenceOf' : 'gate.sentence', { what, count: judged.length, of, found: joined([...shown, ...more], 'list.semicolon') })
}

function outcome(result: RuleOutcome['result'], said: Part): Outcome {
  return { result, message: ENGLISH.textOf(said).slice(0, MOST_CHARACTERS), said }
}
