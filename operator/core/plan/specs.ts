// SPDX-License-Identifier: Apache-2.0
/** The whole specification of a planned Stack or Trial, made when its object is made. */
import type { StackSpec } from '../model/stack.ts'
import type { TrialSpec } from '../model/trial.ts'
import type { Plan } from './plan-model.ts'
import { priceOf } from './prices.ts'

export function stackSpecOf(plan: Plan, index: number): StackSpec {
  const stack = plan.stacks[index]
  if (stack === undefined) throw new RangeError(`there is no stack ${index} in a plan of ${plan.stacks.length}`)
  const { serviceAccountName, prices } = plan.experiment
  const scenario = plan.resolved.scenario(stack.treatment)
  // The price belongs to no identity, but cost per token is computed from the stack alone.
  const hourlyCost = priceOf(scenario.accelerator, prices)
  // idleTimeout is not set: the Experiment removes its stacks itself, and its setting may change while a Stack may not.
  return { scenario: { ...scenario, accelerator: { ...scenario.accelerator, ...(hourlyCost && { hourlyCost }) } }, serviceAccountName, treatment: plan.resolved.setupLevels(stack.treatment), replicate: stack.replicate, reinstalls: 1 }
}

export function trialSpecOf(plan: Plan, index: number): TrialSpec {
  const trial = plan.trials[index]
  const stack = plan.stacks[trial?.stack ?? -1]
  const treatment = plan.treatments[trial?.treatment ?? -1]
  if (trial === undefined || stack === undefined || treatment === undefined) throw new RangeError(`there is no trial ${index} in a plan of ${plan.trials.length}`)
  const { execution, slo, results } = plan.experiment
  return {
    stackRef: { name: stack.name }, workload: plan.resolved.workload(treatment.index), harness: plan.resolved.harness(treatment.index), harnessName: plan.resolved.harnessName(treatment.index),
    treatment: { ...treatment.levels }, replicate: { stack: trial.stackReplicate, run: trial.runReplicate }, position: trial.position, block: trial.block,
    seeds: trial.seeds, caches: execution.caches, slo, retries: execution.retries, timeout: execution.trialTimeout, results,
  }
}
