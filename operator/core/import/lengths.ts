// SPDX-License-Identifier: Apache-2.0
/** Distributions of lengths as load generators write them, as ours. */

export interface ForeignLengths {
  readonly mean?: number | undefined
  readonly stddev?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** Fixed where nothing varies, normal where a spread is given, else uniform between the bounds; undefined where nothing is given. */
export function lengthsOf({ mean, stddev, min, max }: ForeignLengths): Record<string, unknown> | undefined {
  if (min !== undefined && min === max) return { fixed: min }
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  if (mean !== undefined && (stddev ?? 0) === 0) return { fixed: mean }
  if (mean !== undefined) return { normal: { mean, stddev }, ...bounds }
  return min !== undefined && max !== undefined ? { uniform: { min, max } } : undefined
}

export const seconds = (value: number) => (Number.isInteger(value) ? `${value}s` : `${Math.round(value * 1000)}ms`)
