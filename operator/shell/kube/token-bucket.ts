// SPDX-License-Identifier: Apache-2.0
/** A token bucket: lets a burst through, then a steady rate, in the order of asking; it knows no request. */
import { type Clock, sleep } from './clock.ts'

export interface TokenBucketOptions {
  readonly perSecond: number
  readonly burst: number
  readonly clock: Clock
}

export interface TokenBucket {
  /** Resolves when a token is ours; throws the signal's reason when it is aborted first (the token is given back). */
  readonly take: (signal?: AbortSignal) => Promise<void>
  /** Takes a token if there is one now. */
  readonly tryTake: () => boolean
}

export function createTokenBucket({ perSecond, burst, clock }: TokenBucketOptions): TokenBucket {
  let tokens = burst
  let filledAt = clock.now()
  const fill = () => {
    const now = clock.now()
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond)
    filledAt = now
  }
  return {
    take: async (signal) => {
      signal?.throwIfAborted()
      fill()
      tokens -= 1
      if (tokens >= 0) return
      await sleep(clock, (-tokens / perSecond) * 1000, signal)
      if (signal?.aborted === true) {
        tokens += 1
        signal.throwIfAborted()
      }
    },
    tryTake: () => {
      fill()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
