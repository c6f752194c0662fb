// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { STACKS, TRIALS } from './assay-resources.ts'
import { PODS } from './builtin-resources.ts'
import * as ownership from './ownership.ts'
import { thing } from './testdata/kube-object.ts'

const owner = thing('s', { uid: 'uid-s' })
const owned = thing('x', { ownerReferences: [ownership.controllerReference(STACKS, owner)] })

it('refers to the controlling owner', () => {
  expect(owned.metadata.ownerReferences).toEqual([{ apiVersion: 'assay.dev/v1alpha1', kind: 'Stack', name: 's', uid: 'uid-s', controller: true, blockOwnerDeletion: true }])
  expect(ownership.ownerReference(PODS, owner)).toEqual({ apiVersion: 'v1', kind: 'Pod', name: 's', uid: 'uid-s' })
  expect(() => ownership.ownerReference(STACKS, thing('new', { uid: undefined }))).toThrow('Stack "new" has no uid yet')
})

it('finds the controlling owner by kind and group, whatever its version', () => {
  const newer = { metadata: { ...owned.metadata, ownerReferences: [{ ...ownership.controllerReference(STACKS, owner), apiVersion: 'assay.dev/v2' }] } }
  expect([ownership.controllerOf(owned, STACKS)?.name, ownership.controllerOf(newer, STACKS)?.name, ownership.controllerOf(owned, TRIALS)?.name]).toEqual(['s', 's', undefined])
})

it('knows its own owner from one of the same name', () => {
  expect([ownership.isControlledBy(owned, owner), ownership.isControlledBy(owned, thing('s', { uid: 'another' })), ownership.isControlledBy(thing('y'), owner)]).toEqual([true, false, false])
})

describe('finalizers', () => {
  const [ours, theirs] = ['assay.dev/helm', 'other.dev/x']
  it.each([
    ['add to none', undefined, ownership.addFinalizer, [ours]],
    ['add to another', [theirs], ownership.addFinalizer, [theirs, ours]],
    ['add what is there', [ours], ownership.addFinalizer, undefined],
    ['remove the only one', [ours], ownership.removeFinalizer, []],
    ['remove one of two', [ours, theirs], ownership.removeFinalizer, [theirs]],
    ['remove what is not there', [theirs], ownership.removeFinalizer, undefined],
  ])('%s', (_, finalizers, patch, wanted) => {
    const object = thing('x', { finalizers, resourceVersion: '7' })
    expect(patch(object, ours)).toEqual(wanted === undefined ? undefined : { metadata: { resourceVersion: '7', finalizers: wanted } })
  })
})
