// SPDX-License-Identifier: Apache-2.0
/**
 * A latency over the time of a stage: medians of stretches of equal length, which double as the stage goes on, so that memory is bounded
 * however many requests there are. It is for the eye; what decides comes from all values.
 */

/** [milliseconds on the trial's clock, value] */
type Point = readonly [number, number]
export interface LatencyTrack {
  /** A value of the request that was sent then. */
  add(atMs: number, value: number): void
  points(): Point[]
}

const MOST_POINTS = 60
const FIRST_STRETCH_MS = 250
/** Below so many values a stretch on average, medians would show single requests. */
const FEWEST_VALUES = 5
/** Values within a per cent of each other count as one. */
const STEP = Math.log(1.02)
const LEAST = 1e-3

/** How many values fell into each step of the logarithm. */
type Counts = Map<number, number>
type Stretches = Map<number, Counts>

export function createLatencyTrack(): LatencyTrack {
  let stretchMs = FIRST_STRETCH_MS
  let stretches: Stretches = new Map()
  let values = 0
  return {
    add(atMs, value) {
      count(stretches, Math.floor(atMs / stretchMs), [[Math.round(Math.log(Math.max(value, LEAST)) / STEP), 1]])
      values += 1
      while (stretches.size > MOST_POINTS) {
        stretches = doubled(stretches)
        stretchMs *= 2
      }
    },
    points() {
      let [shown, ms] = [stretches, stretchMs]
      while (shown.size > 1 && values / shown.size < FEWEST_VALUES) {
        shown = doubled(shown)
        ms *= 2
      }
      return [...shown].sort(([a], [b]) => a - b).map(([index, counts]) => [Math.round((index + 0.5) * ms), median(counts)])
    },
  }
}

function count(stretches: Stretches, index: number, added: Iterable<readonly [number, number]>): void {
  const counts = stretches.get(index) ?? new Map<number, number>()
  stretches.set(index, counts)
  for (const [step, n] of added) counts.set(step, (counts.get(step) ?? 0) + n)
}

function doubled(stretches: Stretches): Stretches {
  const joined: Stretches = new Map()
  for (const [index, counts] of stretches) count(joined, Math.floor(index / 2), counts)
  return joined
}

function median(counts: Counts): number {
  const steps = [...counts].sort(([a], [b]) => a - b)
  const half = steps.reduce((sum, [, n]) => sum + n, 0) / 2
  let seen = 0
  const found = steps.find(([, n]) => (seen += n) >= half)?.[0] ?? 0
  return Number(Math.exp(found * STEP).toPrecision(4))
}
