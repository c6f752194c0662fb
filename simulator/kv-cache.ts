// SPDX-License-Identifier: Apache-2.0
/** A pool of KV-cache blocks with reuse of named prefixes and least-recently-used eviction. It knows blocks, not requests or time. */
import type { BlockHash } from './prefix-cache.ts'

/** The blocks that one sequence holds. */
export type Allocation = {
  readonly blocks: number[]
  /** Tokens of the prompt that were found, computed already. */
  readonly cachedTokens: number
}

export type KvCache = {
  /** Takes blocks for a prompt (null when there are too few), reusing the longest known prefix; at least one token stays to be computed. */
  readonly allocate: (hashes: readonly BlockHash[], tokens: number) => Allocation | null
  /** Makes room for this many tokens in all; false when no block is free. */
  readonly grow: (allocation: Allocation, tokens: number) => boolean
  /** Names the n-th block of a sequence, so that others may find it. */
  readonly name: (allocation: Allocation, index: number, hash: BlockHash) => void
  /** Gives the blocks back; named ones stay findable until they are needed. */
  readonly release: (allocation: Allocation) => void
  /** Forgets all names. */
  readonly reset: () => void
  /** Part of the blocks that sequences hold, 0 to 1. */
  readonly usage: () => number
  readonly freeBlocks: () => number
}

type Pool = {
  readonly size: number
  readonly blockTokens: number
  readonly prefixCaching: boolean
  readonly free: FreeList
  /** How many sequences hold each block. */
  readonly holders: Int32Array
  readonly nameOf: Map<number, BlockHash>
  readonly blockOf: Map<BlockHash, number>
}

export function createKvCache(options: { readonly blocks: number; readonly blockTokens: number; readonly prefixCaching: boolean }): KvCache {
  const pool: Pool = {
    size: options.blocks, blockTokens: options.blockTokens, prefixCaching: options.prefixCaching,
    free: createFreeList(options.blocks), holders: new Int32Array(options.blocks), nameOf: new Map(), blockOf: new Map(),
  }
  return {
    allocate: (hashes, tokens) => allocate(pool, hashes, tokens),
    grow: (allocation, tokens) => grow(pool, allocation, tokens),
    name: (allocation, index, hash) => name(pool, allocation.blocks[index], hash),
    release: (allocation) => release(pool, allocation),
    reset: () => {
      pool.nameOf.clear()
      pool.blockOf.clear()
    },
    usage: () => 1 - pool.free.size() / pool.size,
    freeBlocks: () => pool.free.size(),
  }
}

function allocate(pool: Pool, hashes: readonly BlockHash[], tokens: number): Allocation | null {
  const found = knownPrefix(pool, hashes, tokens)
  const fresh = Math.ceil(tokens / pool.blockTokens) - found.length
  const revived = found.reduce((n, block) => n + (pool.holders[block] === 0 ? 1 : 0), 0)
  if (fresh > pool.free.size() - revived) return null
  for (const block of found) hold(pool, block)
  const allocation = { blocks: found, cachedTokens: found.length * pool.blockTokens }
  for (let i = 0; i < fresh; i++) allocation.blocks.push(take(pool))
  hashes.forEach((hash, index) => name(pool, allocation.blocks[index], hash))
  return allocation
}

function grow(pool: Pool, allocation: Allocation, tokens: number): boolean {
  const wanted = Math.ceil(tokens / pool.blockTokens) - allocation.blocks.length
  if (wanted > pool.free.size()) return false
  for (let i = 0; i < wanted; i++) allocation.blocks.push(take(pool))
  return true
}

function release(pool: Pool, allocation: Allocation): void {
  // last block first: the tail of a prefix is worth less than its head, so it is evicted earlier
  for (let i = allocation.blocks.length - 1; i >= 0; i--) {
    const block = allocation.blocks[i] ?? 0
    pool.holders[block] = (pool.holders[block] ?? 0) - 1
    if (pool.holders[block] === 0) pool.free.push(block)
  }
  allocation.blocks.length = 0
}

function knownPrefix(pool: Pool, hashes: readonly BlockHash[], tokens: number): number[] {
  const found: number[] = []
  const most = Math.min(hashes.length, Math.floor((tokens - 1) / pool.blockTokens))
  for (let i = 0; i < most; i++) {
    const block = pool.blockOf.get(hashes[i] ?? -1)
    if (block === undefined) break
    found.push(block)
  }
  return found
}

function name(pool: Pool, block: number | undefined, hash: BlockHash): void {
  if (!pool.prefixCaching || block === undefined || pool.blockOf.has(hash)) return
  forget(pool, block)
  pool.nameOf.set(block, hash)
  pool.blockOf.set(hash, block)
}

function forget(pool: Pool, block: number): void {
  const hash = pool.nameOf.get(block)
  if (hash === undefined) return
  pool.nameOf.delete(block)
  pool.blockOf.delete(hash)
}

function take(pool: Pool): number {
  const block = pool.free.shift()
  forget(pool, block)
  pool.holders[block] = 1
  return block
}

function hold(pool: Pool, block: number): void {
  if (pool.holders[block] === 0) pool.free.remove(block)
  pool.holders[block] = (pool.holders[block] ?? 0) + 1
}

type FreeList = {
  readonly size: () => number
  readonly push: (block: number) => void
  readonly remove: (block: number) => void
  readonly shift: () => number
}

/** The unheld blocks in order of their last use; any of them can be taken out in constant time. */
function createFreeList(count: number): FreeList {
  const end = count
  const next = new Int32Array(count + 1)
  const previous = new Int32Array(count + 1)
  let size = 0
  next[end] = previous[end] = end
  const push = (block: number) => {
    const last = previous[end] ?? end
    next[last] = previous[end] = block
    previous[block] = last
    next[block] = end
    size++
  }
  const remove = (block: number) => {
    const before = previous[block] ?? end
    const after = next[block] ?? end
    next[before] = after
    previous[after] = before
    size--
  }
  for (let block = 0; block < count; block++) push(block)
  return {
    size: () => size,
    push,
    remove,
    shift: () => {
      const block = next[end] ?? end
      if (block === end) throw new RangeError('kv-cache: no free block; allocate and grow must check first')
      remove(block)
      return block
    },
  }
}
