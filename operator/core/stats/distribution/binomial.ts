// SPDX-License-Identifier: Apache-2.0
/** The binomial distribution, and quantiles of the beta distribution that its exact intervals are made of. */
import { betaTails } from './incomplete-beta.ts'
import { quantileOfTails } from './tails.ts'

/** P(X ≤ k) of n tries, each of which succeeds with probability p. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  const whole = Math.floor(k)
  return whole >= n ? 1 : betaTails({ x: p, y: 1 - p }, whole + 1, n - whole).upper
}

/** P(X > k). */
export function binomialSurvival(k: number, n: number, p: number): number {
  if (k < 0) return 1
  const whole = Math.floor(k)
  return whole >= n ? 0 : betaTails({ x: p, y: 1 - p }, whole + 1, n - whole).lower
}

/** The smallest k with P(X ≤ k) ≥ q. */
export function binomialQuantile(q: number, n: number, p: number): number {
  let [low, high] = [-1, n]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (binomialCdf(middle, n, p) >= q) high = middle
    else low = middle
  }
  return high
}

/** The x below which a Beta(a, b) variable lies with probability p. */
export function betaQuantile(p: number, a: number, b: number): number {
  const point = (u: number) => ({ x: 1 / (1 + Math.exp(-u)), y: 1 / (1 + Math.exp(u)) })
  return point(quantileOfTails((u) => betaTails(point(u), a, b), p, Math.log(a / b))).x
}
