// SPDX-License-Identifier: Apache-2.0
/** Whether what is asked of the results can be answered: gates, objectives and responses speak of metrics and stages that there are. */
import { checkMeasured, checkStages } from '../adaptive/question.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import type { Problem } from '../model/problem.ts'
import { capacityRule } from '../report/gate-capacity.ts'
import { type GateFacts, whyUnmeasured } from '../report/gate-measurable.ts'
import { checkGate } from '../report/gate-rule.ts'
import { priceOf } from './prices.ts'
import type { Expansion } from './treatments.ts'

const GATED_SEARCH = { reason: 'BadSearch', message: 'every treatment must pass a rule on a metric, and a search tries loads that are meant to fail', expected: 'rules on what it finds, such as capacity >= 6 req/s; a fullFactorial at the load that must hold has others' } as const

/** What gates are checked against beside the stages. */
type Facts = Pick<GateFacts, 'scenario' | 'varied'>

export function checkQuestions(spec: ExperimentSpec, { treatments }: Expansion, facts: Facts): Problem[] {
  const stages = [...new Set(treatments.flatMap(({ workload }) => workload.facts.stages.map((s) => s.name)))]
  const gate = spec.gate === undefined ? [] : checkGate(spec.gate, { ...priced(spec, facts), stages, slo: spec.slo, search: spec.design.search ?? null })
  const gated = spec.design.search === undefined ? [] : (spec.gate?.rules ?? []).filter(({ expr }) => capacityRule(expr) === undefined)
    .map(({ name }): Problem => ({ ...GATED_SEARCH, path: `spec.gate.rules[${name}].expr` }))
  return [...gate, ...checkStages(spec, stages), ...checkMeasured(spec, (metric) => whyUnmeasured(metric, { ...priced(spec, facts), slo: spec.slo })), ...gated]
}

/** A price of the Experiment is as good as the scenario's own. */
function priced({ prices }: Pick<ExperimentSpec, 'prices'>, { scenario, varied }: Facts): Facts {
  const hourlyCost = scenario === undefined ? undefined : priceOf(scenario.accelerator, prices)
  return scenario === undefined || hourlyCost === undefined ? { scenario, varied } : { scenario: { ...scenario, accelerator: { ...scenario.accelerator, hourlyCost } }, varied }
}
