// SPDX-License-Identifier: Apache-2.0
/** Scrapes of the serving pods → what the server says of itself: per stage, over time, and whether it started again. */
import type { Distribution, Scalar, StageFindings } from '../model/findings.ts'
import type { MetricName } from '../model/metric.ts'
import { distributionOf, scalarOf } from './distribution.ts'
import { distributionOfHistogram } from './histogram.ts'
import { grownHistogram } from './histogram-track.ts'
import { podTracks, summed, totalAt, type PodTrack, type Point, type Restart } from './pod-track.ts'
import type { Scrape } from './scrape.ts'
import { HISTOGRAM_NAMES, HISTOGRAMS, type SignalName } from './server-names.ts'
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

export type StageServer = Pick<StageFindings, 'distributions' | 'scalars'>

/** A pod is covered when scrapes reach to within this of a window's ends; the interval of the scrapes widens it. */
const COVERAGE_SLACK_MS = 10_000
const MS_PER_SECOND = 1000

interface Tracks { readonly engines: readonly PodTrack[]; readonly routers: readonly PodTrack[] }

/** GPUs are another's business: gpu-findings.ts. */
export function serverFindings(
  scrapes: readonly Scrape[],
  windows: readonly ServerWindow[],
  { originEpochMs, pods }: { readonly originEpochMs: number; readonly pods: number },
): ServerFindings {
  const of = (kind: 'engine' | 'router') => podTracks(scrapes.filter((s) => (s.kind ?? 'engine') === kind), originEpochMs)
  const tracks = { engines: of('engine'), routers: of('router') }
  return {
    stages: new Map(windows.map((window) => [window.stage, stageOf(tracks, window)])),
    series: serverSeries(tracks.engines, tracks.routers),
    restarts: [...tracks.engines, ...tracks.routers].flatMap(({ pod, restarts }) => restarts.map((r) => ({ pod, ...r }))),
    hitRateAtStart: hitRateAtStart(tracks.engines),
    gaps: coverageGaps(tracks.engines, windows, pods),
  }
}

function stageOf({ engines, routers }: Tracks, { startMs, endMs }: ServerWindow): StageServer {
  const within = (points: readonly Point[]) => points.filter(([t]) => t >= startMs && t <= endMs).map(([, v]) => v)
  const gauges: Partial<Record<MetricName, readonly number[]>> = {
    kv_cache_usage: engines.flatMap((track) => within(track.signals.kvUsage)),
    running_requests: within(summed(engines, 'running')),
    queue_length: within(summed(engines, 'waiting')),
    pool_kv_cache_usage: routers.flatMap((track) => within(track.signals.poolKvUsage)),
    pool_queue_length: routers.flatMap((track) => within(track.signals.poolQueue)),
    pool_ready_pods: routers.flatMap((track) => within(track.signals.poolReady)),
  }
  const distributions: Record<string, Distribution> = {}
  for (const [metric, values] of Object.entries(gauges)) {
    if (values.length > 0) distributions[metric] = distributionOf(metric as MetricName, values)
  }
  return { distributions: { ...distributions, ...latencies([...engines, ...routers], [startMs, endMs]) }, scalars: counters(engines, startMs, endMs) }
}

/** What the server's histograms grew by, as distributions in milliseconds. */
function latencies(tracks: readonly PodTrack[], window: readonly [number, number]): Record<string, Distribution> {
  return Object.fromEntries(HISTOGRAM_NAMES.flatMap((name) => {
    const grown = grownHistogram(tracks, name, window)
    const distribution = grown === null ? null : distributionOfHistogram(HISTOGRAMS[name], grown, MS_PER_SECOND)
    return distribution === null ? [] : [[HISTOGRAMS[name], distribution] as const]
  }))
}

function counters(tracks: readonly PodTrack[], startMs: number, endMs: number): Record<string, Scalar> {
  const grown = (signal: SignalName) => {
    const [from, to] = [totalAt(tracks, signal, startMs), totalAt(tracks, signal, endMs)]
    return from === null || to === null ? null : to - from
  }
  const share = (metric: MetricName, part: SignalName, whole: SignalName) => {
    const of = grown(whole) ?? 0
    return of > 0 ? { [metric]: scalarOf(metric, shareOf(grown(part) ?? 0, of)) } : {}
  }
  const amount = (metric: MetricName, signal: SignalName) => {
    const value = grown(signal)
    return value === null ? {} : { [metric]: scalarOf(metric, Math.round(value)) }
  }
  const drafts = grown('drafts') ?? 0
  return {
    ...share('prefix_cache_hit_rate', 'prefixHits', 'prefixQueries'),
    ...amount('preemptions', 'preemptions'),
    ...amount('server_prompt_tokens', 'promptTokens'),
    ...amount('server_generation_tokens', 'outputTokens'),
    ...share('spec_acceptance_rate', 'acceptedTokens', 'draftTokens'),
    ...(drafts > 0 ? { spec_acceptance_length: scalarOf('spec_acceptance_length', 1 + (grown('acceptedTokens') ?? 0) / drafts) } : {}),
  }
}

/** Over what is queried from the first scrape until a tenth of all tokens has been: enough to see, early enough to be the start. */
function hitRateAtStart(tracks: readonly PodTrack[]): number | null {
  const times = tracks.flatMap((track) => track.timesMs).sort((a, b) => a - b)
  const all = totalAt(tracks, 'prefixQueries', Infinity) ?? 0
  const queriedAt = (t: number) => totalAt(tracks, 'prefixQueries', t) as number
  const reached = all > 0 ? times.find((t) => queriedAt(t) >= all / 10) : undefined
  return reached === undefined ? null : shareOf(totalAt(tracks, 'prefixHits', reached) ?? 0, queriedAt(reached))
}

/** Two counters read at slightly different instants may leave 0 to 1. */
function shareOf(part: number, whole: number): number {
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
