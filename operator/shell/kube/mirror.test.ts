// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMirror, type Mirror, withoutBookkeeping } from './mirror.ts'
import { createStore } from './store.ts'
import { thing, type TestObject } from './testdata/kube-object.ts'

const ALL = () => true

function mirrored(transform: (object: TestObject) => TestObject = (object) => object): { mirror: Mirror<TestObject>; told: string[]; errors: unknown[] } {
  const told: string[] = []
  const errors: unknown[] = []
  const mirror = createMirror<TestObject>({ store: createStore(), transform, onError: (error) => errors.push(error) })
  const at = ({ metadata }: TestObject) => `${metadata.name}@${metadata.resourceVersion}`
  mirror.subscribe({
    add: (object) => told.push(`add ${at(object)}`),
    update: (object, before) => told.push(`update ${at(before)} ${at(object)}`),
    delete: (object, { finalStateUnknown }) => told.push(`delete ${at(object)}${finalStateUnknown ? ' unknown' : ''}`),
  })
  return { mirror, told, errors }
}
const v = (name: string, version: number, uid = `uid-${name}`) => thing(name, { resourceVersion: String(version), uid })

describe('what subscribers are told', () => {
  it.each<[string, (mirror: Mirror<TestObject>) => void, string[]]>([
    ['a life', (m) => { m.changed(v('x', 1)); m.changed(v('x', 2)); m.gone(v('x', 3)) }, ['add x@1', 'update x@1 x@2', 'delete x@3']],
    ['an event that comes twice', (m) => { m.changed(v('x', 1)); m.changed(v('x', 1)) }, ['add x@1']],
    ['an older state that comes late', (m) => { m.changed(v('x', 9)); m.changed(v('x', 10)); m.changed(v('x', 9)) }, ['add x@9', 'update x@9 x@10']],
    ['a state from before its deletion', (m) => { m.changed(v('x', 1)); m.gone(v('x', 5)); m.changed(v('x', 4)) }, ['add x@1', 'delete x@5']],
    ['a return to the selector', (m) => { m.changed(v('x', 1)); m.gone(v('x', 5)); m.changed(v('x', 6)) }, ['add x@1', 'delete x@5', 'add x@6']],
    ['another object of the same name, the deletion missed', (m) => { m.changed(v('x', 1)); m.changed(v('x', 7, 'other')) }, ['add x@1', 'delete x@1 unknown', 'add x@7']],
    ['the deletion of its predecessor that comes late', (m) => { m.changed(v('x', 7, 'other')); m.gone(v('x', 6)) }, ['add x@7']],
    ['a deletion of what we never knew', (m) => { m.gone(v('x', 6)) }, []],
    ['a list without it', (m) => { m.changed(v('x', 1)); m.changed(v('y', 2)); m.only(new Set(['a/y']), { resourceVersion: '9', inScope: ALL }) }, ['add x@1', 'add y@2', 'delete x@1 unknown']],
    ['a list of another namespace', (m) => { m.changed(v('x', 1)); m.only(new Set(), { resourceVersion: '9', inScope: (key) => key.startsWith('b/') }) }, ['add x@1']],
    ['a list that is older than our own write', (m) => { m.changed(v('x', 20)); m.only(new Set(), { resourceVersion: '9', inScope: ALL }) }, ['add x@20']],
    ['a restored API server, whose versions went back', (m) => { m.changed(v('x', 90)); m.changed(v('y', 91)); m.rewound(ALL); m.changed(v('x', 12)); m.only(new Set(['a/x']), { resourceVersion: '15', inScope: ALL }) },
      ['add x@90', 'add y@91', 'update x@90 x@12', 'delete y@91 unknown']],
  ])('%s', (_, act, expected) => {
    const { mirror, told } = mirrored()
    act(mirror)
    expect(told).toEqual(expected)
  })
})

it('ends in the true state whatever the order and the repetitions of events', () => {
  // The history of two names; each deletion ends one uid, and the name begins again with the next.
  const history = fc.array(fc.record({ name: fc.constantFrom('x', 'y'), what: fc.constantFrom('change', 'delete') }), { maxLength: 30 })
  fc.assert(fc.property(history, fc.array(fc.nat(1000), { minLength: 120, maxLength: 120 }), (steps, dice) => {
    const generation = new Map<string, number>()
    const truth = new Map<string, TestObject>()
    const events = steps.map(({ name, what }, index) => {
      const object = v(name, index + 1, `${name}-${generation.get(name) ?? 0}`)
      if (what === 'delete') {
        truth.delete(name)
        generation.set(name, (generation.get(name) ?? 0) + 1)
      } else truth.set(name, object)
      return { what, object }
    })
    const twice = [...events, ...events].map((event, index) => ({ event, order: dice[index] ?? 0 })).sort((a, b) => a.order - b.order)
    const { mirror } = mirrored()
    for (const { event } of twice) (event.what === 'delete' ? mirror.gone : mirror.changed)(event.object)
    const last = (objects: Iterable<TestObject>) => [...objects].map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`).sort()
    expect(last(mirror.store.list())).toEqual(last(truth.values()))
  }))
})

it('goes on when a handler or the transform throws, and tells the others', () => {
  const { mirror, told, errors } = mirrored(({ data, ...rest }) => {
    if (data?.['bad'] !== undefined) throw new Error('transform')
    return rest
  })
  mirror.subscribe({ add: () => { throw new Error('handler') } })
  mirror.changed(thing('x', {}, { bad: 'yes' }))
  expect(mirror.store.get('a/x')?.data).toEqual({ bad: 'yes' })
  expect(told).toEqual(['add x@1'])
  expect(errors.map(String)).toEqual(['Error: transform', 'Error: handler'])
})

it('tells a late subscriber of what is there, and nothing more once it has left', () => {
  const { mirror } = mirrored()
  mirror.changed(v('x', 1))
  const told: string[] = []
  const leave = mirror.subscribe({ add: ({ metadata }) => told.push(metadata.name) })
  mirror.changed(v('y', 2))
  leave()
  mirror.changed(v('z', 3))
  expect(told).toEqual(['x', 'y'])
})

it('drops managedFields and the last applied configuration, and changes nothing else', () => {
  const object = { ...thing('x', { annotations: { keep: 'me', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }), spec: { a: 1 } }
  const before = structuredClone(object)
  const kept = withoutBookkeeping({ ...object, metadata: { ...object.metadata, managedFields: [{}] } })
  expect(kept).toEqual({ ...before, metadata: { ...before.metadata, annotations: { keep: 'me' } } })
  expect(object).toEqual(before)
})
