// SPDX-License-Identifier: Apache-2.0
/** The two probabilities beside a point, each with its own digits, and the search for the point that has a given one. */

/** P(X ≤ x) and P(X > x): neither is got from the other by subtraction where it is small. */
export interface Tails { readonly lower: number; readonly upper: number }

/**
 * The u at which a growing distribution function reaches p, by Chandrupatla's method (1997) on the logarithm of the smaller tail.
 * `start` is any point; the bracket grows from there.
 */
export function quantileOfTails(tails: (u: number) => Tails, p: number, start: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`quantile: expected 0 < p < 1, got ${p}`)
  const excess = p <= 0.5 ? (u: number) => Math.log(tails(u).lower) - Math.log(p) : (u: number) => Math.log1p(-p) - Math.log(tails(u).upper)
  return solveIncreasing((u) => clamp(excess(u)), start)
}

/** Infinite where a tail is 0: finite, so that interpolation stays possible. */
const clamp = (value: number) => Math.max(-1e6, Math.min(1e6, value))

/** Where an increasing function crosses 0. */
export function solveIncreasing(f: (u: number) => number, start: number): number {
  let step = 1
  let low = start
  let high = start
  for (let i = 0; i < 200 && f(low) > 0; i++, step *= 2) low -= step
  step = 1
  for (let i = 0; i < 200 && f(high) < 0; i++, step *= 2) high += step
  return chandrupatla(f, low, high)
}

function chandrupatla(f: (u: number) => number, from: number, to: number): number {
  let [a, b] = [from, to]
  let [fa, fb] = [f(a), f(b)]
  let [c, fc] = [a, fa]
  let t = 0.5
  for (let i = 0; i < 200 && fa !== 0 && fb !== 0; i++) {
    const x = a + t * (b - a)
    const fx = f(x)
    if (Math.sign(fx) === Math.sign(fa)) [c, fc] = [a, fa]
    else [c, b, fc, fb] = [b, a, fb, fa]
    ;[a, fa] = [x, fx]
    const best = Math.abs(fa) < Math.abs(fb) ? a : b
    const tolerance = 2e-15 * Math.max(Math.abs(best), 1e-3)
    const limit = tolerance / Math.abs(b - a)
    if (limit > 0.5) return best
    t = Math.min(1 - limit, Math.max(limit, nextShare({ a, b, c, fa, fb, fc })))
  }
  return Math.abs(fa) < Math.abs(fb) ? a : b
}

interface Bracket { readonly a: number; readonly b: number; readonly c: number; readonly fa: number; readonly fb: number; readonly fc: number }

/** Inverse quadratic interpolation where it is safe, else the middle. */
function nextShare({ a, b, c, fa, fb, fc }: Bracket): number {
  const xi = (a - b) / (c - b)
  const phi = (fa - fb) / (fc - fb)
  if (!(phi * phi < xi && (1 - phi) ** 2 < 1 - xi)) return 0.5
  return (fa / (fb - fa)) * (fc / (fb - fc)) + (((c - a) / (b - a)) * fa * fb) / ((fc - fa) * (fc - fb))
}
