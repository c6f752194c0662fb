// SPDX-License-Identifier: Apache-2.0
/** Memory of the operator with 10,000 ended Trials and the plan that they belong to, against an API server in miniature: no cluster is burdened. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Experiment, LABELS } from '../operator/core/model/kinds.ts'
import { ExperimentSpec } from '../operator/core/model/experiment.ts'
import { buildPlan, type Plan, trialSpecOf } from '../operator/core/plan/plan.ts'
import { type FakeApiServer, startFakeApiServer } from '../test/faults/fake-api-server.ts'
import { figure, type Figure } from './figure.ts'
import { experimentSpec, libraryObjects, libraryOf, ROOT, USUAL } from './library.ts'
import { endedStatus } from './ended-status.ts'

const NAMESPACE = 'bench'
const BASE = `/apis/assay.dev/v1alpha1/namespaces/${NAMESPACE}`
/** Changes of Trials after the caches are full, as in a run: what is young must die young. */
const CHANGES = 1000
const CHANGES_AT_ONCE = 20
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`
const PAGE_BYTES = 4096
const REST_MS = 3000
const SYNC_WITHIN_MS = 120_000
/** As charts/assay sets it. */
const AS_INSTALLED = '--max-semi-space-size=4'

export async function benchMemory(): Promise<Figure[]> {
  const server = await startFakeApiServer()
  try {
    const plan = await fill(server)
    const defaults = await measure(server, plan, '')
    const installed = await measure(server, plan, AS_INSTALLED)
    return [
      figure({ part: 'memory', what: 'operator, 10,000 ended trials, as installed', unit: 'MB', values: installed, goal: { by: 'max', atMost: 200 }, note: `NODE_OPTIONS=${AS_INSTALLED}, code cached; one reading when its caches are full, one after ${CHANGES} changes, one at rest; API server in miniature, one node, no Helm` }),
      figure({ part: 'memory', what: 'the same with Node\'s own settings', unit: 'MB', values: defaults }),
    ]
  } finally {
    await server.close()
  }
}

/** An Experiment that has ended, its snapshot, and all its Trials. */
async function fill(server: FakeApiServer): Promise<Plan> {
  const library = libraryOf(await libraryObjects())
  const spec = ExperimentSpec.parse(experimentSpec(USUAL))
  const result = buildPlan({ experiment: { name: 'bench', spec, run: 1 }, library })
  if (!result.ok) throw new Error(`the design does not plan: ${JSON.stringify(result.problems)}`)
  const { plan } = result
  const plain = (map: ReadonlyMap<string, unknown>) => Object.fromEntries(map)
  const text = JSON.stringify({ spec, run: 1, blocks: [plan.treatments.map((t) => t.hash)], library: { scenarios: plain(library.scenarios), workloads: plain(library.workloads), harnesses: plain(library.harnesses) } })
  server.put(`/api/v1/namespaces/${NAMESPACE}/configmaps`, { metadata: { name: 'bench-1' }, data: { 'snapshot.json': text } } as never)
  server.put(`${BASE}/experiments`, { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'bench', uid: 'bench', generation: 1 }, spec, status: statusOf(plan, text) } as never)
  for (const { index } of plan.trials) putTrial(server, plan, index)
  return plan
}

function statusOf(plan: Plan, text: string): Experiment['status'] {
  const at = '2026-01-01T00:00:00Z'
  const condition = (type: string) => ({ type, status: 'True' as const, reason: type, message: '', lastTransitionTime: at, observedGeneration: 1 })
  return {
    observedGeneration: 1, phase: 'Succeeded', run: 1, startTime: at, completionTime: at, snapshot: { name: 'bench-1', digest: createHash('sha256').update(text).digest('hex') },
    treatments: plan.treatments.length, conditions: ['Complete', 'Ready', 'TornDown'].map(condition),
  }
}

function putTrial(server: FakeApiServer, plan: Plan, index: number): void {
  const { name = '', stack = 0 } = plan.trials[index] ?? {}
  const labels = { 'app.kubernetes.io/managed-by': 'assay', [LABELS.experiment]: 'bench', [LABELS.run]: '1', [LABELS.stack]: plan.stacks[stack]?.name ?? '' }
  const owner = { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', name: 'bench', uid: 'bench', controller: true, blockOwnerDeletion: true }
  const metadata = { name, namespace: NAMESPACE, labels, generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ownerReferences: [owner] }
  server.put(`${BASE}/trials`, { apiVersion: 'assay.dev/v1alpha1', kind: 'Trial', metadata, spec: trialSpecOf(plan, index), status: endedStatus(name) } as never)
}

/** Resident megabytes when the caches are full, after changes, and at rest. */
async function measure(server: FakeApiServer, plan: Plan, options: string): Promise<number[]> {
  server.compact()
  server.remove(LEASES, 'assay-controller')
  const identity = `bench${options}`
  const env = { ...process.env, NODE_OPTIONS: options, NODE_COMPILE_CACHE: `${ROOT}/.build/bench/compile-cache`, LOG_LEVEL: 'warn' }
  const operator = spawn(process.execPath, [new URL('memory-operator.ts', import.meta.url).pathname, server.url, identity], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  try {
    await untilItLeads(server, identity)
    await sleep(REST_MS)
    const full = await residentMb(operator)
    for (let change = 0; change < CHANGES; change++) {
      putTrial(server, plan, change)
      if (change % CHANGES_AT_ONCE === 0) await sleep(CHANGES_AT_ONCE * 5)
    }
    const changed = await residentMb(operator)
    await sleep(REST_MS)
    return [full, changed, await residentMb(operator)]
  } finally {
    operator.kill('SIGKILL')
  }
}

/** Of the process itself, as the kernel counts it. */
async function residentMb({ pid }: ChildProcess): Promise<number> {
  const [, pages = ''] = (await readFile(`/proc/${pid ?? 0}/statm`, 'utf8')).split(' ')
  return Math.round(Number(pages) * PAGE_BYTES / 1e6)
}

/** Its caches are in sync before it asks for the Lease. */
async function untilItLeads(server: FakeApiServer, identity: string): Promise<void> {
  const until = Date.now() + SYNC_WITHIN_MS
  const holder = () => (server.get(LEASES, 'assay-controller') as { spec?: { holderIdentity?: string } } | undefined)?.spec?.holderIdentity
  while (holder() !== identity) {
    if (Date.now() > until) throw new Error(`the operator does not lead after ${SYNC_WITHIN_MS / 1000} s`)
    await sleep(200)
  }
  const pages = server.requests.filter(({ path, query }) => path.endsWith('/trials') && query['watch'] === undefined).length
  if (pages === 0) throw new Error('the operator leads without having read the Trials')
}
