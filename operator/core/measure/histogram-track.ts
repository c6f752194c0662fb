// SPDX-License-Identifier: Apache-2.0
/** One pod's histograms over time, freed of resets, and what they grew by within a window. It knows no metric. */
import { addHistograms, between, growth, type HistogramReading, sameBounds } from './histogram.ts'
import { HISTOGRAM_NAMES, type HistogramName } from './server-names.ts'

interface TrackPoint { readonly atMs: number; readonly total: HistogramReading }
export type HistogramTracks = Readonly<Partial<Record<HistogramName, readonly TrackPoint[]>>>

interface Seen { readonly atMs: number; readonly histograms: Readonly<Partial<Record<HistogramName, HistogramReading>>> }

export function histogramTracks(seen: readonly Seen[]): HistogramTracks {
  const track = (name: HistogramName) => accumulated(seen.flatMap(({ atMs, histograms }) => {
    const reading = histograms[name]
    return reading === undefined ? [] : [{ atMs, reading }]
  }))
  return Object.fromEntries(HISTOGRAM_NAMES.flatMap((name) => {
    const points = track(name)
    return points.length === 0 ? [] : [[name, points] as const]
  }))
}

/** Counted from the first scrape; one that falls has started again from zero. A server that changes its buckets is another server. */
function accumulated(raw: readonly { readonly atMs: number; readonly reading: HistogramReading }[]): TrackPoint[] {
  const [first] = raw
  if (first === undefined) return []
  let total = growth(first.reading, first.reading)
  let before = first.reading
  const points: TrackPoint[] = [{ atMs: first.atMs, total }]
  for (const { atMs, reading } of raw.slice(1)) {
    if (!sameBounds(before, reading)) continue
    const fell = (reading.counts.at(-1) ?? 0) < (before.counts.at(-1) ?? 0)
    total = addHistograms([total, fell ? reading : growth(reading, before)]) ?? total
    before = reading
    points.push({ atMs, total })
  }
  return points
}

/** What one histogram of all pods grew by; null where no pod has it, or where pods have other buckets. */
export function grownHistogram(tracks: readonly { readonly histograms: HistogramTracks }[], name: HistogramName, [startMs, endMs]: readonly [number, number]): HistogramReading | null {
  const grown = tracks.flatMap(({ histograms }) => {
    const points = histograms[name]
    return points === undefined ? [] : [growth(totalAt(points, endMs), totalAt(points, startMs))]
  })
  return addHistograms(grown)
}

/** Linear between scrapes, flat outside them. */
function totalAt(points: readonly TrackPoint[], atMs: number): HistogramReading {
  const after = points.findIndex((point) => point.atMs >= atMs)
  if (after < 0) return (points.at(-1) as TrackPoint).total
  const [a, b] = [points[after - 1], points[after] as TrackPoint]
  if (a === undefined) return b.total
  return between(a.total, b.total, (atMs - a.atMs) / (b.atMs - a.atMs))
}
