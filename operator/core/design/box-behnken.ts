// SPDX-License-Identifier: Apache-2.0
/** Box–Behnken designs of three to seven factors: some factors at their ends, the others in the middle (Box & Behnken 1960). */

/** Which factors move together; for up to five every pair. */
const TOGETHER: Readonly<Record<number, readonly (readonly number[])[]>> = {
  3: pairs(3), 4: pairs(4), 5: pairs(5),
  6: [[0, 1, 3], [1, 2, 4], [2, 3, 5], [0, 3, 4], [1, 4, 5], [0, 2, 5]],
  7: [[3, 4, 5], [0, 5, 6], [1, 4, 6], [0, 1, 3], [2, 3, 6], [0, 2, 4], [1, 2, 5]],
}
const CENTER: Readonly<Record<number, number>> = { 3: 3, 4: 3, 5: 6, 6: 6, 7: 6 }

export const boxBehnkenCenter = (factors: number) => CENTER[factors] ?? 0

function pairs(factors: number): number[][] {
  return Array.from({ length: factors }, (_, a) => Array.from({ length: factors - a - 1 }, (__, i) => [a, a + 1 + i])).flat()
}

/** Rows without the centre; undefined for a number of factors that no design is known of here. */
export function boxBehnkenRows(factors: number): number[][] | undefined {
  return TOGETHER[factors]?.flatMap((moving) => Array.from({ length: 2 ** moving.length }, (_, corner) => {
    const row = Array.from({ length: factors }, () => 0)
    for (const [i, f] of moving.entries()) row[f] = (corner >> i) & 1 ? 1 : -1
    return row
  }))
}
