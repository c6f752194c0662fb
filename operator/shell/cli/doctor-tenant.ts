// SPDX-License-Identifier: Apache-2.0
/** The doctor's tier of the namespace that benchmarks run in: its ServiceAccount, what that may do, and whether the operator may act as it. */
import { isForbidden } from '../kube/api-error.ts'
import { NAMESPACES, SERVICE_ACCOUNTS } from '../kube/builtin-resources.ts'
import { type AccessQuestion, mayAccess } from '../kube/reviews.ts'
import { RESOURCE_QUOTAS } from '../preflight/gather-facts.ts'
import type { Cluster } from './cluster.ts'
import { type Check, failed, ok, type Tier, unknown, warning } from './doctor-model.ts'
import { findOperator } from './results-link.ts'


const RUNNER = 'assay-runner'
/** What any chart of a serving stack makes, and Helm's own record of it. */
const NEEDED: readonly Pick<AccessQuestion, 'group' | 'resource'>[] = [
  { group: 'apps', resource: 'deployments' }, { group: '', resource: 'services' }, { group: '', resource: 'configmaps' }, { group: '', resource: 'secrets' }, { group: '', resource: 'persistentvolumeclaims' },
]

export async function checkTenant(cluster: Cluster): Promise<Tier> {
  const { api, namespace } = cluster
  const title = `Namespace ${namespace}`
  const fix = `helm upgrade assay charts/assay -n assay-system --reuse-values --set 'tenants={${namespace}}' (name all tenants)`
  const there = await maybe(() => api.find(NAMESPACES, { name: namespace }))
  if (there === undefined) return { title, checks: [failed('namespace', 'does not exist', `kubectl create namespace ${namespace}; then ${fix}`)] }
  const account = await maybe(() => api.find(SERVICE_ACCOUNTS, { namespace, name: RUNNER }))
  const accountCheck = account === 'forbidden' ? unknown('ServiceAccount', 'you may not look') : account === undefined ? failed('ServiceAccount', `there is no ${RUNNER}, which Helm acts as for stacks`, fix) : ok('ServiceAccount', RUNNER)
  if (account === undefined) return { title, checks: [accountCheck] }
  return { title, checks: [accountCheck, await rightsCheck(cluster, fix), await impersonationCheck(cluster, fix), ...await quotaChecks(cluster)] }
}

async function maybe<T>(look: () => Promise<T>): Promise<T | 'forbidden'> {
  try {
    return await look()
  } catch (error) {
    if (isForbidden(error)) return 'forbidden'
    throw error
  }
}

async function rightsCheck({ api, namespace }: Cluster, fix: string): Promise<Check> {
  const runner = serviceAccount(namespace, RUNNER)
  const missing = await maybe(async () => {
    const answers = await Promise.all(NEEDED.map(async (what) => ((await mayAccess(api, runner, { verb: 'create', ...what, namespace })) ? [] : [what.resource])))
    return answers.flat()
  })
  if (missing === 'forbidden') return unknown('its rights', 'you may not ask what others may do')
  return missing.length === 0 ? ok('its rights', 'it may make what charts need') : failed('its rights', `it may not create ${missing.join(', ')}`, fix)
}

async function impersonationCheck(cluster: Cluster, fix: string): Promise<Check> {
  const { api, namespace } = cluster
  const controller = serviceAccount(await findOperator(cluster) ?? 'assay-system', 'assay-controller')
  const may = await maybe(() => mayAccess(api, controller, { verb: 'impersonate', group: '', resource: 'serviceaccounts', name: RUNNER, namespace }))
  if (may === 'forbidden') return unknown('operator acts as it', 'you may not ask what others may do')
  return may ? ok('operator acts as it', 'it may') : failed('operator acts as it', `the controller may not impersonate ${RUNNER} here`, fix)
}

const serviceAccount = (namespace: string, name: string) => ({ username: `system:serviceaccount:${namespace}:${name}`, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'], extra: {} })

/** A quota that is used up keeps pods from being made, which shows late. */
async function quotaChecks({ api, namespace }: Cluster): Promise<Check[]> {
  const quotas = await maybe(() => api.list(RESOURCE_QUOTAS, { namespace }))
  if (quotas === 'forbidden') return [unknown('quotas', 'you may not look')]
  return quotas.flatMap(({ metadata: { name }, status }) => {
    const full = Object.entries(status?.hard ?? {}).filter(([key, hard]) => status?.used?.[key] === hard)
    return full.length === 0 ? [ok(`quota ${name}`, 'has room')] : [warning(`quota ${name}`, `is used up: ${full.map(([key, hard]) => `${key} ${hard}`).join(', ')}`, 'raise it, or free what it counts')]
  })
}
