// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashPrompt } from './prefix-cache.ts'

const tokens = fc.array(fc.nat(128_000), { maxLength: 200 })

describe('names of blocks', () => {
  it('are alike exactly as far as the tokens are', () => {
    fc.assert(fc.property(tokens, tokens, tokens, (common, a, b) => {
      fc.pre(a[0] !== b[0])
      const left = hashPrompt([...common, ...a], 8).blocks
      const right = hashPrompt([...common, ...b], 8).blocks
      const shared = Math.floor(common.length / 8)
      expect(left.slice(0, shared)).toEqual(right.slice(0, shared))
      for (let i = shared; i < Math.min(left.length, right.length); i++) expect(left[i]).not.toBe(right[i])
    }))
  })

  it('do not depend on where the prompt ended and the answer began', () => {
    fc.assert(fc.property(tokens, fc.nat(200), (all, cut) => {
      const { blocks, hasher } = hashPrompt(all.slice(0, cut), 8)
      const rest = all.slice(cut).map((token) => hasher.push(token)).filter((hash) => hash !== undefined)
      expect([...blocks, ...rest]).toEqual(hashPrompt(all, 8).blocks)
    }))
  })

  it('do not collide over a million blocks', () => {
    const seen = new Set<number>()
    const { hasher } = hashPrompt([], 1)
    for (let i = 0; i < 1_000_000; i++) seen.add(hasher.push(i % 1000) ?? -1)
    expect(seen.size).toBe(1_000_000)
  })

  it('differ by salt', () => expect(hashPrompt([1, 2, 3, 4], 4, 1).blocks).not.toEqual(hashPrompt([1, 2, 3, 4], 4, 2).blocks))
})
