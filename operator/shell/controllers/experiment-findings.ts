// SPDX-License-Identifier: Apache-2.0
/** Findings of all trials of a run, from the ConfigMaps of its Trials. They are read once, when a gate needs them. */
import { Findings } from '../../core/model/findings.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import type { World } from './world.ts'

/** In the order of the plan; trials without results are left out. */
export async function findingsOf(world: World, namespace: string, plan: Plan): Promise<Findings[]> {
  const found: Findings[] = []
  for (const trial of plan.trials) {
    const map = await world.api.find(CONFIG_MAPS, { namespace, name: trial.name })
    const text = map?.data?.['findings.json']
    if (text !== undefined) found.push(Findings.parse(JSON.parse(text)))
  }
  return found
}
