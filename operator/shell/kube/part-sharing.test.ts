// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPartSharing } from './part-sharing.ts'
import { thing } from './testdata/kube-object.ts'

const image = `registry.example/tool@sha256:${'a'.repeat(64)}`
const trial = (rate: number) => ({
  ...thing(`t${rate}`, { ownerReferences: [{ apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', name: 'e', uid: 'u'.repeat(36) }] }),
  spec: { position: rate, harness: { image, command: ['run'] }, workload: { load: { rate }, data: { inline: 'x'.repeat(100) } } },
})

it('changes nothing that can be seen, and not what it was given', () => {
  fc.assert(fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), { maxLength: 10 }), (specs) => {
    const share = createPartSharing(3)
    for (const spec of specs) {
      const object = { ...thing('x'), spec }
      const before = JSON.stringify(object)
      expect(JSON.stringify(share(object))).toBe(before)
      expect(JSON.stringify(object)).toBe(before)
    }
  }))
})

it('makes equal parts one, also within parts that differ', () => {
  const share = createPartSharing()
  const [a, b] = [share(trial(1)), share(trial(2))]
  expect(b.spec.harness).toBe(a.spec.harness)
  expect(b.spec.workload).not.toBe(a.spec.workload)
  expect(b.spec.workload.data).toBe(a.spec.workload.data)
  expect(b.metadata.ownerReferences).toBe(a.metadata.ownerReferences)
})

it('forgets the parts that were used longest ago', () => {
  const share = createPartSharing(2)
  const part = (letter: string) => ({ ...thing('x'), spec: { part: { letter: letter.repeat(100) } } })
  const first = share(part('a'))
  share(part('b'))
  expect(share(part('a')).spec.part).toBe(first.spec.part)
  share(part('c'))
  share(part('d'))
  expect(share(part('a')).spec.part).not.toBe(first.spec.part)
  expect(share(part('a')).spec.part).toEqual(first.spec.part)
})

it('leaves objects without spec and owners as they are', () => {
  const object = thing('x', {}, { a: '1' })
  expect(createPartSharing()(object)).toEqual(object)
})
