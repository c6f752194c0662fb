// SPDX-License-Identifier: Apache-2.0
/** Our CRDs in the cluster under test, and dry-run writes to them; it knows no rule of any kind. */
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { KINDS, type KindName, VERSION, GROUP } from '../../../operator/core/model/kinds.ts'
import type { Manifest } from '../../../operator/core/schema/testdata/valid-objects.ts'
import { isApiError } from '../../../operator/shell/kube/api-error.ts'
import { createClient, type KubeClient } from '../../../operator/shell/kube/client.ts'
import { kubeconfigAccess } from '../../../operator/shell/kube/kubeconfig.ts'
import { findKubeconfig, kubectl } from '../cluster.ts'

export const ROOT = join(import.meta.dirname, '../../..')

export interface Written extends Manifest {
  readonly metadata: { readonly name: string; readonly generation: number; readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: unknown }[] }
}

export interface Objects {
  /** What the API server would store, with its defaults. */
  readonly create: (object: Manifest, options?: WriteOptions) => Promise<Written>
  readonly apply: (object: Manifest, options?: WriteOptions & { readonly manager?: string }) => Promise<Written>
  readonly merge: (object: Manifest, options?: WriteOptions & { readonly subresource?: 'status' }) => Promise<Written>
  readonly get: (kind: KindName, name: string) => Promise<Written>
}

interface WriteOptions {
  readonly dryRun?: boolean
}

/** Installs the CRDs once and gives access to objects of one namespace; nothing is removed, because other tests use the CRDs too. */
export function useObjects(namespace: () => string): Objects {
  let client: KubeClient | undefined
  beforeAll(async () => {
    await kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(ROOT, 'crds')])
    await kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', join(ROOT, 'crds')])
    client = createClient({ access: await kubeconfigAccess({ file: findKubeconfig() }) })
  })
  afterAll(() => client?.close())
  const connected = () => {
    if (client === undefined) throw new Error('not connected yet')
    return client
  }
  const path = (kind: string, name?: string) => `/apis/${GROUP}/${VERSION}/namespaces/${namespace()}/${KINDS[kind as KindName].plural}${name === undefined ? '' : `/${name}`}`
  const strict = (options: WriteOptions) => ({ fieldValidation: 'Strict', fieldManager: 'assay-test', ...(options.dryRun === false ? {} : { dryRun: 'All' }) })
  return {
    create: (object, options = {}) => connected().json<Written>({ verb: 'create', resource: 'test', path: path(object.kind), query: strict(options), body: object }),
    apply: (object, { manager = 'assay-test', ...options } = {}) => connected().json<Written>({
      verb: 'apply', resource: 'test', path: path(object.kind, object.metadata.name), query: { ...strict(options), fieldManager: manager, force: true }, body: object, contentType: 'application/apply-patch+yaml',
    }),
    merge: (object, { subresource, ...options } = {}) => connected().json<Written>({
      verb: 'patch', resource: 'test', path: `${path(object.kind, object.metadata.name)}${subresource === undefined ? '' : `/${subresource}`}`,
      query: strict(options), body: object, contentType: 'application/merge-patch+json',
    }),
    get: (kind, name) => connected().json<Written>({ verb: 'get', resource: 'test', path: path(kind, name) }),
  }
}

/** What the API server says when it refuses; an empty text when it accepts. */
export async function refusal(write: Promise<unknown>): Promise<string> {
  try {
    await write
    return ''
  } catch (error) {
    if (isApiError(error)) return error.message
    throw error
  }
}
