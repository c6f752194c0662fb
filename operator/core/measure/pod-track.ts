// SPDX-License-Identifier: Apache-2.0
/** What one pod's metrics said over time: gauges as read, counters freed of resets. It knows no stage. */
import { histogramTracks, type HistogramTracks } from './histogram-track.ts'
import type { Scrape } from './scrape.ts'
import { readingOf } from './server-metrics.ts'
import { SIGNAL_NAMES, SIGNALS, type SignalName } from './server-names.ts'

/** [milliseconds on the trial's clock, value]. */
export type Point = readonly [number, number]

export interface PodTrack {
  readonly pod: string
  /** Times of all scrapes, upwards. */
  readonly timesMs: readonly number[]
  /** Empty for a signal that the pod does not expose. Counters count from the first scrape and never fall. */
  readonly signals: Readonly<Record<SignalName, readonly Point[]>>
  readonly histograms: HistogramTracks
  /** When the server was seen to have started again, and by what. */
  readonly restarts: readonly Restart[]
}
export interface Restart { readonly atMs: number; readonly what: string }

/** process_start_time is computed from boot time and ticks, and may wobble by a tick. */
const START_TIME_TOLERANCE_S = 1

export function podTracks(scrapes: readonly Scrape[], originEpochMs: number): PodTrack[] {
  const byPod = Map.groupBy(scrapes, (s) => s.pod)
  return [...byPod].sort(([a], [b]) => (a < b ? -1 : 1)).map(([pod, own]) => trackOf(pod, own, originEpochMs))
}

function trackOf(pod: string, scrapes: readonly Scrape[], originEpochMs: number): PodTrack {
  const inOrder = [...scrapes].sort((a, b) => a.epochMs - b.epochMs)
  const readings = inOrder.map((s) => ({ atMs: s.epochMs - originEpochMs, read: readingOf(s) }))
  const raw = (signal: SignalName): Point[] =>
    readings.flatMap(({ atMs, read }) => (read.values[signal] === undefined ? [] : [[atMs, read.values[signal]] as const]))
  const restarts = new Map<number, Restart>()
  eachChange(raw('startTime'), (before, [atMs, after]) => {
    if (after > before + START_TIME_TOLERANCE_S) restarts.set(atMs, { atMs, what: 'its process started again' })
  })
  const counted = (signal: SignalName) => accumulated(raw(signal), (atMs) => {
    if (!restarts.has(atMs)) restarts.set(atMs, { atMs, what: `its counter of ${SIGNALS[signal].what} fell` })
  })
  const signals = SIGNAL_NAMES.map((signal) => [signal, SIGNALS[signal].kind === 'gauge' ? raw(signal) : counted(signal)])
  return {
    pod,
    timesMs: readings.map((r) => r.atMs),
    histograms: histogramTracks(readings.map(({ atMs, read }) => ({ atMs, histograms: read.histograms }))),
    signals: Object.fromEntries(signals) as Record<SignalName, readonly Point[]>,
    restarts: [...restarts.values()].sort((a, b) => a.atMs - b.atMs),
  }
}

/** A counter that falls has started again from zero: what it has counted since is added to what it had. */
export function accumulated(raw: readonly Point[], onReset: (atMs: number) => void): Point[] {
  const totals: Point[] = raw.slice(0, 1).map(([t]) => [t, 0])
  let total = 0
  eachChange(raw, (before, [atMs, after]) => {
    if (after < before) onReset(atMs)
    total += after < before ? after : after - before
    totals.push([atMs, total])
  })
  return totals
}

function eachChange(points: readonly Point[], change: (before: number, point: Point) => void): void {
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    if (before !== undefined) change(before[1], point)
  }
}

/** A signal at any time: linear between scrapes, flat outside them; null where the pod does not expose it. */
export function valueAt(points: readonly Point[], atMs: number): number | null {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle] as Point)[0] < atMs) low = middle + 1
    else high = middle
  }
  const after = points[low]
  const before = points[low - 1]
  if (after === undefined || before === undefined) return (after ?? before)?.[1] ?? null
  return before[1] + ((after[1] - before[1]) * (atMs - before[0])) / (after[0] - before[0])
}

/** A gauge or counter summed over pods, at the times of the pod that shows it most often; the others are read at those times. */
export function summed(tracks: readonly PodTrack[], signal: SignalName): Point[] {
  const all = tracks.map((track) => track.signals[signal]).filter((points) => points.length > 0)
  const reference = all.reduce<readonly Point[]>((most, points) => (points.length > most.length ? points : most), [])
  return reference.map(([t]) => [t, all.reduce((sum, points) => sum + (valueAt(points, t) as number), 0)])
}

/** A counter over all pods at one time, counted from each pod's first scrape; null where no pod has it. */
export function totalAt(tracks: readonly PodTrack[], signal: SignalName, atMs: number): number | null {
  const values = tracks.map((track) => valueAt(track.signals[signal], atMs)).filter((v) => v !== null)
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0)
}
