// SPDX-License-Identifier: Apache-2.0
/** Looks at the cluster as a user would, by kubectl; waits for things to become true and says what it saw when they do not. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Experiment, ObjectMeta, Stack, Trial } from '../../operator/core/model/kinds.ts'
import { kubectl } from '../integration/cluster.ts'

export interface AnyObject { readonly kind: string; readonly metadata: ObjectMeta & { readonly annotations?: Record<string, string> }; readonly data?: Readonly<Record<string, string>>; readonly status?: unknown; readonly type?: string }

export async function list<T = AnyObject>(namespace: string, resource: string): Promise<T[]> {
  return (JSON.parse(await kubectl(['-n', namespace, 'get', resource, '-o', 'json'])) as { items: T[] }).items
}
export const trials = (namespace: string): Promise<Trial[]> => list<Trial>(namespace, 'trials.assay.dev')
export const stacks = (namespace: string): Promise<Stack[]> => list<Stack>(namespace, 'stacks.assay.dev')
export async function getExperiment(namespace: string, name: string): Promise<Experiment> {
  return JSON.parse(await kubectl(['-n', namespace, 'get', 'experiments.assay.dev', name, '-o', 'json'])) as Experiment
}

export const condition = (object: { status?: { conditions?: readonly { type: string; status: string; reason: string; message: string }[] } }, type: string) => object.status?.conditions?.find((c) => c.type === type)

/** Polls, because a test may; the operator never does. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, timeoutMs = 180_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const seen = await look()
      if (seen !== undefined && seen !== false) return seen
    } catch (error) {
      last = error
    }
    await sleep(250)
  }
  throw new Error(`not seen in ${timeoutMs / 1000} s: ${what}`, { cause: last })
}

/** The Experiment once it has ended, one way or the other. */
export function ended(namespace: string, name: string, timeoutMs?: number): Promise<Experiment> {
  return until(`the end of ${name}`, async () => {
    const experiment = await getExperiment(namespace, name)
    return (condition(experiment, 'Complete')?.status === 'True' || condition(experiment, 'Failed')?.status === 'True') && experiment
  }, timeoutMs)
}

/** Everything in the namespace that a stack or a trial's pod may leave; results do not count. */
export async function leftovers(namespace: string): Promise<string[]> {
  const resources = 'pods,jobs,deployments,statefulsets,replicasets,services,persistentvolumeclaims,secrets,configmaps'
  const objects = await list(namespace, resources)
  return objects.filter((o) => !isResult(o) && o.metadata.name !== 'kube-root-ca.crt').map((o) => `${o.kind}/${o.metadata.name}`)
}

/** ConfigMaps of ended trials and the snapshot: what is meant to stay. */
function isResult({ kind, data = {}, metadata }: AnyObject): boolean {
  return kind === 'ConfigMap' && ('findings.json' in data || metadata.labels?.['assay.dev/role'] === 'snapshot')
}
