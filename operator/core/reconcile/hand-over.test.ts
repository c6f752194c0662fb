// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FINALIZER, type Stack } from '../model/kinds.ts'
import { canHandOver, releasesOf, successionOf } from './hand-over.ts'

type Over = { readonly name: string; readonly uid?: string; readonly takes?: string; readonly status?: object; readonly metadata?: object; readonly account?: string; readonly held?: boolean }
const owner = [{ apiVersion: 'v', kind: 'Experiment', name: 'e', uid: 'e', controller: true }]
const stack = ({ name, uid = name, takes, status = {}, metadata = {}, account = 'runner', held = true }: Over): Stack => ({
  apiVersion: 'assay.dev/v1alpha1', kind: 'Stack',
  metadata: { name, uid, creationTimestamp: '2026-01-01T00:00:00Z', ownerReferences: owner, finalizers: held ? [FINALIZER] : [], ...metadata },
  spec: { serviceAccountName: account, ...(takes !== undefined && { takesOver: { stack: takes, releases: 'a' } }) } as Stack['spec'], status,
})
const condition = (type: string) => ({ type, status: 'True', reason: 'x', message: 'm', lastTransitionTime: '' })
const made = { releases: [{ name: 'model', release: 'a-model', state: 'deployed' }] }
const serving = { ...made, conditions: [condition('Ready')] }
const to = (uid: string) => ({ name: uid, uid, time: '' })
const before = (status: object = {}, metadata: object = {}) => stack({ name: 'a', status: { ...serving, ...status }, metadata })
const asked = { takenFrom: { name: 'a', uid: 'a' } }
const idle = () => false

describe('whose the releases are', () => {
  it.each<[string, Stack, readonly Stack[], object]>([
    ['a stack alone has its own', stack({ name: 'a' }), [], { kind: 'own' }],
    ['stacks of other releases do not matter', stack({ name: 'b' }), [before()], { kind: 'own' }],
    ['an heir is offered what its predecessor can give up', stack({ name: 'b', takes: 'a' }), [before()], { kind: 'offered', asked: false }],
    ['and takes it once that is on record', stack({ name: 'b', takes: 'a', status: asked }), [before()], { kind: 'offered', asked: true }],
    ['what it had asked for and nobody has any more is its own', stack({ name: 'b', takes: 'a', status: { takenFrom: { name: 'a', uid: 'old' } } }), [stack({ name: 'a', uid: 'a2' })], { kind: 'own' }],
    ['what was handed over is its own', stack({ name: 'b', takes: 'a', status: asked }), [before({ handedOver: to('b') })], { kind: 'own' }],
    ['and not that of the giver', before({ handedOver: to('b') }), [stack({ name: 'b', takes: 'a', status: asked })], { kind: 'handedOver', to: 'b' }],
    ['it waits for a predecessor that comes down', stack({ name: 'b', takes: 'a' }), [before({}, { deletionTimestamp: 'x' })], { kind: 'waits', holder: 'a' }],
    ['also when it had asked', stack({ name: 'b', takes: 'a', status: asked }), [before({}, { deletionTimestamp: 'x' })], { kind: 'waits', holder: 'a' }],
    ['it waits for one that does not serve', stack({ name: 'b', takes: 'a' }), [before({ conditions: [] })], { kind: 'waits', holder: 'a' }],
    ['it begins afresh when the predecessor is gone', stack({ name: 'b', takes: 'a' }), [], { kind: 'own' }],
    ['a third takes from the second', stack({ name: 'c', takes: 'b' }), [stack({ name: 'b', takes: 'a', status: { ...serving, ...asked } })], { kind: 'offered', from: { metadata: { name: 'b' } } }],
    ['the first, made again, waits for who has its releases', stack({ name: 'a', uid: 'a2' }), [stack({ name: 'b', takes: 'a', status: { ...serving, ...asked } })], { kind: 'waits', holder: 'b' }],
    ['also when that one has made nothing yet', stack({ name: 'a', uid: 'a2' }), [stack({ name: 'b', takes: 'a', status: asked })], { kind: 'waits', holder: 'b' }],
    ['who has begun goes on, whoever is made again', stack({ name: 'b', takes: 'a', status: { ...serving, ...asked } }), [stack({ name: 'a', uid: 'a2' })], { kind: 'own' }],
    ['of two that wait for nobody the older begins', stack({ name: 'b', takes: 'a' }), [stack({ name: 'a', uid: 'a2', metadata: { creationTimestamp: '2025-01-01T00:00:00Z' } })], { kind: 'waits', holder: 'a' }],
    ['and only that one', stack({ name: 'a', uid: 'a2', metadata: { creationTimestamp: '2025-01-01T00:00:00Z' } }), [stack({ name: 'b', takes: 'a' })], { kind: 'own' }],
  ])('%s', (_, own, others, want) => expect(successionOf(own, [own, ...others], idle)).toMatchObject(want))

  it('a stack that a trial still loads is not taken', () => {
    const heir = stack({ name: 'b', takes: 'a', status: asked })
    expect(successionOf(heir, [heir, before()], (s) => s.metadata.name === 'a')).toEqual({ kind: 'waits', holder: 'a' })
  })

  it('names releases after who installed them', () => expect(['a', 'b'].map((name) => releasesOf(stack({ name, ...(name === 'b' && { takes: 'a' }) })))).toEqual(['a', 'a']))

  it('never two stacks think that they have the same releases, once either has begun', () => {
    const any = fc.record({
      begun: fc.boolean(), asked: fc.constantFrom(undefined, 'a', 'gone'), given: fc.constantFrom(undefined, 'b', 'c'), deleted: fc.boolean(), ready: fc.boolean(), held: fc.boolean(),
    })
    fc.assert(fc.property(any, fc.constantFrom(undefined, 'a', 'gone'), fc.boolean(), (first, askedBy, heirBegun) => {
      const a = stack({
        name: 'a', held: first.held || first.begun, metadata: first.deleted ? { deletionTimestamp: 'x' } : {},
        status: { ...(first.begun && made), ...(first.ready && { conditions: [condition('Ready')] }), ...(first.given !== undefined && first.begun && { handedOver: to(first.given) }) },
      })
      // An heir begins only with what was given to it, or after its predecessor was gone; it has asked before.
      const begun = heirBegun && a.status?.handedOver?.uid === 'b'
      const b = stack({ name: 'b', takes: 'a', status: { ...(askedBy !== undefined && { takenFrom: { name: 'a', uid: askedBy } }), ...(begun && made) }, metadata: { creationTimestamp: '2026-01-01T00:00:01Z' } })
      const kinds = [a, b].map((s) => successionOf(s, [a, b], idle).kind)
      // The one that was made again waits, as the row above says, so that it has not begun.
      if (askedBy === 'gone' && first.begun) return
      expect(kinds.filter((k) => k === 'own').length).toBeLessThanOrEqual(1)
    }))
  })
})

describe('who can hand over', () => {
  it.each<[string, Stack, boolean]>([
    ['one that serves', before(), true],
    ['not one that does not', before({ conditions: [] }), false],
    ['not one that drifted', before({ driftedTime: 'x' }), false],
    ['not one that comes down', before({}, { deletionTimestamp: 'x' }), false],
    ['not one that has done so', before({ handedOver: to('c') }), false],
    ['not one of somebody else', before({}, { ownerReferences: [] }), false],
    ['not one of another account', stack({ name: 'a', status: serving, account: 'other' }), false],
  ])('%s', (_, from, want) => expect(canHandOver(from, stack({ name: 'b', takes: 'a' }))).toBe(want))
})
