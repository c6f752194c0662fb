// SPDX-License-Identifier: Apache-2.0
/** Finds the cluster that integration and end-to-end tests talk to and gives a test file a namespace of its own; it never makes a cluster. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { execa } from 'execa'
import { afterAll, beforeAll } from 'vitest'
import { type ClientOptions, createClient, type KubeClient } from '../../operator/shell/kube/client.ts'
import { kubeconfigAccess } from '../../operator/shell/kube/kubeconfig.ts'
import { createResourceApi, type ResourceApi } from '../../operator/shell/kube/resource-api.ts'

const ROOT = join(import.meta.dirname, '../..')
const TOOLS = join(ROOT, '.build/bin')

export interface NamespaceOptions {
  /** Labels of the namespace, such as a Pod Security level. */
  readonly labels?: Readonly<Record<string, string>>
  /** Wait until the namespace is really gone (slow; for tests that check what a teardown leaves). */
  readonly waitForDeletion?: boolean
}

/** The kubeconfig that tests use: $KUBECONFIG, else the one that the repository's own cluster wrote. */
export function findKubeconfig(env: NodeJS.ProcessEnv = process.env, own = join(ROOT, '.build/kubeconfig')): string {
  const named = env['KUBECONFIG']?.split(delimiter).find((file) => file !== '')
  if (named !== undefined) return existing(named, 'KUBECONFIG names it')
  return existing(own, 'KUBECONFIG is not set and `make cluster` has not run')
}

/** Runs kubectl against that cluster and returns its standard output; fails with what kubectl said. */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const env = { KUBECONFIG: findKubeconfig(), PATH: `${TOOLS}${delimiter}${process.env['PATH'] ?? ''}` }
  const { stdout } = await execa('kubectl', args, { env, input })
  return stdout
}

/** Creates a namespace before the file's tests and deletes it after them; the function returned gives its name. */
export function useNamespace(prefix: string, options: NamespaceOptions = {}): () => string {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`
  beforeAll(() => createNamespace(name, options))
  afterAll(() => deleteNamespace(name, options))
  return () => name
}

/** Connects to the cluster for the file's tests, as its administrator; the functions returned give the client and its verbs. */
export function useApi(options: Partial<ClientOptions> = {}): { readonly client: () => KubeClient; readonly api: () => ResourceApi } {
  let client: KubeClient | undefined
  let api: ResourceApi | undefined
  beforeAll(async () => {
    const access = await kubeconfigAccess({ file: findKubeconfig() })
    client = createClient({ access, perSecond: 500, burst: 1000, userAgent: 'assay-test', ...options })
    api = createResourceApi(client)
  })
  afterAll(() => client?.close())
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('useApi gives its client to tests and hooks, not while the file is being read')
    return value
  }
  return { client: () => there(client), api: () => there(api) }
}

export async function createNamespace(name: string, options: NamespaceOptions = {}): Promise<void> {
  const labels = { 'assay.dev/test': 'true', ...options.labels }
  await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }))
}

export async function deleteNamespace(name: string, options: NamespaceOptions = {}): Promise<void> {
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', `--wait=${options.waitForDeletion === true}`])
}

function existing(file: string, why: string): string {
  if (existsSync(file)) return file
  throw Object.assign(new Error(`No cluster to test against: ${file} does not exist (${why}).`), {
    code: 'ASSAY_NO_CLUSTER',
    hint: 'Run `make cluster` for a local one, or set KUBECONFIG to the kubeconfig of a cluster that tests may write to.',
  })
}
