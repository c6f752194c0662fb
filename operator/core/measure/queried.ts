// SPDX-License-Identifier: Apache-2.0
/** Points that a Prometheus gave for a metric of the catalogue → its distribution in each stage and its series. */
import type { Distribution } from '../model/findings.ts'
import type { QueryableName } from '../model/scenario-metrics.ts'
import { distributionOf } from './distribution.ts'
import type { Point } from './pod-track.ts'
import type { ServerWindow, StageServer } from './server-findings.ts'
import { series, type Series } from './server-series.ts'

export interface Queried {
  readonly metric: QueryableName
  /** [milliseconds since 1970, value in the metric's unit]. */
  readonly points: readonly Point[]
}

export function queriedFindings(all: readonly Queried[], windows: readonly ServerWindow[], originEpochMs: number): { readonly stages: ReadonlyMap<string, StageServer>; readonly series: readonly Series[] } {
  const own = all.map(({ metric, points }) => ({ metric, points: points.map(([t, v]): Point => [t - originEpochMs, v]) }))
  const stageOf = ({ startMs, endMs }: ServerWindow): StageServer => {
    const distributions = own.flatMap(({ metric, points }): [string, Distribution][] => {
      const values = points.filter(([t]) => t >= startMs && t <= endMs).map(([, v]) => v)
      return values.length === 0 ? [] : [[metric, distributionOf(metric, values)]]
    })
    return { distributions: Object.fromEntries(distributions), scalars: {} }
  }
  return {
    stages: new Map(windows.map((window) => [window.stage, stageOf(window)])),
    series: own.map(({ metric, points }) => series(metric, points)).filter((s) => s.points.length > 1),
  }
}
