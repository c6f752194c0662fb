// SPDX-License-Identifier: Apache-2.0
/** What `assay plan` knows beyond the files: with --cluster what earlier runs took and what the cluster has, without it what follows from the specifications alone. */
import type { Learned } from '../../core/plan/learn.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { type Finding, formatFinding } from '../../core/preflight/finding.ts'
import { judge, preflight, problemOf, type Verdict, wantedBy } from '../../core/preflight/preflight.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { learnedFrom } from '../controllers/experiment-history.ts'
import { isForbidden } from '../kube/api-error.ts'
import { STACKS, TRIALS } from '../kube/assay-resources.ts'
import { PODS } from '../kube/builtin-resources.ts'
import { gatherFacts } from '../preflight/gather-facts.ts'
import { listNodes } from './choose-method.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'

/** Times of what was measured in the namespace before. */
export async function learnedHere({ api, namespace }: Pick<Cluster, 'api' | 'namespace'>): Promise<Learned> {
  const [stacks, trials] = await Promise.all([api.list(STACKS, { namespace }), api.list(TRIALS, { namespace })])
  return learnedFrom(stacks, trials)
}

export async function checkPlan(plan: Plan, cluster: Pick<Cluster, 'api' | 'namespace'> | undefined): Promise<Verdict> {
  const { mode } = plan.experiment.preflight
  if (mode === 'Off') return { refused: [], warned: [] }
  return judge(preflight(plan, cluster === undefined ? {} : await lookAround(cluster, plan)), mode)
}

async function lookAround({ api, namespace }: Pick<Cluster, 'api' | 'namespace'>, plan: Plan) {
  const pods = await api.list(PODS).catch((error: unknown) => {
    if (isForbidden(error)) return undefined
    throw error
  })
  return gatherFacts({ api, namespace, wanted: wantedBy(plan), nodes: await listNodes({ api }), pods, secrets: true })
}

export function refuseFailures(verdicts: readonly Verdict[]): void {
  const refused = verdicts.flatMap((v) => v.refused)
  if (refused.length === 0) return
  const lines = refused.map((finding) => `  ${formatProblem(problemOf(finding))}`)
  throw new CliError(EXIT.invalidExperiment, `preflight: ${refused.length === 1 ? 'this cannot work' : `${refused.length} things cannot work`}\n${lines.join('\n')}`, 'spec.preflight.mode: Warn plans it all the same')
}

export const preflightLines = (findings: readonly Finding[]): string[] => findings.map(formatFinding)
