// SPDX-License-Identifier: Apache-2.0
/** Draws that depend on (seed, key, stream, index) and on nothing else. It keeps no state, so no order of calls can change a draw. */

/** What a draw is for; streams are independent of each other. */
export const STREAMS = {
  words: 1, prefillJitter: 2, gapJitter: 3, answerLength: 4, speculation: 5, instance: 6,
  httpError: 11, rateLimit: 12, dropConnection: 13, hang: 14, slowFirstToken: 15, shortAnswer: 16, wrongUsage: 17,
} as const
type Stream = (typeof STREAMS)[keyof typeof STREAMS]

/** The draws of one request (or of one instance): seed and key are fixed. */
export type Draws = {
  /** An integer in [0, 2^32). */
  readonly bits: (stream: Stream, index: number) => number
  /** A number in (0, 1). */
  readonly uniform: (stream: Stream, index: number) => number
  /** A factor with mean 1 whose logarithm has this standard deviation. */
  readonly lognormal: (stream: Stream, index: number, sigma: number) => number
}

export function createDraws(seed: number, key: number): Draws {
  const origin = mix(mix(0x9e3779b9, seed), key)
  const bits = (stream: Stream, index: number) => mix(mix(origin, stream), index)
  const uniform = (stream: Stream, index: number) => (bits(stream, index) + 0.5) / 4_294_967_296
  return {
    bits,
    uniform,
    lognormal: (stream, index, sigma) => {
      if (sigma === 0) return 1
      const radius = Math.sqrt(-2 * Math.log(uniform(stream, 2 * index)))
      const z = radius * Math.cos(2 * Math.PI * uniform(stream, 2 * index + 1))
      return Math.exp(sigma * z - sigma * sigma / 2)
    },
  }
}

/** A 32-bit key of a text (FNV-1a over UTF-16 units, then finished). */
export function keyOfText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(0x51ed270b, hash >>> 0)
}

/** Folds a 32-bit value into a 32-bit state so that every input bit reaches every output bit. */
export function mix(state: number, value: number): number {
  let h = Math.imul(state ^ Math.imul(value ^ (value >>> 16), 0x7feb352d), 0x846ca68b) + 0x6d2b79f5
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}
