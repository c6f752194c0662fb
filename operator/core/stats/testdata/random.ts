// SPDX-License-Identifier: Apache-2.0
/** Seeded random numbers for simulations in tests. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface Random { readonly uniform: () => number; readonly normal: () => number }

export function random(seed: number): Random {
  const rng = xoroshiro128plus(seed)
  const uniform = () => uniformFloat64(rng)
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) }
}

export function shuffled<T>(items: readonly T[], { uniform }: Random): T[] {
  const order = items.map((item) => ({ item, key: uniform() }))
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
