// SPDX-License-Identifier: Apache-2.0
/** The preflight of an Experiment, with what the operator may see of the cluster. */
import type { Experiment } from '../../core/model/kinds.ts'
import type { Problem } from '../../core/model/problem.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { formatFinding } from '../../core/preflight/finding.ts'
import { judge, preflight, problemOf, wantedBy } from '../../core/preflight/preflight.ts'
import { gatherFacts } from '../preflight/gather-facts.ts'
import type { World } from './world.ts'

export interface Preflighted {
  /** What certainly cannot work. */
  readonly problems: readonly Problem[]
  /** What may not work; not set where nobody looked. */
  readonly doubts?: readonly string[]
}

export async function runPreflight(world: World, { metadata: { namespace = '' } }: Experiment, plan: Plan): Promise<Preflighted> {
  const { mode } = plan.experiment.preflight
  if (mode === 'Off') return { problems: [] }
  const facts = await gatherFacts({ api: world.api, namespace, wanted: wantedBy(plan), nodes: world.nodes.store.list(), pods: world.pods.store.list(), secrets: false, charts: (chart) => world.chartFact(namespace, chart) })
  const { refused, warned } = judge(preflight(plan, facts), mode)
  return { problems: refused.map(problemOf), doubts: warned.map(formatFinding) }
}
