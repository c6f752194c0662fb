// SPDX-License-Identifier: Apache-2.0
/** Whether rows can stand in the order of their runs, or were sorted by the design: then nothing can be said about drift. */
import { standsStill } from './levels.ts'
import type { CheckedRequest } from './request.ts'

/** Orders that are this unlikely by chance were made by sorting. */
const UNLIKELY = 0.02

/** True where the order was named, or where it does not look sorted. */
export function isRunOrder({ request, factors, blocks, wholePlots, y }: CheckedRequest): boolean {
  if (request.runOrder !== undefined) return true
  const around = [...blocks, ...(wholePlots === undefined ? [] : [wholePlots])]
  const groups = [...Map.groupBy(y.map((_, row) => row), (row) => around.map((f) => f.codes[row]).join()).values()]
  return !factors.filter((f) => wholePlots === undefined || !standsStill(f.codes, wholePlots.codes)).some(({ codes }) => {
    const sequences = groups.map((rows) => rows.map((row) => codes[row] as number))
    return sequences.every(isAscending) && sequences.reduce((chance, sequence) => chance * chanceOfAscending(sequence), 1) < UNLIKELY
  })
}

const isAscending = (codes: readonly number[]) => codes.every((code, i) => i === 0 || code >= (codes[i - 1] as number))

/** One over the number of orders of these levels. */
function chanceOfAscending(codes: readonly number[]): number {
  const counts = [...Map.groupBy(codes, (code) => code).values()].map((same) => same.length)
  let [orders, placed] = [1, 0]
  for (const count of counts) for (let i = 1; i <= count; i++) orders *= ++placed / i
  return 1 / orders
}
