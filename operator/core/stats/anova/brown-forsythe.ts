// SPDX-License-Identifier: Apache-2.0
/** Whether groups scatter alike: Levene's test about the medians (Brown & Forsythe 1974), which asks for no normal values. */
import { fSurvival } from '../distribution/f.ts'
import { median } from '../quantile.ts'
import { mean, sum } from '../summary.ts'

/** Below three values the distances from a median are all alike. */
const FEWEST_IN_GROUP = 3

export interface EqualSpread { readonly f: number; readonly df: readonly [number, number]; readonly p: number }

/** null where fewer than two groups have three values, or nothing scatters. Smaller groups are left out. */
export function brownForsythe(groups: readonly (readonly number[])[]): EqualSpread | null {
  const distances = groups.filter((g) => g.length >= FEWEST_IN_GROUP).map((g) => g.map((x) => Math.abs(x - (median(g) as number))))
  const all = distances.flat()
  const df = [distances.length - 1, all.length - distances.length] as const
  if (df[0] < 1 || df[1] < 1) return null
  const centre = mean(all) as number
  const centres = distances.map((d) => mean(d) as number)
  const between = sum(distances.map((d, i) => d.length * ((centres[i] as number) - centre) ** 2))
  const within = sum(distances.flatMap((d, i) => d.map((x) => (x - (centres[i] as number)) ** 2)))
  if (within === 0) return null
  const f = between / df[0] / (within / df[1])
  return { f, df, p: fSurvival(f, df) }
}
