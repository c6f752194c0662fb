// SPDX-License-Identifier: Apache-2.0
/** How many requests a load can need, so that the data is expanded once, far enough, whichever tool sends them. It expands nothing. */
import type { Load } from '../model/workload-profile.ts'
import { schedule, type PlannedStage } from './schedule.ts'
import { pointsOf, type Share, sharesOf } from './shares.ts'

export interface RequestsNeeded {
  /** What is counted: a session is all of its turns. */
  readonly unit: 'requests' | 'sessions'
  /** Infinity when the data itself says how many there are (trace replay). */
  readonly count: number
  /** What the reader should know where the number is an estimate. */
  readonly notes: readonly string[]
  /** By operating point, in their order; their sum is the count. */
  readonly shares: readonly (Share & { readonly id: string })[]
}

export function requestsNeeded(load: Load, arrivalSeed: number): RequestsNeeded {
  const points = pointsOf(load)
  const declared = sharesOf(load, points)
  const drawn = load.trace === undefined && load.toolProfile === undefined ? drawnOf(load, arrivalSeed) : []
  const shares = points.map(({ id }, i) => ({ ...(declared[i] ?? NOTHING), id, count: Math.max(declared[i]?.count ?? 0, drawn[i] ?? 0) }))
  const count = sum(shares)
  const guessed = shares.filter((share) => share.guessed)
  if (guessed.length === 0) return { unit: shares[0]?.unit ?? 'requests', count, notes: [], shares }
  const unit = guessed[0]?.unit ?? 'requests'
  const names = points.filter((_, i) => shares[i]?.guessed === true).map(({ stage }) => stage.name).join(', ')
  return { unit, count, shares, notes: [`closed-loop time in stage ${names}: ${sum(guessed)} ${unit} were prepared by estimate; should they run out, they are sent again from the first`] }
}

const NOTHING: Share = { unit: 'requests', count: 0, guessed: false }

/** Requests of the schedule that is drawn from the arrival seed, which the native harness keeps to. */
function drawnOf(load: Load, seed: number): number[] {
  const { warmup, stages } = schedule({ load, seed })
  return (warmup === undefined ? stages : [warmup, ...stages]).map(countOf)
}

function countOf(stage: PlannedStage): number {
  return stage.loop === 'open' ? stage.timesMs.length : (stage.count ?? 0)
}

function sum(shares: readonly Pick<Share, 'count'>[]): number {
  return shares.reduce((total, { count }) => total + count, 0)
}
