// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { byLabel, byOwner, createStore } from './store.ts'
import { thing, type TestObject } from './testdata/kube-object.ts'

const LABEL = 'assay.dev/stack'
const byColour = ({ data }: TestObject) => (data?.['colour'] === undefined ? [] : data['colour'].split('+'))

it('finds under each index exactly what a search finds, whatever was set and deleted', () => {
  const operation = fc.record({ name: fc.constantFrom('p', 'q', 'r', 's'), colour: fc.constantFrom(undefined, 'red', 'blue', 'red+blue', 'red+red'), gone: fc.boolean() })
  fc.assert(fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
    const store = createStore<TestObject>({ colour: byColour })
    for (const { name, colour, gone } of operations) {
      if (gone) store.delete(`a/${name}`)
      else store.set(thing(name, {}, colour === undefined ? {} : { colour }))
    }
    for (const colour of ['red', 'blue', 'green']) {
      const names = (objects: TestObject[]) => objects.map(({ metadata }) => metadata.name).sort()
      expect(names(store.byIndex('colour', colour))).toEqual(names(store.list().filter((object) => byColour(object).includes(colour))))
    }
  }))
})

it('says which indexes there are when asked for another', () => {
  expect(() => createStore({ owner: byOwner }).byIndex('stack', 'x')).toThrow('the store has no index "stack", only: owner')
})

it('indexes by label within a namespace, and by owner', () => {
  const store = createStore<TestObject>({ stack: byLabel(LABEL), owner: byOwner })
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'uid-o' }
  store.set(thing('x', { labels: { [LABEL]: 's1' }, ownerReferences: [owner] }))
  store.set(thing('y', { namespace: 'b', labels: { [LABEL]: 's1' } }))
  store.set(thing('z'))
  expect(store.byIndex('stack', 'a/s1').map(({ metadata }) => metadata.name)).toEqual(['x'])
  expect(store.byIndex('owner', 'uid-o').map(({ metadata }) => metadata.name)).toEqual(['x'])
  expect(store.set(thing('x'))).toMatchObject({ metadata: { labels: { [LABEL]: 's1' } } })
  expect(store.byIndex('stack', 'a/s1')).toEqual([])
  expect(store.size()).toBe(3)
})
