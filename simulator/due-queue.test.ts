// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDueQueue } from './due-queue.ts'

it('gives items by time, equal times in the order in which they came, with adding and taking mixed', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.nat(20), fc.constant('take' as const)), { maxLength: 200 }), (operations) => {
    const queue = createDueQueue<number>()
    let model: { due: number; id: number }[] = []
    let id = 0
    for (const operation of operations) {
      if (operation === 'take') {
        const expected = [...model].sort((a, b) => a.due - b.due || a.id - b.id)[0]
        expect(queue.nextDue()).toBe(expected?.due ?? Infinity)
        expect(queue.take()).toBe(expected?.id)
        model = model.filter((entry) => entry !== expected)
      } else {
        model.push({ due: operation, id })
        queue.add(operation, id++)
      }
      expect(queue.size()).toBe(model.length)
    }
  }))
})
