// SPDX-License-Identifier: Apache-2.0
/** Applies an Experiment so that it runs: creates it, begins it again, extends it, or joins a run that is under way. */
import { isTrue } from '../../core/model/conditions.ts'
import { ExperimentSpec } from '../../core/model/experiment.ts'
import { ANNOTATIONS, API_VERSION, type Experiment } from '../../core/model/kinds.ts'
import { canonicalJson, withoutDefaults } from '../../core/design/canonical.ts'
import { isConflict, isInvalid } from '../kube/api-error.ts'
import { EXPERIMENTS } from '../kube/assay-resources.ts'
import type { LoadedObject } from '../library.ts'
import { CliError } from './cli-error.ts'
import { CLI_MANAGER, type Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'
import { textual } from './run-library.ts'

/** What is to be done with an Experiment, given what is there. */
export type ApplyDecision =
  | { readonly kind: 'create' }
  | { readonly kind: 'deleted' }
  /** It is under way with this very specification. */
  | { readonly kind: 'join' }
  /** Begin a run with what is there. */
  | { readonly kind: 'rerun' }
  /** The rest of the specification changed: apply, and begin a new run of one that has finished. */
  | { readonly kind: 'change'; readonly rerun: boolean }
  /** The design changed: the API server and the operator say whether it may grow so. */
  | { readonly kind: 'redesign' }

export function decideApply(there: Experiment | undefined, wanted: ExperimentSpec): ApplyDecision {
  if (there === undefined) return { kind: 'create' }
  if (there.metadata.deletionTimestamp !== undefined) return { kind: 'deleted' }
  const parsed = ExperimentSpec.safeParse(there.spec)
  const same = (part: (spec: ExperimentSpec) => unknown) => parsed.success && canonicalJson(part(parsed.data)) === canonicalJson(part(wanted))
  const idle = there.status?.completionTime !== undefined || isTrue(there.status?.conditions, 'Failed')
  if (same((spec) => withoutDefaults(ExperimentSpec, spec))) return idle ? { kind: 'rerun' } : { kind: 'join' }
  if (same(frozenPart)) return { kind: 'change', rerun: idle }
  return there.status?.startTime === undefined ? { kind: 'change', rerun: true } : { kind: 'redesign' }
}

function frozenPart({ design, scenarioRef, scenario, workloadRef, workload, harnessRef, harness }: ExperimentSpec): unknown {
  return { design, scenarioRef, scenario, workloadRef, workload, harnessRef, harness }
}

export interface Applied {
  readonly experiment: Experiment
  readonly what: string
  /** Whether the status speaks of what was just asked for, not of what was before. */
  readonly isNews: (experiment: Experiment) => boolean
}

interface Applying { readonly there: Experiment | undefined; readonly decision: ApplyDecision; readonly force: boolean }

export async function applyExperiment(cluster: Cluster, object: LoadedObject, { there, decision, force }: Applying): Promise<Applied> {
  const { name } = object
  switch (decision.kind) {
    case 'create':
      return heeded(await apply(cluster, object, { force }), `Experiment ${name} created`)
    case 'deleted':
      throw new CliError(EXIT.usage, `Experiment ${name} is being deleted`, `wait for it: kubectl wait --for=delete experiments.assay.dev/${name} -n ${cluster.namespace}`)
    case 'join':
      return { experiment: there as Experiment, what: `Experiment ${name} is under way: joining run ${there?.status?.run ?? 1}`, isNews: () => true }
    case 'rerun':
      return rerun(cluster, name)
    case 'change': {
      const changed = await apply(cluster, object, { force })
      return decision.rerun ? rerun(cluster, name) : heeded(changed, `Experiment ${name} changed`)
    }
    case 'redesign':
      return heeded(await apply(cluster, object, { force }), `Experiment ${name}: the design changed, so only what is new is measured`)
  }
}

const heeded = (experiment: Experiment, what: string): Applied => ({ experiment, what, isNews: (now) => now.status?.observedGeneration !== undefined && now.status.observedGeneration >= (experiment.metadata.generation ?? 0) })

async function apply({ api, namespace }: Cluster, { name, annotations, spec }: LoadedObject, { force }: Pick<Applying, 'force'>): Promise<Experiment> {
  const object = { apiVersion: API_VERSION, kind: 'Experiment', metadata: { name, namespace, annotations: textual(annotations) }, spec } as Experiment
  try {
    return await api.apply(EXPERIMENTS, object, { fieldManager: CLI_MANAGER, force })
  } catch (error) {
    const { message } = error as Error
    if (isConflict(error)) throw new CliError(EXIT.invalidExperiment, `Experiment ${name} is managed by somebody else: ${message}`, '--force takes it over')
    if (isInvalid(error)) throw new CliError(EXIT.invalidExperiment, message, `measure it under another name (--name ${name}-2), or delete the old one with its results: kubectl delete experiments.assay.dev ${name} -n ${namespace}`)
    throw error
  }
}

/** A new value of the annotation is a new run, or another look at what was refused. */
async function rerun({ api, namespace }: Cluster, name: string): Promise<Applied> {
  const token = new Date().toISOString()
  const experiment = await api.patchMerge(EXPERIMENTS, { namespace, name }, { metadata: { annotations: { [ANNOTATIONS.rerun]: token } } }, { fieldManager: CLI_MANAGER })
  return { experiment, what: `Experiment ${name} begins again: run ${(experiment.status?.run ?? 0) + 1}`, isNews: (now) => now.status?.handledRerun === token }
}
