// SPDX-License-Identifier: Apache-2.0
/** Names full blocks of tokens so that two blocks share a name exactly when everything up to their end is alike. It holds no blocks. */
import { mix } from './random.ts'

/** A block's name: 53 bits, so that a million blocks practically never collide, and still a plain number. */
export type BlockHash = number

/** Names the blocks of one sequence as its tokens become known. */
export type BlockHasher = {
  /** Takes the next token; returns the name of the block that it fills, or undefined. */
  readonly push: (token: number) => BlockHash | undefined
}

function createBlockHasher(blockTokens: number, salt = 0): BlockHasher {
  let high = mix(0x243f6a88, salt)
  let low = mix(0x85a308d3, salt)
  let filled = 0
  return {
    push: (token) => {
      high = mix(high, token)
      low = mix(low, token ^ high)
      if (++filled < blockTokens) return undefined
      filled = 0
      return (high & 0x1fffff) * 4_294_967_296 + low
    },
  }
}

/** The names of all full blocks of a prompt, and the hasher that goes on from its end. */
export function hashPrompt(tokens: readonly number[], blockTokens: number, salt = 0): { blocks: readonly BlockHash[]; hasher: BlockHasher } {
  const hasher = createBlockHasher(blockTokens, salt)
  const blocks: BlockHash[] = []
  for (const token of tokens) {
    const block = hasher.push(token)
    if (block !== undefined) blocks.push(block)
  }
  return { blocks, hasher }
}
