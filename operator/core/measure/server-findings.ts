// SPDX-License-Identifier: Apache-2.0
/** Scrapes of the serving pods → what the server says of itself: per stage, over time, and whether it started again. */
import type { Distribution, Scalar, StageFindings } from '../model/findings.ts'
import { distributionOf, scalarOf } from './distribution.ts'
import { podTracks, summed, totalAt, type PodTrack, type Point, type Restart } from './pod-track.ts'
import type { Scrape } from './scrape.ts'
import type { SignalName } from './server-metrics.ts'
import { serverSeries, type Series } from './server-series.ts'

export interface ServerWindow {
  readonly stage: string
  readonly startMs: number
  readonly endMs: number
}

export interface ServerFindings {
  readonly stages: ReadonlyMap<string, StageServer>
  readonly series: readonly Series[]
  readonly restarts: readonly (Restart & { readonly pod: string })[]
  /** Share of queried tokens that came from the prefix cache while the first tenth of them was queried. */
  readonly hitRateAtStart: number | null
  /** Pods and stretches of time that scrapes do not cover, in words. */
  readonly gaps: readonly string[]
}

type StageServer = Pick<StageFindings, 'distributions' | 'scalars'>

/** A pod is covered when scrapes reach to within this of a window's ends; the interval of the scrapes widens it. */
const COVERAGE_SLACK_MS = 10_000

export function serverFindings(
  scrapes: readonly Scrape[],
  windows: readonly ServerWindow[],
  { originEpochMs, pods }: { readonly originEpochMs: number; readonly pods: number },
): ServerFindings {
  const tracks = podTracks(scrapes, originEpochMs)
  return {
    stages: new Map(windows.map((window) => [window.stage, stageOf(tracks, window)])),
    series: serverSeries(tracks),
    restarts: tracks.flatMap(({ pod, restarts }) => restarts.map((r) => ({ pod, ...r }))),
    hitRateAtStart: hitRateAtStart(tracks),
    gaps: coverageGaps(tracks, windows, pods),
  }
}

function stageOf(tracks: readonly PodTrack[], { startMs, endMs }: ServerWindow): StageServer {
  const within = (points: readonly Point[]) => points.filter(([t]) => t >= startMs && t <= endMs).map(([, v]) => v)
  const gauges = {
    kv_cache_usage: tracks.flatMap((track) => within(track.signals.kvUsage)),
    running_requests: within(summed(tracks, 'running')),
    queue_length: within(summed(tracks, 'waiting')),
  }
  const distributions: Record<string, Distribution> = {}
  for (const [metric, values] of Object.entries(gauges)) {
    if (values.length > 0) distributions[metric] = distributionOf(metric as keyof typeof gauges, values)
  }
  return { distributions, scalars: counters(tracks, startMs, endMs) }
}

function counters(tracks: readonly PodTrack[], startMs: number, endMs: number): Record<string, Scalar> {
  const grown = (signal: SignalName) => {
    const [from, to] = [totalAt(tracks, signal, startMs), totalAt(tracks, signal, endMs)]
    return from === null || to === null ? null : to - from
  }
  const queries = grown('prefixQueries') ?? 0
  const preemptions = grown('preemptions')
  return {
    ...(queries > 0 ? { prefix_cache_hit_rate: scalarOf('prefix_cache_hit_rate', share(grown('prefixHits') ?? 0, queries)) } : {}),
    ...(preemptions === null ? {} : { preemptions: scalarOf('preemptions', Math.round(preemptions)) }),
  }
}

/** Over what is queried from the first scrape until a tenth of all tokens has been: enough to see, early enough to be the start. */
function hitRateAtStart(tracks: readonly PodTrack[]): number | null {
  const times = tracks.flatMap((track) => track.timesMs).sort((a, b) => a - b)
  const all = totalAt(tracks, 'prefixQueries', Infinity) ?? 0
  const queriedAt = (t: number) => totalAt(tracks, 'prefixQueries', t) as number
  const reached = all > 0 ? times.find((t) => queriedAt(t) >= all / 10) : undefined
  return reached === undefined ? null : share(totalAt(tracks, 'prefixHits', reached) ?? 0, queriedAt(reached))
}

/** Two counters read at slightly different instants may leave 0 to 1. */
function share(part: number, whole: number): number {
  return Math.min(1, Math.max(0, part / whole))
}

function coverageGaps(tracks: readonly PodTrack[], windows: readonly ServerWindow[], pods: number): string[] {
  if (pods === 0) return []
  const missing = tracks.length < pods ? [`${pods - tracks.length} of ${pods} pods gave no metrics`] : []
  const startMs = Math.min(...windows.map((w) => w.startMs))
  const endMs = Math.max(...windows.map((w) => w.endMs))
  if (!(endMs > startMs)) return missing
  return [...missing, ...tracks.flatMap((track) => uncovered(track, startMs, endMs))]
}

function uncovered({ pod, timesMs }: PodTrack, startMs: number, endMs: number): string[] {
  const first = timesMs[0] as number
  const last = timesMs.at(-1) as number
  const slackMs = COVERAGE_SLACK_MS + (last - first) / Math.max(1, timesMs.length - 1)
  const seconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`
  return [
    ...(first > startMs + slackMs ? [`${pod}: the first ${seconds(first - startMs)} are not covered`] : []),
    ...(last < endMs - slackMs ? [`${pod}: the last ${seconds(endMs - last)} are not covered`] : []),
  ]
}
