// SPDX-License-Identifier: Apache-2.0
/** How many requests a load can need, so that the data is expanded once, far enough. It expands nothing. */
import type { Load } from '../model/workload-profile.ts'
import { schedule, type ClosedStage, type PlannedStage } from './schedule.ts'

export interface RequestsNeeded {
  /** What is counted: a session is all of its turns. */
  readonly unit: 'requests' | 'sessions'
  /** Infinity when the data itself says how many there are (trace replay). */
  readonly count: number
  /** What the reader should know where the number is an estimate. */
  readonly notes: readonly string[]
}

/** Turns of a closed loop that ends by time: assumed ends per second and slot, and a bound on what is prepared for such stages in all. */
const ENDS_PER_SECOND = { requests: 4, sessions: 0.5 } as const
const MOST_FOR_TIMED_STAGES = 10_000

export function requestsNeeded(load: Load, arrivalSeed: number): RequestsNeeded {
  if (load.trace !== undefined) return { unit: 'requests', count: Number.POSITIVE_INFINITY, notes: [] }
  const { warmup, stages } = schedule({ load, seed: arrivalSeed })
  const all = warmup === undefined ? stages : [warmup, ...stages]
  const unit = all.some((stage) => stage.loop === 'closed' && stage.unit === 'sessions') ? 'sessions' : 'requests'
  const exact = sum(all, (stage) => (isTimed(stage) ? 0 : countOf(stage)))
  const timed = all.filter(isTimed)
  if (timed.length === 0) return { unit, count: exact, notes: [] }
  const estimate = Math.min(MOST_FOR_TIMED_STAGES, sum(timed, estimateOf))
  const names = [...new Set(timed.map((stage) => stage.name))].join(', ')
  return {
    unit,
    count: exact + Math.max(estimate, ...timed.map((stage) => stage.concurrency)),
    notes: [`closed-loop time in stage ${names}: ${estimate} ${unit} were prepared by estimate; should they run out, they are sent again from the first`],
  }
}

function isTimed(stage: PlannedStage): stage is ClosedStage {
  return stage.loop === 'closed' && stage.count === undefined
}

function countOf(stage: PlannedStage): number {
  return stage.loop === 'open' ? stage.timesMs.length : (stage.count ?? 0)
}

function estimateOf(stage: ClosedStage): number {
  return Math.ceil((stage.concurrency * (stage.durationMs ?? 0) * ENDS_PER_SECOND[stage.unit]) / 1000)
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
