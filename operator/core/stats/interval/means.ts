// SPDX-License-Identifier: Apache-2.0
/** Student's and Welch's intervals of means and their differences, and the same on logarithms: ratios of geometric means. */
import { twoSidedCritical, twoSidedP } from '../student-t.ts'
import { summarizeValues } from '../summary.ts'
import { type Bounds, mapBounds, type MaybeBounds, type NoBounds } from './bounds.ts'

/** An interval of Student's kind: estimate ± t × standard error. */
export interface StudentBounds extends Bounds {
  readonly df: number
  readonly standardError: number
  /** Two-sided, against 0; against 1 for ratios. */
  readonly p: number
}

type Values = readonly number[]
const none = (estimate: number | null, reason: string): NoBounds => ({ kind: 'none', estimate, reason })

/** Mean of independent values. */
export function meanBounds(values: Values, level = 0.95): MaybeBounds {
  const { n, mean, stddev } = summarizeValues(values)
  if (mean === null || stddev === null) return none(mean, n === 0 ? 'no values' : 'one value has no spread')
  return studentBounds({ estimate: mean, standardError: stddev / Math.sqrt(n), df: n - 1 }, level, 'Student')
}

/** Mean of new values minus mean of base values, with variances that may differ (Welch 1947). */
export function welchDifference(base: Values, fresh: Values, level = 0.95): StudentBounds | NoBounds {
  const [a, b] = [summarizeValues(base), summarizeValues(fresh)]
  if (a.mean === null || b.mean === null) return none(null, 'needs two values on each side')
  if (a.stddev === null || b.stddev === null) return none(b.mean - a.mean, 'needs two values on each side')
  const [va, vb] = [a.stddev ** 2 / a.n, b.stddev ** 2 / b.n]
  if (va + vb === 0) return none(b.mean - a.mean, 'values on each side are all equal: no spread to judge by')
  const df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1))
  return studentBounds({ estimate: b.mean - a.mean, standardError: Math.sqrt(va + vb), df }, level, 'Welch')
}

/** Mean of differences within pairs or blocks. */
export function pairedDifference(differences: Values, level = 0.95): StudentBounds | NoBounds {
  const { n, mean, stddev } = summarizeValues(differences)
  if (mean === null || stddev === null) return none(mean, 'needs two pairs')
  if (stddev === 0) return none(mean, 'all pairs differ by the same: no spread to judge by')
  return studentBounds({ estimate: mean, standardError: stddev / Math.sqrt(n), df: n - 1 }, level, 'paired t')
}

/** Ratio of geometric means, new to base, by Welch on logarithms; values must be positive. */
export function geometricMeanRatio(base: Values, fresh: Values, level = 0.95): StudentBounds | NoBounds {
  if (![...base, ...fresh].every((x) => x > 0)) return none(null, 'logarithms need positive values')
  const difference = welchDifference(base.map(Math.log), fresh.map(Math.log), level)
  if (difference.kind === 'none') return { ...difference, estimate: difference.estimate === null ? null : Math.exp(difference.estimate) }
  return { ...mapBounds(difference, Math.exp), method: 'Welch on logarithms' }
}

/** estimate ± t s: every interval that rests on one estimated standard error. */
type Estimated = Pick<StudentBounds, 'estimate' | 'standardError' | 'df'>

export function studentBounds({ estimate, standardError, df }: Estimated, level: number, method: string): StudentBounds {
  const half = twoSidedCritical(level, df) * standardError
  // 0 / 0 is an estimate of 0 that is known exactly: nothing speaks against it.
  const p = standardError === 0 ? Number(estimate === 0) : twoSidedP(estimate / standardError, df)
  return { kind: 'interval', estimate, low: estimate - half, high: estimate + half, level, method, df, standardError, p }
}
