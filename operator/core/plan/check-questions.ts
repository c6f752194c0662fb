// SPDX-License-Identifier: Apache-2.0
/** Whether what is asked of the results can be answered: gates, objectives and responses speak of metrics and stages that there are. */
import { checkMeasured, checkStages } from '../adaptive/question.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import type { Problem } from '../model/problem.ts'
import { type GateFacts, whyUnmeasured } from '../report/gate-measurable.ts'
import { checkGate } from '../report/gate-rule.ts'
import type { Expansion } from './treatments.ts'

const GATED_SEARCH: Problem = { reason: 'BadSearch', path: 'spec.gate', message: 'every treatment must pass a gate, and a search tries loads that are meant to fail', expected: 'no gate; a fullFactorial at the load that must hold has one' }

/** What gates are checked against beside the stages. */
type Facts = Pick<GateFacts, 'scenario' | 'varied'>

export function checkQuestions(spec: ExperimentSpec, { treatments }: Expansion, facts: Facts): Problem[] {
  const stages = [...new Set(treatments.flatMap(({ workload }) => workload.facts.stages.map((s) => s.name)))]
  const gate = spec.gate === undefined ? [] : checkGate(spec.gate, { ...facts, stages, slo: spec.slo })
  const gated = spec.gate !== undefined && spec.design.search !== undefined ? [GATED_SEARCH] : []
  return [...gate, ...checkStages(spec, stages), ...checkMeasured(spec, (metric) => whyUnmeasured(metric, { ...facts, slo: spec.slo })), ...gated]
}
