// SPDX-License-Identifier: Apache-2.0
/** What a run is planned from: the specification and the library as they were, in an immutable ConfigMap that the Experiment owns. */
import { createHash } from 'node:crypto'
import { API_VERSION, type Experiment, LABELS } from '../../core/model/kinds.ts'
import type { Measured } from '../../core/adaptive/measured.ts'
import type { Part } from '../../core/design/path-schema.ts'
import { namedObjects } from '../../core/plan/named-objects.ts'
import type { Learned } from '../../core/plan/learn.ts'
import type { Library } from '../../core/plan/resolve.ts'
import { buildPlan, type Plan } from '../../core/plan/plan.ts'
import type { Problem } from '../../core/model/problem.ts'
import { isAlreadyExists } from '../kube/api-error.ts'
import { type ConfigMap, CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { FIELD_MANAGER, type World } from './world.ts'

/** The content of the ConfigMap's one key. */
export interface Snapshot {
  readonly spec: Experiment['spec']
  readonly run: number
  readonly library: { readonly scenarios: Readonly<Record<string, unknown>>; readonly workloads: Readonly<Record<string, unknown>>; readonly harnesses: Readonly<Record<string, unknown>> }
  /** Identities of the treatments of each block, in order: what was there when it was added. */
  readonly blocks: readonly (readonly string[])[]
}

const KEY = 'snapshot.json'

/** Exactly the objects that the Experiment names. */
export function takeSnapshot(world: World, experiment: Experiment, run: number): Snapshot {
  const named = namedObjects(experiment.spec)
  const pick = (part: Part, mirror: { get: (key: string) => { spec: unknown } | undefined }) => Object.fromEntries(named.filter((o) => o.part === part).flatMap(({ name }) => {
    const found = mirror.get(`${experiment.metadata.namespace ?? ''}/${name}`)
    return found === undefined ? [] : [[name, found.spec]]
  }))
  const { scenarios, workloads, harnesses } = world.library
  return { spec: experiment.spec, run, blocks: [], library: { scenarios: pick('scenario', scenarios.store), workloads: pick('workload', workloads.store), harnesses: pick('harness', harnesses.store) } }
}

/** The whole library of the namespace, so that a refusal can name the nearest and what else there is. */
export function libraryOf(world: World, namespace: string): Library {
  const all = (mirror: { list: () => { metadata: { namespace?: string; name: string }; spec: unknown }[] }) =>
    new Map(mirror.list().filter((o) => o.metadata.namespace === namespace).map((o) => [o.metadata.name, o.spec]))
  const { scenarios, workloads, harnesses } = world.library
  return { scenarios: all(scenarios.store), workloads: all(workloads.store), harnesses: all(harnesses.store) }
}

interface PlanAid {
  /** The snapshot's own library when not set. */
  readonly library?: Library
  /** Trials that have ended, of a design that grows from them. */
  readonly measured?: Measured
  /** Times of earlier runs. */
  readonly learned?: Learned
}

export function planOf(experiment: Experiment, snapshot: Snapshot, { library = libraryIn(snapshot), measured = [], learned }: PlanAid = {}): { ok: true; plan: Plan } | { ok: false; problems: readonly Problem[] } {
  const { name, namespace } = experiment.metadata
  return buildPlan({ experiment: { name, namespace, spec: snapshot.spec, run: snapshot.run }, library, measured, blocks: snapshot.blocks, ...(learned && { learned }) })
}

function libraryIn({ library }: Snapshot): Library {
  return { scenarios: new Map(Object.entries(library.scenarios)), workloads: new Map(Object.entries(library.workloads)), harnesses: new Map(Object.entries(library.harnesses)) }
}

/** Writes it once; the name holds its digest, so a repetition finds the very same. */
export async function storeSnapshot(world: World, experiment: Experiment, snapshot: Snapshot): Promise<{ name: string; digest: string }> {
  const text = JSON.stringify(snapshot)
  const digest = createHash('sha256').update(text).digest('hex')
  const name = `${experiment.metadata.name}-${snapshot.run}-${digest.slice(0, 8)}`
  const owner = { apiVersion: API_VERSION, kind: 'Experiment', name: experiment.metadata.name, uid: experiment.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }
  const labels = { 'app.kubernetes.io/managed-by': 'assay', [LABELS.experiment]: experiment.metadata.name, [LABELS.run]: String(snapshot.run), [LABELS.role]: 'snapshot' }
  const object = { metadata: { name, namespace: experiment.metadata.namespace, labels, ownerReferences: [owner] }, immutable: true, data: { [KEY]: text } } as ConfigMap
  try {
    await world.api.create(CONFIG_MAPS, object, { fieldManager: FIELD_MANAGER })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  return { name, digest }
}

export async function readSnapshot(world: World, experiment: Experiment): Promise<Snapshot | undefined> {
  const ref = experiment.status?.snapshot
  if (ref === undefined) return undefined
  const found = await world.api.find(CONFIG_MAPS, { namespace: experiment.metadata.namespace, name: ref.name })
  const text = found?.data?.[KEY]
  return text === undefined ? undefined : JSON.parse(text) as Snapshot
}
