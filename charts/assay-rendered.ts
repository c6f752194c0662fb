// SPDX-License-Identifier: Apache-2.0
/** Renders the chart with the real Helm, for its tests; it judges nothing. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { findHelm } from './helm-render.ts'

export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

export interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> }
  readonly rules?: readonly Rule[]
  readonly roleRef?: { readonly kind: string; readonly name: string }
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[]
  readonly spec?: unknown
  readonly data?: Readonly<Record<string, string>>
}

export const CHART = join(import.meta.dirname, 'assay')

/** What `helm template` gives; throws with what Helm said. */
export function render(values: object = {}): Rendered[] {
  const args = ['template', 'assay', CHART, '--namespace', 'assay-system', '--values', '-']
  const text = execFileSync(helmBinary(), args, { input: JSON.stringify(values), encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 32 << 20 })
  return parseAllDocuments(text).map((document) => document.toJS() as Rendered | null).filter((object) => object !== null)
}

/** What Helm says when it refuses; fails when it does not. */
export function refusal(values: object): string {
  try {
    render(values)
  } catch (error) {
    return String((error as { readonly stderr?: unknown }).stderr)
  }
  throw new Error('helm rendered it')
}

export function helmBinary(): string {
  const found = findHelm()
  if (found === undefined) throw new Error('helm is not there: run `make tools`, or set HELM')
  return found
}
