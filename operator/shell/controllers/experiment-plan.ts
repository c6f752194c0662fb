// SPDX-License-Identifier: Apache-2.0
/** Plans an Experiment, or says why not: bad input is a condition and an Event before anything is stood up. */
import { createHash } from 'node:crypto'
import { ANNOTATIONS, type Experiment } from '../../core/model/kinds.ts'
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import { plannedStatus, refusedStatus } from '../../core/reconcile/experiment-status.ts'
import { canonicalJson } from '../../core/design/canonical.ts'
import { patchExperimentStatus } from './experiment-act.ts'
import { checkBaselines } from './experiment-baselines.ts'
import { learnedIn } from './experiment-history.ts'
import { runPreflight } from './experiment-preflight.ts'
import { libraryOf, planOf, storeSnapshot, takeSnapshot } from './experiment-snapshot.ts'
import type { World } from './world.ts'

/** `waiting`: refused for something that may yet come, of which no watch tells. */
export type PlanOutcome = 'begun' | 'refused' | 'waiting'

export async function planExperiment(world: World, experiment: Experiment): Promise<PlanOutcome> {
  const run = (experiment.status?.run ?? 0) + 1
  const snapshot = takeSnapshot(world, experiment, run)
  const namespace = experiment.metadata.namespace ?? ''
  const result = planOf(experiment, snapshot, { library: libraryOf(world, namespace), learned: learnedIn(world, namespace) })
  if (!result.ok) return refuse(world, experiment, result.problems)
  const baselines = await checkBaselines(world, experiment)
  if (baselines.length > 0) return refuse(world, experiment, baselines, 'waiting')
  const { plan } = result
  const checked = await runPreflight(world, experiment, plan)
  if (checked.problems.length > 0) return refuse(world, experiment, checked.problems, 'waiting')
  const blocks = [plan.treatments.map((t) => t.hash)]
  const stored = await storeSnapshot(world, experiment, { ...snapshot, blocks })
  const handledRerun = experiment.metadata.annotations?.[ANNOTATIONS.rerun]
  const planned = { run, snapshot: stored, specDigest: digestOfFrozen(experiment), treatments: plan.treatments.length, trials: plan.trials.length, stacks: plan.stacks.length, ...(handledRerun !== undefined && { handledRerun }), ...(checked.doubts && { preflight: checked.doubts }) }
  const begun = await patchExperimentStatus(world, experiment, plannedStatus(experiment, world.now(), planned))
  world.story.normal(begun, 'Planned', `run ${run}: ${planned.treatments} treatments, ${planned.stacks} stand-ups, ${planned.trials} trials${plan.warnings.length > 0 ? `; ${plan.warnings[0] ?? ''}` : ''}`)
  for (const doubt of checked.doubts ?? []) world.story.warning(begun, 'PreflightWarning', doubt)
  return 'begun'
}

async function refuse(
  world: World,
  experiment: Experiment,
  problems: readonly Problem[],
  outcome: 'refused' | 'waiting' = 'refused',
): Promise<PlanOutcome> {
  const message = problems.slice(0, 10).map(formatProblem).join('\n')
  const before = experiment.status?.conditions?.find((c) => c.type === 'Planned')
  const refused = await patchExperimentStatus(
    world,
    experiment,
    refusedStatus(experiment, world.now(), { reason: problems[0]?.reason ?? 'Invalid', message }),
  )
  if (before?.message !== message) world.story.warning(refused, 'Refused', message)
  return outcome
}

/** Digest of what must not change once a run has begun. */
export function digestOfFrozen({ spec }: Experiment): string {
  const { design, scenarioRef, scenario, workloadRef, workload, harnessRef, harness } = spec
  return createHash('sha256').update(canonicalJson({ design, scenarioRef, scenario, workloadRef, workload, harnessRef, harness })).digest('hex')
}
