// SPDX-License-Identifier: Apache-2.0
/** Whether values look normal, with mean and spread taken from them: Anderson and Darling's test with Stephens' correction and p-values (1986). */
import { normalCdf, normalSurvival } from '../distribution/normal.ts'
import { sorted } from '../quantile.ts'
import { sum, summarizeValues } from '../summary.ts'

const FEWEST = 8

/** null below eight values or where they are all equal. */
export function andersonDarling(values: readonly number[]): { readonly statistic: number; readonly p: number } | null {
  const { n, mean, stddev } = summarizeValues(values)
  if (n < FEWEST || mean === null || stddev === null || stddev === 0) return null
  const z = [...sorted(values)].map((x) => (x - mean) / stddev)
  const terms = z.map((low, i) => (2 * i + 1) * (Math.log(normalCdf(low)) + Math.log(normalSurvival(z[n - 1 - i] as number))))
  const statistic = -n - sum(terms) / n
  return { statistic, p: pOf(statistic * (1 + 0.75 / n + 2.25 / n ** 2)) }
}

function pOf(a: number): number {
  if (a < 0.2) return 1 - Math.exp(-13.436 + 101.14 * a - 223.73 * a * a)
  if (a < 0.34) return 1 - Math.exp(-8.318 + 42.796 * a - 59.938 * a * a)
  if (a < 0.6) return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a)
  // The fitted parabola turns upwards beyond 10.
  return a > 10 ? 3.7e-24 : Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a)
}
