// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKvCache } from './kv-cache.ts'
import type { Allocation } from './kv-cache.ts'
import { hashPrompt } from './prefix-cache.ts'

const BLOCK = 4
const range = (from: number, length: number) => Array.from({ length }, (_, i) => from + i)
const cacheOf = (blocks: number, prefixCaching = true) => createKvCache({ blocks, blockTokens: BLOCK, prefixCaching })
const names = (tokens: readonly number[]) => hashPrompt(tokens, BLOCK).blocks

describe('kv cache', () => {
  it('finds a prefix again after it was released, but always leaves a token to compute', () => {
    const cache = cacheOf(10)
    const prompt = range(0, 16)
    const first = cache.allocate(names(prompt), 16)
    expect(first).toMatchObject({ cachedTokens: 0 })
    cache.release(first as Allocation)
    expect(cache.freeBlocks()).toBe(10)
    expect(cache.allocate(names(prompt), 16)).toMatchObject({ cachedTokens: 12 })
    expect(cache.allocate(names([...prompt, 99]), 17)).toMatchObject({ cachedTokens: 16 })
  })

  it('shares held blocks between sequences', () => {
    const cache = cacheOf(10)
    cache.allocate(names(range(0, 17)), 17)
    const second = cache.allocate(names(range(0, 18)), 18)
    expect(second?.cachedTokens).toBe(16)
    expect(cache.freeBlocks()).toBe(10 - 5 - 1)
    expect(cache.usage()).toBeCloseTo(0.6)
  })

  it('forgets the least recently used first, and the tail of a prefix before its head', () => {
    const cache = cacheOf(6)
    const old = cache.allocate(names(range(0, 12)), 12) as Allocation
    const recent = cache.allocate(names(range(100, 12)), 12) as Allocation
    cache.release(old)
    cache.release(recent)
    cache.allocate(names(range(200, 4)), 4)
    expect(cache.allocate(names(range(0, 13)), 13)?.cachedTokens).toBe(8)
  })

  it.each([
    ['without prefix caching', (cache: ReturnType<typeof cacheOf>) => cache, false],
    ['after a reset', (cache: ReturnType<typeof cacheOf>) => (cache.reset(), cache), true],
  ])('finds nothing %s', (_, prepare, prefixCaching) => {
    const cache = cacheOf(20, prefixCaching)
    cache.allocate(names(range(0, 16)), 16)
    expect(prepare(cache).allocate(names(range(0, 20)), 20)?.cachedTokens).toBe(0)
  })

  it('refuses what does not fit and changes nothing by it', () => {
    const cache = cacheOf(4)
    const held = cache.allocate(names(range(0, 9)), 9) as Allocation
    expect(cache.allocate(names(range(50, 8)), 8)).toBeNull()
    expect(cache.grow(held, 17)).toBe(false)
    expect(cache.freeBlocks()).toBe(1)
    expect(cache.grow(held, 16)).toBe(true)
  })

  it('counts a block that is revived from the free ones only once', () => {
    const cache = cacheOf(4)
    cache.release(cache.allocate(names(range(0, 13)), 13) as Allocation)
    // 3 known blocks lie among the 4 free ones: 2 more would be one too many
    expect(cache.allocate(names(range(0, 20)), 20)).toBeNull()
    expect(cache.allocate(names(range(0, 16)), 16)?.cachedTokens).toBe(12)
  })

  it('never loses or doubles a block, whatever is done with it', () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('allocate' as const), start: fc.nat(3), length: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('release' as const), which: fc.nat(10) }),
      fc.record({ kind: fc.constant('grow' as const), which: fc.nat(10), by: fc.nat(10) }),
      fc.record({ kind: fc.constant('reset' as const) }),
    )
    fc.assert(fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const cache = cacheOf(24)
      const held: { allocation: Allocation; tokens: number }[] = []
      for (const op of operations) {
        const one = 'which' in op ? held[op.which % Math.max(1, held.length)] : undefined
        if (op.kind === 'allocate') {
          const allocation = cache.allocate(names(range(op.start * 1000, op.length)), op.length)
          if (allocation) held.push({ allocation, tokens: op.length })
        } else if (op.kind === 'reset') cache.reset()
        else if (one && op.kind === 'release') cache.release(held.splice(held.indexOf(one), 1)[0]?.allocation as Allocation)
        else if (one && op.kind === 'grow' && cache.grow(one.allocation, one.tokens + op.by)) one.tokens += op.by
        const inUse = new Set(held.flatMap(({ allocation }) => allocation.blocks))
        expect(cache.freeBlocks()).toBe(24 - inUse.size)
        for (const { allocation, tokens } of held) {
          expect(new Set(allocation.blocks).size).toBe(Math.ceil(tokens / BLOCK))
          expect(allocation.cachedTokens).toBeLessThan(tokens)
        }
      }
    }))
  })
})
