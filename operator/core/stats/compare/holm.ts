// SPDX-License-Identifier: Apache-2.0
/** Holm's (1979) correction for asking several questions at once: the chance of even one false alarm stays below alpha. */

/** Adjusted p-values in the order of the given ones. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number))
  const adjusted = ps.map(() => 1)
  let running = 0
  order.forEach((index, rank) => {
    running = Math.max(running, Math.min(1, (ps.length - rank) * (ps[index] as number)))
    adjusted[index] = running
  })
  return adjusted
}
