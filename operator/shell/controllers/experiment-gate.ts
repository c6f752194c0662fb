// SPDX-License-Identifier: Apache-2.0
/** Evaluates the gate of an Experiment that has been measured, from the findings in its Trials' ConfigMaps and those of its baselines. */
import type { Experiment } from '../../core/model/kinds.ts'
import type { Plan } from '../../core/plan/plan.ts'
import type { GateStatus } from '../../core/reconcile/experiment-status.ts'
import { gateOf } from '../../core/report/analyze.ts'
import { readBaselines } from './experiment-baselines.ts'
import { findingsOf } from './experiment-findings.ts'
import type { World } from './world.ts'

/** All messages together: the status stays small however many rules there are. */
const MESSAGES_CHARS = 6144

/** Undefined when there is no gate. The ConfigMaps are read once, at the end. */
export async function evaluateGateOf(world: World, experiment: Experiment, plan: Plan): Promise<GateStatus | undefined> {
  if (experiment.spec.gate === undefined) return undefined
  const { name, namespace = '' } = experiment.metadata
  const trials = await findingsOf(world, namespace, plan)
  const { found, missing } = await readBaselines(world, experiment)
  // What an earlier run found says nothing of this one.
  const status = { ...experiment.status, gate: undefined }
  const gate = gateOf({
    experiment: { name, namespace, spec: experiment.spec, status },
    trials,
    failed: [],
    treatments: plan.treatments,
    baselines: found,
    missingBaselines: missing,
  })
  return gate === undefined ? undefined : { result: gate.result, rules: gate.rules.map((r) => ({ name: r.name, result: r.result, message: r.message.slice(0, Math.min(512, Math.floor(MESSAGES_CHARS / gate.rules.length))) })) }
}
