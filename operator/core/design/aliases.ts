// SPDX-License-Identifier: Apache-2.0
/** Which effects a regular fraction confuses: every effect has a column, and effects with the same column cannot be told apart. */
import type { Fraction } from './regular-fraction.ts'

export interface AliasedEffect { readonly factors: readonly number[]; readonly sign: number }
/** Effects that are one in the data; the first has the fewest factors. */
export interface AliasGroup { readonly column: number; readonly effects: readonly AliasedEffect[] }

/** Main effects and interactions of two factors, by column, in the order in which the effects come; those of the mean (column 0) first. */
export function aliasGroups({ columns, signs }: Fraction): AliasGroup[] {
  const groups = new Map<number, AliasedEffect[]>()
  for (const factors of effectsUpToTwo(columns.length)) {
    const column = factors.reduce((bits, f) => bits ^ (columns[f] ?? 0), 0)
    const sign = factors.reduce((product, f) => product * (signs[f] ?? 1), 1)
    const known = groups.get(column)
    if (known === undefined) groups.set(column, [{ factors, sign }])
    else known.push({ factors, sign })
  }
  return [...groups].map(([column, effects]) => ({ column, effects }))
}

/** Main effects, then pairs. */
export function effectsUpToTwo(factors: number): number[][] {
  const mains = Array.from({ length: factors }, (_, f) => [f])
  return [...mains, ...mains.flatMap(([a = 0]) => mains.slice(a + 1).map(([b = 0]) => [a, b]))]
}
