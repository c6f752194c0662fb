// SPDX-License-Identifier: Apache-2.0
/** One Trial with all that it was measured on: its Stack (from the plan's snapshot once it is gone), its findings, and the ConfigMaps that both refer to. */
import type { Findings } from '../../core/model/findings.ts'
import { type Experiment, LABELS, type Stack, type Trial } from '../../core/model/kinds.ts'
import { StackSpec } from '../../core/model/stack.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { TrialSpec } from '../../core/model/trial.ts'
import { stackSpecOf } from '../../core/plan/plan.ts'
import { sources } from '../../core/reconcile/trial-objects.ts'
import { planOf } from '../controllers/experiment-snapshot.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../kube/assay-resources.ts'
import { type ConfigMap, CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { parseFindings, snapshotIn } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { type ResolvedStack, withScenario } from './stack-scenario.ts'

export interface TrialSubject {
  readonly trial: Trial
  readonly stack: ResolvedStack
  /** Undefined when it was not measured, or its results are gone. */
  readonly findings: Findings | undefined
  readonly configMaps: readonly ConfigMap[]
}

export async function findTrial(cluster: Cluster, name: string): Promise<TrialSubject> {
  const { api, namespace } = cluster
  const found = await api.find(TRIALS, { namespace, name })
  if (found === undefined) throw new CliError(EXIT.usage, `there is no Trial ${name} in namespace ${namespace}`, `kubectl get trials.assay.dev -n ${namespace}`)
  const trial: Trial = { ...found, spec: TrialSpec.parse(found.spec) }
  const stack = await stackOf(cluster, trial)
  const map = await api.find(CONFIG_MAPS, { namespace, name: trial.status?.results?.configMap ?? name })
  const text = map?.data?.['findings.json']
  return { trial, stack, findings: text === undefined ? undefined : parseFindings(text, `ConfigMap ${name}`), configMaps: await referred(cluster, trial, stack) }
}

async function stackOf(cluster: Cluster, trial: Trial): Promise<ResolvedStack> {
  const { api, namespace } = cluster
  const { name } = trial.spec.stackRef
  const there = await api.find(STACKS, { namespace, name })
  if (there !== undefined) return withScenario(cluster, { ...there, spec: StackSpec.parse(there.spec) })
  const experiment = trial.metadata.labels?.[LABELS.experiment]
  const planned = experiment === undefined ? undefined : await plannedStack(cluster, trial, experiment)
  if (planned === undefined) throw new CliError(EXIT.usage, `Stack ${name} of Trial ${trial.metadata.name} is gone, and no Experiment has it on record`, 'export the trial while its Stack is up')
  return withScenario(cluster, planned)
}

/** What the Experiment made it from. */
async function plannedStack({ api, namespace }: Cluster, trial: Trial, name: string): Promise<Stack | undefined> {
  const experiment = await api.find(EXPERIMENTS, { namespace, name })
  if (experiment === undefined) return undefined
  const run = trial.metadata.labels?.[LABELS.run] ?? ''
  const maps = await api.list(CONFIG_MAPS, { namespace, labelSelector: `${LABELS.experiment}=${name},${LABELS.run}=${run},${LABELS.role}=snapshot` })
  const snapshot = snapshotIn(maps, experiment satisfies Experiment)
  if (snapshot === undefined) return undefined
  const result = planOf(experiment, snapshot)
  if (!result.ok) throw new CliError(EXIT.unexpected, `Experiment ${name} was planned by another version of Assay, and this one cannot plan it: ${result.problems.slice(0, 3).map(formatProblem).join('; ')}`, 'use the command line of that version, or export while the Stack is up')
  const { stacks } = result.plan
  const exact = stacks.findIndex((s) => s.name === trial.spec.stackRef.name)
  // Where replication goes on until an interval is narrow, later stand-ups follow from results: they are like the first.
  const index = exact >= 0 ? exact : stacks.findIndex((s) => s.name.replace(STAND_UP, '') === trial.spec.stackRef.name.replace(STAND_UP, ''))
  return index < 0 ? undefined : { apiVersion: trial.apiVersion, kind: 'Stack', metadata: { name: trial.spec.stackRef.name, namespace }, spec: { ...stackSpecOf(result.plan, index), replicate: trial.spec.replicate.stack } }
}

const STAND_UP = /-s[0-9]+$/

/** Data, tokenizer, values, charts and certificates that lie in ConfigMaps. */
async function referred({ api, namespace }: Cluster, trial: Trial, { spec: { scenario } }: ResolvedStack): Promise<ConfigMap[]> {
  const releases = scenario.deploy?.releases ?? []
  const names = [
    ...sources(trial).map(({ source }) => source.configMap?.name), ...releases.map((r) => r.chart.configMap?.name),
    ...releases.flatMap((r) => r.valuesFrom.map((v) => v.configMap)), scenario.endpoint?.ca?.configMap,
  ]
  const wanted = [...new Set(names.filter((name) => name !== undefined))]
  const found = await Promise.all(wanted.map((name) => api.find(CONFIG_MAPS, { namespace, name })))
  return found.filter((map) => map !== undefined)
}

