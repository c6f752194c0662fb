// SPDX-License-Identifier: Apache-2.0
/** Runs the command line against the cluster of the tests, as people do. */
import { join } from 'node:path'
import { execa } from 'execa'
import { findKubeconfig, kubectl } from '../cluster.ts'

export const ROOT = join(import.meta.dirname, '../../..')

export interface Ended { readonly out: string; readonly err: string; readonly code: number | undefined }

export async function assay(args: readonly string[], { cwd, input = '' }: { readonly cwd?: string; readonly input?: string } = {}): Promise<Ended> {
  const { stdout, stderr, exitCode } = await execa(join(ROOT, 'bin/assay'), args, { reject: false, input, cwd, env: { KUBECONFIG: findKubeconfig() } })
  return { out: stdout, err: stderr, code: exitCode }
}

/** Applies objects as somebody else than the command line. */
export async function apply(namespace: string, ...objects: readonly object[]): Promise<void> {
  await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
}

export async function get<T>(namespace: string, what: string): Promise<T> {
  return JSON.parse(await kubectl(['get', '-n', namespace, what, '-o', 'json'])) as T
}

export async function patchStatus(namespace: string, what: string, status: object): Promise<void> {
  await kubectl(['patch', '-n', namespace, what, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })])
}
