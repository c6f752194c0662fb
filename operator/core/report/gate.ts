// SPDX-License-Identifier: Apache-2.0
/** A gate's rules against what was measured: passed, failed, or insufficient data. What insufficient counts as, others decide. */
import type { Gate } from '../model/experiment.ts'
import { cellOf } from './cells.ts'
import { formatWithUnit } from './format.ts'
import { formatRule, parseRule, type GateRule, type Operator } from './gate-rule.ts'
import { isStartup, STARTUP_STAGE } from './response.ts'
import type { Cell, GateOutcome, RuleOutcome, TreatmentInfo } from './results.ts'

/** What a status can hold. */
const MOST_CHARACTERS = 512

/** Every treatment must pass every rule; `planned` is how many treatments there should be. */
export function evaluateGate(gate: Gate, treatments: readonly TreatmentInfo[], planned: number = treatments.length): GateOutcome {
  const rules = gate.rules.map(({ name, expr }) => {
    const parsed = parseRule(expr)
    if (!parsed.ok) return { name, result: 'insufficient' as const, message: parsed.problems.map((p) => p.message).join('; ') }
    return { name, ...evaluateRule(parsed.value, treatments, planned) }
  })
  const has = (result: RuleOutcome['result']) => rules.some((r) => r.result === result)
  // A rule that failed has failed, whatever another one could not tell.
  const result = has('failed') ? 'failed' : has('insufficient') ? 'insufficient' : 'passed'
  return { result, rules }
}

interface Judged {
  readonly treatment: TreatmentInfo
  readonly outcome: RuleOutcome['result']
  readonly why: string
  /** The larger, the closer to breaking the rule or the further beyond. */
  readonly badness: number
}

function evaluateRule(rule: GateRule, treatments: readonly TreatmentInfo[], planned: number): Omit<RuleOutcome, 'name'> {
  const judged = treatments.map((treatment) => judgeTreatment(rule, treatment)).sort((a, b) => b.badness - a.badness)
  const measured = treatments.filter((t) => t.trials.length > 0).length
  for (const result of ['failed', 'insufficient'] as const) {
    const found = judged.filter((j) => j.outcome === result)
    const what = result === 'failed' ? `not ${formatRule(rule)}` : formatRule(rule)
    if (found.length > 0) return { result, message: message(what, found, judged.length) }
  }
  if (measured < planned || planned === 0) return { result: 'insufficient', message: `${measured} of ${planned} treatments were measured` }
  return { result: 'passed', message: message(`${formatRule(rule)}${judged.length > 1 ? '; worst' : ''}`, judged.slice(0, 1), 1) }
}

/** Over the named stage or over all: one stage that breaks the rule settles it, else one that cannot tell, else the worst is shown. */
function judgeTreatment(rule: GateRule, treatment: TreatmentInfo): Judged {
  const insufficient = (why: string): Judged => ({ treatment, outcome: 'insufficient', why, badness: 0 })
  if (treatment.trials.length === 0) return insufficient('no usable trial')
  const stages = rule.stage === undefined ? allStages(rule, treatment) : [rule.stage]
  const judged = stages.map((stage) => ({ treatment, ...judgeCell(rule, stage, cellOf(treatment, stage, rule)) }))
  const worst = (outcome: RuleOutcome['result']) => judged.filter((j) => j.outcome === outcome).sort((a, b) => b.badness - a.badness)[0]
  return worst('failed') ?? worst('insufficient') ?? worst('passed') ?? insufficient('no stage was measured')
}

function judgeCell(rule: GateRule, stage: string, cell: Cell | null): Omit<Judged, 'treatment'> {
  if (cell === null) return { outcome: 'insufficient', why: `stage ${stage} has no ${rule.statistic}(${rule.metric})`, badness: 0 }
  const badness = rule.operator === '<=' || rule.operator === '<' ? cell.mean : -cell.mean
  const source = cell.claimed === true ? ', as the tool claims' : ''
  const why = `${formatWithUnit(cell)}${stage === STARTUP_STAGE ? '' : ` in stage ${stage}`}${source}`
  if (cell.weak) return { outcome: 'insufficient', why: `${why}, from too few requests for ${rule.statistic}`, badness }
  return { outcome: holds(cell.mean, rule.operator, rule.bound) ? 'passed' : 'failed', why, badness }
}

function allStages({ metric }: GateRule, { trials }: TreatmentInfo): string[] {
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
function message(what: string, judged: readonly Judged[], of: number): string {
  const shown = judged.slice(0, 3).map(({ treatment, why }) => (treatment.label === '' ? why : `${treatment.label}: ${why}`))
  const more = judged.length > shown.length ? `; and ${judged.length - shown.length} more` : ''
  const share = of > 1 ? ` (${judged.length} of ${of} treatments)` : ''
  return `${what}${share}: ${shown.join('; ')}${more}`.slice(0, MOST_CHARACTERS)
}
