// SPDX-License-Identifier: Apache-2.0
/** Student's t distribution: its distribution function, its tail and its quantiles. */
import { betaTails } from './distribution/incomplete-beta.ts'
import { logGamma } from './gamma.ts'

/** P(T ≤ t) with df degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const tail = upperTail(Math.abs(t), df)
  return t < 0 ? tail : 1 - tail
}

/** P(T > t), with its own digits where it is tiny. */
export function studentSurvival(t: number, df: number): number {
  return studentCdf(-t, df)
}

/** P(|T| > |t|): the p-value of a two-sided test. */
export function twoSidedP(t: number, df: number): number {
  return 2 * upperTail(Math.abs(t), df)
}

/** The t with P(T ≤ t) = p, 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`studentQuantile: expected 0 < p < 1, got ${p}`)
  if (!(df > 0)) throw new RangeError(`studentQuantile: expected df > 0, got ${df}`)
  if (p === 0.5) return 0
  const t = quantileOfTail(Math.min(p, 1 - p), df)
  return p < 0.5 ? -t : t
}

/** A report asks for the same few quantiles thousands of times. */
const known = new Map<string, number>()

/** The t that |T| exceeds with probability 1 − level. */
export function twoSidedCritical(level: number, df: number): number {
  const key = `${level}/${df}`
  const value = known.get(key) ?? studentQuantile(1 - (1 - level) / 2, df)
  // Fractional degrees of freedom hardly ever come back: whoever simulates must not fill the memory with them.
  if (known.size < 10_000) known.set(key, value)
  return value
}

/** P(T > t) for t ≥ 0, accurate also where it is tiny. */
function upperTail(t: number, df: number): number {
  if (t === Infinity) return 0
  const ratio = (t * t) / df
  return 0.5 * betaTails({ x: 1 / (1 + ratio), y: ratio / (1 + ratio) }, df / 2, 0.5).lower
}

/** Newton's method on the tail, kept within a bracket that bisection closes where Newton leaves it. */
function quantileOfTail(tail: number, df: number): number {
  let low = 0
  let high = 1
  while (upperTail(high, df) > tail) {
    low = high
    high *= 2
  }
  let t = (low + high) / 2
  for (let i = 0; i < 200; i++) {
    const excess = upperTail(t, df) - tail
    if (excess > 0) low = t
    else high = t
    const newton = t + excess / density(t, df)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - t) <= 1e-15 * t) return next
    t = next
  }
  return t
}

function density(t: number, df: number): number {
  const scale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI)
  return Math.exp(scale - ((df + 1) / 2) * Math.log1p((t * t) / df))
}
