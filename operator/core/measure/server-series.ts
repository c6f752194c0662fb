// SPDX-License-Identifier: Apache-2.0
/** The server's metrics over time, thinned so that findings stay small. */
import type { Findings } from '../model/findings.ts'
import { METRICS } from '../model/metric.ts'
import { summed, type PodTrack, type Point } from './pod-track.ts'
import type { SignalName } from './server-names.ts'

export type Series = Findings['server'][number]

const MAX_POINTS = 120
/** Above this many pods, KV-cache usage is averaged instead of listed by pod. */
const MAX_PODS_APART = 4

export function serverSeries(tracks: readonly PodTrack[], routers: readonly PodTrack[] = []): Series[] {
  return [
    series('running_requests', summed(tracks, 'running')),
    series('queue_length', summed(tracks, 'waiting')),
    ...usage(tracks),
    series('output_throughput', perSecond(summed(tracks, 'outputTokens'))),
    series('input_throughput', perSecond(summed(tracks, 'promptTokens'))),
    series('pool_kv_cache_usage', mean(routers, 'poolKvUsage')),
    series('pool_queue_length', mean(routers, 'poolQueue')),
    series('pool_ready_pods', mean(routers, 'poolReady')),
  ].filter((s) => s.points.length > 1)
}

/** Replicas of a router each see the whole pool. */
function mean(tracks: readonly PodTrack[], signal: SignalName): Point[] {
  const seeing = tracks.filter((track) => track.signals[signal].length > 0).length
  return summed(tracks, signal).map(([t, v]) => [t, v / seeing])
}

function usage(tracks: readonly PodTrack[]): Series[] {
  if (tracks.length <= MAX_PODS_APART) return tracks.map((track) => series('kv_cache_usage', track.signals.kvUsage, track.pod))
  return [series('kv_cache_usage', mean(tracks, 'kvUsage'))]
}

export function series(metric: keyof typeof METRICS, points: readonly Point[], pod?: string): Series {
  const kept = thinned(points).map(([t, v]): [number, number] => [Math.round(t), Number(v.toPrecision(4))])
  return { metric, unit: METRICS[metric].unit, ...(pod === undefined ? {} : { pod }), points: kept }
}

function perSecond(points: readonly Point[]): Point[] {
  return points.slice(1).flatMap(([t, v], i) => {
    const [before, from] = points[i] as Point
    return t > before ? [[t, (1000 * (v - from)) / (t - before)] as const] : []
  })
}

/** Means of equal stretches of points, at the mean of their times. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MAX_POINTS) return points
  return Array.from({ length: MAX_POINTS }, (_, i) => {
    const stretch = points.slice(Math.floor((i * points.length) / MAX_POINTS), Math.floor(((i + 1) * points.length) / MAX_POINTS))
    const mean = (index: 0 | 1) => stretch.reduce((sum, point) => sum + point[index], 0) / stretch.length
    return [mean(0), mean(1)] as const
  })
}
