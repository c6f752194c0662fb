// SPDX-License-Identifier: Apache-2.0
/** Whether one request meets its bounds. It counts nothing. */
import { durationMs } from '../model/common.ts'
import type { Slo } from '../model/experiment.ts'
import type { RequestMetrics } from './request-metrics.ts'

export interface SloBounds {
  readonly ttftMs?: number
  readonly tpotMs?: number
  readonly itlMs?: number
  readonly e2eMs?: number
}

/** unknown: a bound speaks of something that this tool or an answer that is not streamed does not show. */
export type SloOutcome = 'met' | 'missed' | 'unknown'

/** Bounds in milliseconds; undefined when there are none, because then there is no goodput either. */
export function sloBounds(slo: Slo | undefined): SloBounds | undefined {
  const bounds = Object.entries(slo ?? {}).flatMap(([name, text]) => (text === undefined ? [] : [[`${name}Ms`, durationMs(text)]]))
  return bounds.length === 0 ? undefined : (Object.fromEntries(bounds) as SloBounds)
}

/** A successful request against all bounds. One bound broken settles it, whatever cannot be seen. */
export function sloOutcome(request: RequestMetrics, bounds: SloBounds): SloOutcome {
  const outcomes = new Set([
    compare(request.ttftMs, bounds.ttftMs),
    // An answer below two tokens has no TPOT and no gap: nothing that could be too slow.
    (request.outputTokens ?? 2) < 2 ? 'met' : compare(request.tpotMs, bounds.tpotMs),
    compare(longest(request.gapsMs), bounds.itlMs),
    compare(request.e2eMs, bounds.e2eMs),
  ])
  if (outcomes.has('missed')) return 'missed'
  return outcomes.has('unknown') ? 'unknown' : 'met'
}

function compare(value: number | null, bound: number | undefined): SloOutcome {
  if (bound === undefined) return 'met'
  if (value === null) return 'unknown'
  return value <= bound ? 'met' : 'missed'
}

function longest(gapsMs: readonly number[] | null): number | null {
  return gapsMs === null ? null : gapsMs.reduce((most, gap) => Math.max(most, gap), 0)
}
