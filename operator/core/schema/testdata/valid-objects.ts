// SPDX-License-Identifier: Apache-2.0
/** The smallest valid object of each kind, and a way to change one member by its path; tables of rules start from them. */
import { API_VERSION, type KindName } from '../../model/kinds.ts'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly [key: string]: unknown }
  readonly spec?: unknown
  readonly status?: unknown
}

type Json = Record<string, unknown>

const SCENARIO: Json = { model: { name: 'm' }, endpoint: { url: 'http://127.0.0.1:8000' } }
const WORKLOAD: Json = { data: { synthetic: { input: { fixed: 8 }, output: { fixed: 8 } } }, load: { poisson: { stages: [{ name: 'main', rate: 1, duration: '10s' }] } } }
const HARNESS: Json = { version: '1', supports: { load: ['poisson'], data: ['synthetic'] }, results: { adapter: 'native' } }

const SPECS: Readonly<Record<KindName, Json>> = {
  Scenario: SCENARIO,
  WorkloadProfile: WORKLOAD,
  Harness: HARNESS,
  Experiment: { scenarioRef: { name: 's' }, workloadRef: { name: 'w' }, harnessRef: { name: 'h' }, design: { treatments: [{ name: 'base', set: {} }] } },
  Stack: { scenarioRef: { name: 's' } },
  Trial: { stackRef: { name: 's' }, workload: WORKLOAD, harness: HARNESS },
}

/** A valid object, with members set by dotted path below spec; `undefined` removes one, a number addresses a list item. */
export function objectOf(kind: KindName, changes: Readonly<Record<string, unknown>> = {}, name = 'test'): Manifest {
  const spec = structuredClone(SPECS[kind])
  for (const [path, value] of Object.entries(changes)) change(spec, path.split('.'), value)
  return { apiVersion: API_VERSION, kind, metadata: { name }, spec }
}

function change(object: Json, [head = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) {
    object[head] ??= {}
    change(object[head] as Json, rest, value)
  } else if (value === undefined) {
    delete object[head]
  } else {
    object[head] = value
  }
}
