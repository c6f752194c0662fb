// SPDX-License-Identifier: Apache-2.0
/** Where a quantity that falls with the load crosses zero: means made to fall (isotonic regression), then a straight line in log load. */

export interface MeanAtLoad { readonly load: number; readonly mean: number; readonly weight: number }
interface Pool { readonly from: number; readonly to: number; readonly mean: number; readonly weight: number }

/** null where all means lie on one side. Loads are given upwards. */
export function zeroCrossing(points: readonly MeanAtLoad[]): number | null {
  const pools = falling(points)
  const below = pools.findIndex((p) => p.mean < 0)
  const [above, first] = [pools[below - 1], pools[below]]
  if (above === undefined || first === undefined) return null
  const [from, to] = [Math.log(above.to), Math.log(first.from)]
  return Math.exp(from + (to - from) * (above.mean / (above.mean - first.mean)))
}

/** Pools neighbours that rise until none does (pool adjacent violators). */
function falling(points: readonly MeanAtLoad[]): Pool[] {
  const pools: Pool[] = []
  for (const { load, mean, weight } of points) {
    let next: Pool = { from: load, to: load, mean, weight }
    for (let last = pools.at(-1); last !== undefined && last.mean < next.mean; last = pools.at(-1)) {
      const total = last.weight + next.weight
      next = { from: last.from, to: next.to, mean: (last.mean * last.weight + next.mean * next.weight) / total, weight: total }
      pools.pop()
    }
    pools.push(next)
  }
  return pools
}
