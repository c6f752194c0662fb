// SPDX-License-Identifier: Apache-2.0
/** Arrival times of one open-loop stage: a unit-rate point process, rescaled in time to the wanted rate. It knows no clock. */
import type { Random } from './random.ts'

export type ArrivalProcess =
  | { readonly kind: 'constant' }
  | { readonly kind: 'poisson' }
  | { readonly kind: 'gamma'; readonly cv: number }
  | { readonly kind: 'burst'; readonly size: number }

export interface RatePlan {
  /** Requests per second at the start. */
  readonly rate: number
  /** Requests per second at the end, when it changes. */
  readonly rampTo?: number
  /** Exactly one of the two ends the stage. */
  readonly durationMs?: number
  readonly requests?: number
}

export interface Arrivals {
  /** Send times in milliseconds from the start of the stage, ascending. */
  readonly timesMs: Float64Array
  /** Length of the scheduled window: requests ÷ window is an unbiased rate. */
  readonly windowMs: number
}

/**
 * A stage that ends by time begins with a gap, like a window cut out of a running process; one that ends by count sends its first request at
 * once and closes its window one gap after the last. Either way the window holds as many gaps as requests.
 */
export function arrivalTimes(process: ArrivalProcess, plan: RatePlan, random: Random): Arrivals {
  const toMs = ascending(timeScale(plan))
  const unit = unitProcess(process, random)
  if (plan.requests !== undefined) {
    const timesMs = new Float64Array(plan.requests)
    for (let i = 0; i < timesMs.length; i++) timesMs[i] = toMs(i === 0 ? 0 : unit())
    return { timesMs, windowMs: toMs(Math.max(plan.requests, unit())) }
  }
  const windowMs = plan.durationMs ?? 0
  const times: number[] = []
  const startsAtOnce = process.kind === 'constant' || process.kind === 'burst'
  for (let at = startsAtOnce ? 0 : toMs(unit()); at < windowMs; at = toMs(unit())) times.push(at)
  return { timesMs: Float64Array.from(times), windowMs }
}

/** Points that lie closer together than a rounding error must not change places. */
function ascending(toMs: (expected: number) => number): (expected: number) => number {
  let last = 0
  return (expected) => (last = Math.max(last, toMs(expected)))
}

/** Successive points of a process with rate 1, the point at 0 left out. */
function unitProcess(process: ArrivalProcess, random: Random): () => number {
  let index = 0
  let at = 0
  switch (process.kind) {
    case 'constant': return () => ++index
    case 'burst': return () => Math.floor(++index / process.size) * process.size
    case 'poisson': return () => (at += random.exponential())
    case 'gamma': return () => (at += random.gamma(1 / process.cv ** 2))
  }
}

/** The inverse of the expected number of requests until t: Λ(t) = r₀t + at²/2, and at the last rate after the ramp. */
function timeScale(plan: RatePlan): (expected: number) => number {
  const from = plan.rate / 1000
  const to = (plan.rampTo ?? plan.rate) / 1000
  if (from === to) return (expected) => expected / from
  const lengthMs = plan.durationMs ?? (2 * (plan.requests ?? 0)) / (from + to)
  const slope = (to - from) / lengthMs
  const total = ((from + to) * lengthMs) / 2
  return (expected) => expected >= total
    ? lengthMs + (expected - total) / to
    : (2 * expected) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * expected)))
}
