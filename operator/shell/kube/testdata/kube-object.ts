// SPDX-License-Identifier: Apache-2.0
/** Objects for tests, with as little as the machinery needs. */
import type { ApiResource, KubeObject } from '../api-resource.ts'

export interface TestObject extends KubeObject { data?: Record<string, string> }

export const THINGS: ApiResource<TestObject> = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true }

export function thing(name: string, metadata: Partial<KubeObject['metadata']> = {}, data: Record<string, string> = {}): TestObject {
  return { metadata: { name, namespace: 'a', uid: `uid-${name}`, resourceVersion: '1', ...metadata }, data }
}
