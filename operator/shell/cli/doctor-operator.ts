// SPDX-License-Identifier: Apache-2.0
/** The doctor's tier of the operator: ready, leading, of this version; the results server reachable the way that results are fetched. */
import { DEPLOYMENTS, type Deployment, type Lease, LEASES } from '../kube/builtin-resources.ts'
import { isForbidden } from '../kube/api-error.ts'
import { ResultsError } from '../results/client.ts'
import { VERSION } from '../version.ts'
import type { Cluster } from './cluster.ts'
import { type Check, failed, ok, type Tier, unknown, warning } from './doctor-model.ts'
import { findOperator, openResults } from './results-link.ts'

const TITLE = 'Operator'
const LEASE = 'assay-controller'

export async function checkOperator(cluster: Cluster): Promise<Tier> {
  const operator = await findOperator(cluster)
  if (operator === undefined) return { title: TITLE, checks: [failed('installation', 'no namespace has the Service assay-results', 'helm upgrade --install assay charts/assay -n assay-system --create-namespace')] }
  const { api } = cluster
  const looked = async (name: string, look: () => Promise<Check>) => {
    try {
      return await look()
    } catch (error) {
      if (isForbidden(error)) return unknown(name, `you may not look into namespace ${operator}`)
      throw error
    }
  }
  const checks = await Promise.all([
    looked('controller', async () => deploymentCheck('controller', await api.find(DEPLOYMENTS, { namespace: operator, name: 'assay-controller' }))),
    looked('leader', async () => leaseCheck(await api.find(LEASES, { namespace: operator, name: LEASE }), Date.now())),
    looked('results server', async () => deploymentCheck('results server', await api.find(DEPLOYMENTS, { namespace: operator, name: 'assay-results' }))),
    reachResults(cluster),
  ])
  return { title: `${TITLE} (namespace ${operator})`, checks }
}

export function deploymentCheck(name: string, deployment: Deployment | undefined): Check {
  if (deployment === undefined) return failed(name, 'its Deployment does not exist', 'make install')
  const { readyReplicas = 0, replicas = 0 } = deployment.status ?? {}
  const version = deployment.metadata.labels?.['app.kubernetes.io/version'] ?? 'unknown'
  const seen = `${readyReplicas} of ${replicas} replicas ready, version ${version}`
  if (readyReplicas === 0) return failed(name, seen, `kubectl describe pods -n ${deployment.metadata.namespace ?? ''} -l app.kubernetes.io/part-of=assay`)
  return version === VERSION ? ok(name, seen) : warning(name, `${seen}; this command line is ${VERSION}`, 'use both of one version: make install')
}

export function leaseCheck(lease: Lease | undefined, nowMs: number): Check {
  const { holderIdentity = '', renewTime, leaseDurationSeconds = 15 } = lease?.spec ?? {}
  if (lease === undefined || holderIdentity === '') return failed('leader', 'nobody leads', 'the controller\'s log says why: kubectl logs -n assay-system deploy/assay-controller')
  const ageS = Math.round((nowMs - Date.parse(renewTime ?? '')) / 1000)
  return ageS <= 2 * leaseDurationSeconds ? ok('leader', holderIdentity) : failed('leader', `${holderIdentity} has not renewed its Lease for ${ageS} s`, 'is the controller running? Is this machine\'s clock right?')
}

/** A question about an Experiment that does not exist: its refusal shows that everything before it works. */
async function reachResults(cluster: Cluster): Promise<Check> {
  const name = 'results through the API server'
  const link = await openResults(cluster, { attempts: 1 })
  try {
    await link?.client.experiment({ namespace: cluster.namespace, name: 'assay-doctor' }, { timeoutMs: 10_000 })
    return ok(name, 'they can be fetched')
  } catch (error) {
    if (error instanceof ResultsError && error.status === 404) return ok(name, 'they can be fetched')
    if (isForbidden(error)) return warning(name, 'you may not ask for a token of assay-reader', 'add yourself to the chart\'s readers; results are in ConfigMaps all the same, live numbers and raw files are not')
    return failed(name, (error as Error).message, 'kubectl get pods,endpointslices -n assay-system -l app.kubernetes.io/component=results')
  } finally {
    await link?.close()
  }
}
