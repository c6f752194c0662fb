// SPDX-License-Identifier: Apache-2.0
/** A namespace in which a test runs experiments: made, bound to the operator, filled with the library, and removed again. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { parse } from 'yaml'
import { createNamespace, deleteNamespace, kubectl } from '../integration/cluster.ts'

const ROOT = join(import.meta.dirname, '../..')
const OPERATOR = 'assay-system'

/** A load of a few seconds, so that a whole experiment fits into half a minute. */
export const SHORT_LOAD = {
  api: { timeout: '20s' },
  data: { synthetic: { input: { fixed: 32 }, output: { fixed: 8 } } },
  load: { poisson: { stages: [{ name: 'main', rate: 10, duration: '3s' }] }, drain: '5s' },
}

export function useTenant(prefix: string): () => string {
  const name = `e2e-${prefix}-${randomBytes(3).toString('hex')}`
  beforeAll(async () => {
    await operatorIsReady()
    await createNamespace(name)
    await apply(name, ...tenantRights(name), ...await library())
  })
  afterAll(async () => {
    // Stacks hold a finalizer while Helm has something there: they go first, the namespace then.
    await kubectl(['-n', name, 'delete', 'experiments.assay.dev,trials.assay.dev,stacks.assay.dev', '--all', '--wait', '--timeout=120s'])
    await deleteNamespace(name)
  })
  return () => name
}

async function operatorIsReady(): Promise<void> {
  await kubectl(['-n', OPERATOR, 'rollout', 'status', 'deployment/assay-controller', 'deployment/assay-results', '--timeout=120s']).catch((cause: unknown) => {
    throw new Error('the operator is not ready: make install', { cause })
  })
}

/** What charts/assay makes for a namespace among `tenants`. */
function tenantRights(namespace: string): object[] {
  const bind = (name: string, role: string, subject: object) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name, namespace }, subjects: [{ kind: 'ServiceAccount', ...subject }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  })
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'assay-runner', namespace } },
    bind('assay-runner', 'assay:assay-system:runner', { name: 'assay-runner', namespace }),
    bind('assay-runner-impersonation', 'assay:assay-system:impersonate-runner', { name: 'assay-controller', namespace: OPERATOR }),
  ]
}

async function library(): Promise<object[]> {
  const files = ['scenarios/simulator.yaml', 'workload-profiles/quickstart.yaml', 'harnesses/native/harness.yaml']
  return Promise.all(files.map(async (file) => parse(await readFile(join(ROOT, file), 'utf8')) as object))
}

export async function apply(namespace: string, ...objects: object[]): Promise<void> {
  const items = objects.map((o) => ({ ...o, metadata: { ...(o as { metadata: object }).metadata, namespace } }))
  await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
}

export const our = (kind: string, name: string, spec: object): { apiVersion: string; kind: string; metadata: { name: string }; spec: object } =>
  ({ apiVersion: 'assay.dev/v1alpha1', kind, metadata: { name }, spec })

/** An Experiment on the simulator with the short load. */
export function experiment(name: string, over: object = {}): ReturnType<typeof our> {
  return our('Experiment', name, {
    scenarioRef: { name: 'simulator' }, harnessRef: { name: 'native' }, workload: SHORT_LOAD,
    design: { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }] } }, execution: { trialTimeout: '2m' }, ...over,
  })
}
