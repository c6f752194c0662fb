// SPDX-License-Identifier: Apache-2.0
/** Plans of running Experiments, by the digest of their snapshot: planning 10,000 trials is done once, not at every event. */
import type { Experiment } from '../../core/model/kinds.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { planOf, readSnapshot, type Snapshot } from './experiment-snapshot.ts'
import type { World } from './world.ts'

export interface PlannedRun { readonly snapshot: Snapshot; readonly plan: Plan }

export interface PlanBook {
  /** Undefined when the snapshot is gone. Throws when it no longer plans, which only a defect of ours can cause. */
  readonly of: (world: World, experiment: Experiment) => Promise<PlannedRun | undefined>
  readonly forget: (uid: string) => void
}

export function createPlanBook(): PlanBook {
  const plans = new Map<string, { readonly digest: string; readonly planned: PlannedRun }>()
  return {
    of: async (world, experiment) => {
      const uid = experiment.metadata.uid ?? ''
      const digest = experiment.status?.snapshot?.digest ?? ''
      const known = plans.get(uid)
      if (known?.digest === digest) return known.planned
      const snapshot = await readSnapshot(world, experiment)
      if (snapshot === undefined) return undefined
      const result = planOf(experiment, snapshot)
      if (!result.ok) throw new Error(`the snapshot no longer plans: ${result.problems.map(formatProblem).join('; ')}`)
      const planned = { snapshot, plan: result.plan }
      plans.set(uid, { digest, planned })
      return planned
    },
    forget: (uid) => void plans.delete(uid),
  }
}
