// SPDX-License-Identifier: Apache-2.0
/** One line of the table: what was measured, its spread, and whether the goal is reached by the statistic that the goal names. */

export interface Spread { readonly n: number; readonly min: number; readonly median: number; readonly max: number }
/** The statistic that a goal speaks of. With few values a high percentile is their maximum, and n says so. */
export type Statistic = 'min' | 'median' | 'p95' | 'p99' | 'max'

export interface Goal { readonly by: Statistic; readonly atMost?: number; readonly atLeast?: number }

export interface Figure {
  readonly part: string
  readonly what: string
  readonly unit: string
  readonly spread: Spread
  /** Without a goal the figure only informs. */
  readonly goal?: Goal & { readonly value: number; readonly reached: boolean }
  readonly note?: string
}

export interface Measured { readonly part: string; readonly what: string; readonly unit: string; readonly values: readonly number[]; readonly goal?: Goal; readonly note?: string }

const SHARE: Readonly<Record<Statistic, number>> = { min: 0, median: 0.5, p95: 0.95, p99: 0.99, max: 1 }

export function figure({ values, goal, ...rest }: Measured): Figure {
  if (values.length === 0) throw new Error(`${rest.part}, ${rest.what}: nothing was measured`)
  const spread = { n: values.length, min: statistic(values, 'min'), median: statistic(values, 'median'), max: statistic(values, 'max') }
  if (goal === undefined) return { ...rest, spread }
  const value = statistic(values, goal.by)
  const reached = value <= (goal.atMost ?? Number.POSITIVE_INFINITY) && value >= (goal.atLeast ?? Number.NEGATIVE_INFINITY)
  return { ...rest, spread, goal: { ...goal, value, reached } }
}

/** The least value that at least the statistic's share of all values does not exceed. */
export function statistic(values: readonly number[], of: Statistic): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(SHARE[of] * sorted.length) - 1)] ?? Number.NaN
}
