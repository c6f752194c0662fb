// SPDX-License-Identifier: Apache-2.0
/** Ranks of values, from 1; equal values share the mean of theirs. */

export function midranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = values.map(() => 0)
  for (let from = 0; from < order.length;) {
    let to = from
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++
    for (let i = from; i <= to; i++) ranks[order[i] as number] = (from + to) / 2 + 1
    from = to + 1
  }
  return ranks
}
