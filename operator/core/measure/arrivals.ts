// SPDX-License-Identifier: Apache-2.0
/** Arrival rates and gaps from the times of requests: what was scheduled, and what was really sent. */
import { sorted } from '../stats/quantile.ts'
import { summarizeValues } from '../stats/summary.ts'

/** Times of the measured requests of one stage, by request; NaN where there was none. */
export interface ArrivalTimes {
  readonly scheduledMs: Float64Array
  readonly sentMs: Float64Array
}

export interface Arrivals {
  readonly scheduled: number
  readonly sent: number
  /** Requests per second; null where there is no span of time to divide by. */
  readonly offeredRate: number | null
  readonly achievedRate: number | null
  /** Of the gaps between sends. */
  readonly gaps: { readonly n: number; readonly meanMs: number; readonly cv: number; readonly stddevMs: number } | null
}

/** Where requests are not known one by one. */
export const NO_ARRIVALS: Arrivals = { scheduled: 0, sent: 0, offeredRate: null, achievedRate: null, gaps: null }

/**
 * n requests span n − 1 gaps, so n ÷ (last − first) overstates a rate by n/(n − 1). A burst is one instant: the requests of the last
 * instant are left out of the count, which for single arrivals is the n − 1 of the textbook.
 */
export function arrivalsOf({ scheduledMs, sentMs }: ArrivalTimes): Arrivals {
  const scheduled = sorted(scheduledMs.filter((t) => !Number.isNaN(t)))
  const sent = sorted(sentMs.filter((t) => !Number.isNaN(t)))
  const lastInstant = scheduled.at(-1)
  return {
    scheduled: scheduled.length,
    sent: sent.length,
    offeredRate: rate(scheduled.findIndex((t) => t === lastInstant), scheduled[0], lastInstant),
    achievedRate: lastInstant === undefined ? rate(sent.length - 1, sent[0], sent.at(-1)) : achieved({ scheduledMs, sentMs }, lastInstant),
    gaps: gapsOf(sent),
  }
}

/** Sends before those of the last scheduled instant, over the time until the first of these. */
function achieved({ scheduledMs, sentMs }: ArrivalTimes, lastInstant: number): number | null {
  let before = 0
  let first = Infinity
  let lastBefore = -Infinity
  let end = Infinity
  for (const [i, sent] of sentMs.entries()) {
    if (Number.isNaN(sent)) continue
    first = Math.min(first, sent)
    if (scheduledMs[i] === lastInstant) end = Math.min(end, sent)
    else {
      before += 1
      lastBefore = Math.max(lastBefore, sent)
    }
  }
  // The last instant was never sent: end at the last one that was.
  return end === Infinity ? rate(before - 1, first, lastBefore) : rate(before, first, end)
}

function rate(count: number, fromMs: number | undefined, toMs: number | undefined): number | null {
  if (fromMs === undefined || toMs === undefined || !(toMs > fromMs) || count < 1) return null
  return (1000 * count) / (toMs - fromMs)
}

function gapsOf(sent: Float64Array): Arrivals['gaps'] {
  if (sent.length < 3) return null
  const gaps = sent.subarray(1).map((t, i) => t - (sent[i] as number))
  const { n, mean, stddev } = summarizeValues(gaps)
  return { n, meanMs: mean as number, stddevMs: stddev as number, cv: (mean as number) > 0 ? (stddev as number) / (mean as number) : 0 }
}
