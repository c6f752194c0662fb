// SPDX-License-Identifier: Apache-2.0
/** The operator's chart in a real cluster: Helm installs it, Pod Security lets its pods in, and the API server says who may do what. No image is needed. */
import { execa } from 'execa'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findKubeconfig, kubectl, useNamespace } from '../cluster.ts'
import { helmBinary } from '../../../charts/assay-rendered.ts'
import { ROOT, useObjects } from './api.ts'

const home = useNamespace('chart-home', { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } })
const tenant = useNamespace('chart-tenant')
const stranger = useNamespace('chart-stranger')
useObjects(tenant)

const helm = (...args: string[]) => execa(helmBinary(), [...args, '--namespace', home()], { env: { KUBECONFIG: findKubeconfig() } })
const install = (...more: string[]) => helm('upgrade', '--install', 'assay', join(ROOT, 'charts/assay'), '--set', `crds.install=false,tenants={${tenant()}},image.repository=invalid.test/assay,results.persistence.enabled=false`, ...more)

beforeAll(() => install())
afterAll(() => helm('uninstall', 'assay', '--ignore-not-found'))

it.each(['assay-controller', 'assay-results'])('Pod Security lets pods of %s in', async (name) => {
  await expect.poll(async () => kubectl(['get', 'pods', '-n', home(), '-l', `app.kubernetes.io/component=${name.replace('assay-', '')}`, '-o', 'name']), { timeout: 30_000 }).toMatch(/^pod\//)
  expect(await kubectl(['get', 'deployment', name, '-n', home(), '-o', 'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}'])).toBe('')
})

it('is the same when it is installed again', async () => {
  const generation = () => kubectl(['get', 'deployment', 'assay-controller', 'assay-results', '-n', home(), '-o', 'jsonpath={.items[*].metadata.generation}'])
  const before = await generation()
  await install()
  expect(await generation()).toBe(before)
})

describe('the API server says', () => {
  const as = (account: string, namespace = home()) => `system:serviceaccount:${namespace}:${account}`
  const may = async (who: string, namespace: string, question: readonly string[]): Promise<boolean> => {
    const { stdout } = await execa('kubectl', ['auth', 'can-i', ...question, '--namespace', namespace, '--as', who], { env: { KUBECONFIG: findKubeconfig() }, reject: false })
    return stdout.trim().endsWith('yes')
  }

  it.each<readonly [string, readonly string[], () => string, boolean]>([
    ['assay-controller', ['impersonate', 'serviceaccounts/assay-runner'], tenant, true],
    ['assay-controller', ['impersonate', 'serviceaccounts/assay-runner'], stranger, false],
    ['assay-controller', ['impersonate', 'serviceaccounts/default'], tenant, false],
    ['assay-controller', ['impersonate', 'users'], tenant, false],
    ['assay-controller', ['get', 'secrets'], tenant, false],
    ['assay-controller', ['list', 'secrets'], home, false],
    ['assay-controller', ['create', 'jobs.batch'], tenant, true],
    ['assay-controller', ['create', 'deployments.apps'], tenant, false],
    ['assay-controller', ['patch', 'experiments.assay.dev'], tenant, false],
    ['assay-controller', ['patch', 'experiments.assay.dev', '--subresource', 'status'], tenant, true],
    ['assay-controller', ['delete', 'experiments.assay.dev'], tenant, false],
    ['assay-controller', ['patch', 'leases.coordination.k8s.io/assay-controller'], home, true],
    ['assay-controller', ['patch', 'leases.coordination.k8s.io/other'], home, false],
    ['assay-controller', ['get', 'leases.coordination.k8s.io/assay-controller'], tenant, false],
    ['assay-results', ['create', 'tokenreviews.authentication.k8s.io'], home, true],
    ['assay-results', ['get', 'trials.assay.dev'], tenant, true],
    ['assay-results', ['list', 'pods'], tenant, false],
    ['assay-results', ['get', 'secrets'], home, false],
    ['assay-reader', ['get', 'trials.assay.dev'], tenant, true],
    ['assay-reader', ['get', 'pods'], tenant, false],
  ])('%s: %o', async (account, question, where, wanted) => {
    expect(await may(as(account), where(), question)).toBe(wanted)
  })

  it.each<readonly [readonly string[], () => string, boolean]>([
    [['create', 'deployments.apps'], tenant, true],
    [['list', 'secrets'], tenant, true],
    [['get', 'pods', '--subresource', 'log'], tenant, true],
    [['create', 'rolebindings.rbac.authorization.k8s.io'], tenant, false],
    [['get', 'experiments.assay.dev'], tenant, false],
    [['list', 'secrets'], stranger, false],
    [['get', 'nodes'], tenant, false],
  ])('assay-runner of the tenant: %o', async (question, where, wanted) => {
    expect(await may(as('assay-runner', tenant()), where(), question)).toBe(wanted)
  })
})

it('goes without a trace', async () => {
  await helm('uninstall', 'assay', '--wait')
  const left = await kubectl(['get', 'clusterroles,clusterrolebindings', '-o', 'name'])
  expect(left.split('\n').filter((name) => name.includes(`assay:${home()}:`))).toEqual([])
  expect(await kubectl(['get', 'serviceaccounts,rolebindings', '-n', tenant(), '-o', 'name'])).not.toContain('assay')
})
