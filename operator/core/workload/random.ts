// SPDX-License-Identifier: Apache-2.0
/** Reproducible random numbers: independent streams by seed and label, and the distributions that loads need. It knows no load. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number
  /** Uniform integer between min and max, both included. */
  readonly integer: (min: number, max: number) => number
  /** Standard normal. */
  readonly normal: () => number
  /** Exponential with mean 1. */
  readonly exponential: () => number
  /** Gamma with the given shape and mean 1. */
  readonly gamma: (shape: number) => number
}

/** A stream of its own for every seed and label: streams of neighbouring seeds or labels share nothing. */
export function randomStream(seed: number, ...labels: readonly (string | number)[]): Random {
  const generator = xoroshiro128plusFromState(stateOf(`${seed}/${labels.join('/')}`))
  const uniform = () => uniformFloat64(generator)
  const normal = () => Math.sqrt(2 * exponentialOf(uniform())) * Math.cos(2 * Math.PI * uniform())
  const random: Random = {
    uniform,
    integer: (min, max) => uniformInt(generator, min, max),
    normal,
    exponential: () => exponentialOf(uniform()),
    gamma: (shape) => gammaDraw(random, shape) / shape,
  }
  return random
}

function exponentialOf(u: number): number {
  return -Math.log1p(-u)
}

/** Marsaglia and Tsang's method; below shape 1 the usual boost by a power of a uniform. */
function gammaDraw(random: Random, shape: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1) * Math.exp(-random.exponential() / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && -random.exponential() < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Four 32-bit words from a text. Raw small seeds would start the generator in states that differ by a few bits. */
function stateOf(text: string): number[] {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return [0, 1, 2, 3].map((word) => scramble(hash + Math.imul(word + text.length, 0x9e3779b9)) | (word === 0 ? 1 : 0))
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function scramble(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
