// SPDX-License-Identifier: Apache-2.0
/** The numbers that Python's `random` draws from a whole seed, for prompts of tools that fix theirs by it. Whatever is drawn for ourselves comes from random.ts. */
import { mersenneFromState } from 'pure-rand/generator/mersenne'

export interface PythonRandom {
  /** random(): uniform in [0, 1), of 53 bits. */
  readonly uniform: () => number
  /** randrange(start, stop): stop is left out. */
  readonly range: (start: number, stop: number) => number
  readonly gauss: (mean: number, stddev: number) => number
  /** shuffle(), of a copy. */
  readonly shuffled: <T>(items: readonly T[]) => T[]
  /** sample(): so many of different places. */
  readonly sample: <T>(items: readonly T[], count: number) => T[]
}

const WORDS = 624

/** random.seed(seed): as for every whole number, by its size alone. */
export function pythonRandom(seed: number): PythonRandom {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed ${seed}: expected a whole number that can be written exactly`)
  const generator = mersenneFromState([0, ...stateOf(keyOf(Math.abs(seed)))])
  // The library wants a state that was turned once, and turns one word with each draw.
  for (let i = 0; i < WORDS; i++) generator.next()
  const bits = (count: number) => (generator.next() >>> 0) >>> (32 - count)
  const uniform = () => {
    const high = bits(27)
    return (high * 2 ** 26 + bits(26)) / 2 ** 53
  }
  const below = belowBy(bits)
  return {
    uniform,
    range: (start, stop) => start + below(stop - start),
    gauss: gaussBy(uniform),
    shuffled: (items) => {
      const order = [...items]
      for (let i = order.length - 1; i > 0; i--) swap(order, i, below(i + 1))
      return order
    },
    sample: (items, count) => sampleBy(below, items, count),
  }
}

/** The seed as 32-bit words, the lowest first. */
function keyOf(seed: number): number[] {
  const high = Math.floor(seed / 2 ** 32)
  return high === 0 ? [seed >>> 0] : [seed >>> 0, high]
}

/** init_by_array of the Mersenne Twister's authors. */
function stateOf(key: readonly number[]): number[] {
  const state = [19_650_218]
  const mixed = (i: number) => {
    const before = state[i - 1] ?? 0
    return before ^ (before >>> 30)
  }
  for (let i = 1; i < WORDS; i++) state[i] = (Math.imul(1_812_433_253, mixed(i)) + i) | 0
  let at = 1
  const turn = (value: number) => {
    state[at] = value | 0
    if (++at < WORDS) return
    state[0] = state[WORDS - 1] ?? 0
    at = 1
  }
  for (let step = 0; step < Math.max(WORDS, key.length); step++) {
    const j = step % key.length
    turn(((state[at] ?? 0) ^ Math.imul(mixed(at), 1_664_525)) + (key[j] ?? 0) + j)
  }
  for (let step = 1; step < WORDS; step++) turn(((state[at] ?? 0) ^ Math.imul(mixed(at), 1_566_083_941)) - at)
  state[0] = 0x80000000 | 0
  return state
}

type Below = (count: number) => number

/** As many bits as the count has, drawn again until they are below it. */
function belowBy(bits: (count: number) => number): Below {
  return (count) => {
    if (!Number.isInteger(count) || count < 1 || count >= 2 ** 32) throw new RangeError(`range of ${count} numbers: expected 1 to ${2 ** 32 - 1}`)
    const width = 32 - Math.clz32(count)
    let value = bits(width)
    while (value >= count) value = bits(width)
    return value
  }
}

/** Two come of one pair of draws: the second is kept for the next call, whatever its mean. */
function gaussBy(uniform: () => number): PythonRandom['gauss'] {
  let kept: number | undefined
  return (mean, stddev) => {
    let z = kept
    kept = undefined
    if (z === undefined) {
      const angle = uniform() * 2 * Math.PI
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      z = Math.cos(angle) * radius
      kept = Math.sin(angle) * radius
    }
    return mean + z * stddev
  }
}

/** Small lists are copied and taken from; of large ones places are drawn until they are new. */
function sampleBy<T>(below: Below, items: readonly T[], count: number): T[] {
  if (count > items.length) throw new RangeError(`sample of ${count} from ${items.length}: expected at most as many as there are`)
  const copied = count > 5 ? 21 + 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 21
  const rest = [...items]
  if (items.length <= copied) {
    return Array.from({ length: count }, (_, i) => {
      swap(rest, below(items.length - i), items.length - i - 1)
      return rest[items.length - i - 1] as T
    })
  }
  const places = new Set<number>()
  while (places.size < count) places.add(below(items.length))
  return [...places].map((place) => rest[place] as T)
}

function swap<T>(items: T[], a: number, b: number): void {
  const held = items[a] as T
  items[a] = items[b] as T
  items[b] = held
}
