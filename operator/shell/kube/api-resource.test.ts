// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { apiVersionOf, keyOf, pathOf, refOf } from './api-resource.ts'
import { DEPLOYMENTS, NODES, PODS } from './builtin-resources.ts'
import { TRIALS } from './assay-resources.ts'

it.each([
  [PODS, {}, '/api/v1/pods'],
  [PODS, { namespace: 'a' }, '/api/v1/namespaces/a/pods'],
  [PODS, { namespace: 'a', name: 'x', subresource: 'log' }, '/api/v1/namespaces/a/pods/x/log'],
  [NODES, { name: 'n' }, '/api/v1/nodes/n'],
  [NODES, { namespace: 'ignored', name: 'n' }, '/api/v1/nodes/n'],
  [DEPLOYMENTS, { namespace: 'a', name: 'x' }, '/apis/apps/v1/namespaces/a/deployments/x'],
  [TRIALS, { namespace: 'a', name: 't', subresource: 'status' }, '/apis/assay.dev/v1alpha1/namespaces/a/trials/t/status'],
  [PODS, { namespace: '../secrets', name: 'x?y' }, '/api/v1/namespaces/..%2Fsecrets/pods/x%3Fy'],
] as const)('%s %o is at %s', (resource, at, path) => {
  expect(pathOf(resource, at)).toBe(path)
})

it('refuses to address a namespaced object without a namespace', () => {
  expect(() => pathOf(PODS, { name: 'x' })).toThrow('pods "x" cannot be addressed without a namespace')
})

it.each([[{ namespace: 'a', name: 'x' }, 'a/x'], [{ namespace: undefined, name: 'node' }, 'node']])('%o has the key %s', (metadata, key) => {
  expect(keyOf({ metadata })).toBe(key)
  expect(refOf(key)).toEqual({ namespace: metadata.namespace ?? '', name: metadata.name })
})

it('writes apiVersion with and without a group', () => {
  expect([PODS, TRIALS].map(apiVersionOf)).toEqual(['v1', 'assay.dev/v1alpha1'])
})
