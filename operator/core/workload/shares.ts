// SPDX-License-Identifier: Apache-2.0
/** How many of the frozen requests belong to each operating point, so that none repeats another's prompts. It expands nothing. */
import { durationMs } from '../model/common.ts'
import type { Load } from '../model/workload-profile.ts'
import { type DeclaredStage, declaredStages, declaredWarmup, meanRate } from './declared-stages.ts'

/** An operating point as folders and files call it: warmup, stage-0, stage-1, … */
export interface Point {
  readonly id: string
  /** Place among the measured stages, from 0; the warm-up has none. */
  readonly index?: number
  readonly stage: DeclaredStage
}

export interface Share {
  /** What is counted: a session is all of its turns. */
  readonly unit: 'requests' | 'sessions'
  /** Infinity where only the data says how many there are (trace replay). */
  readonly count: number
  /** Whether the number is a guess: a closed loop that ends by time. */
  readonly guessed: boolean
}

/** The warm-up, where there is one, and the measured stages, in the order in which they run. */
export function pointsOf(load: Load): Point[] {
  const warmup = declaredWarmup(load)
  const stages = declaredStages(load).map((stage, index) => ({ id: `stage-${index}`, index, stage }))
  return warmup === undefined ? stages : [{ id: 'warmup', stage: warmup }, ...stages]
}

/** Closed loops that end by time: assumed ends per second and slot, and a bound on what is prepared for all of them. */
const ENDS_PER_SECOND = { requests: 4, sessions: 0.5 } as const
const MOST_FOR_TIMED_STAGES = 10_000
/** How far the number of random arrivals in a time may lie above its mean, in standard deviations. */
const MARGIN = 3

/** What the declaration says of every point, in their order. */
export function sharesOf(load: Load, points = pointsOf(load)): Share[] {
  const guesses = points.map(({ stage }) => (isGuessed(stage) ? guess(stage) : 0))
  const total = guesses.reduce((sum, n) => sum + n, 0)
  const scale = Math.min(1, MOST_FOR_TIMED_STAGES / Math.max(1, total))
  return points.map(({ stage }, i) => {
    const { unit, concurrency = 1 } = stage
    if (stage.end === 'data') return { unit, count: Number.POSITIVE_INFINITY, guessed: false }
    if (isGuessed(stage)) return { unit, count: Math.max(concurrency, Math.floor((guesses[i] ?? 0) * scale)), guessed: true }
    return { unit, count: stage.loop === 'open' && stage.end === 'duration' ? withMargin(load, stage) : (stage.requests ?? 0), guessed: false }
  })
}

const isGuessed = ({ loop, end }: DeclaredStage) => loop === 'closed' && end === 'duration'
const guess = ({ concurrency = 1, seconds = 0, unit }: DeclaredStage) => Math.ceil(concurrency * seconds * ENDS_PER_SECOND[unit])

/** A tool that stops by the clock draws its own arrivals: enough for nearly every draw. */
function withMargin(load: Load, stage: DeclaredStage): number {
  const mean = (meanRate(stage) ?? 0) * (stage.seconds ?? 0)
  const scatter = stage.kind === 'constant' ? 0 : Math.max(1, load.gamma?.cv ?? 1, Math.sqrt(load.burst?.size ?? 1))
  return Math.max(1, Math.ceil(mean + MARGIN * scatter * Math.sqrt(mean)))
}

/** Where the warm-up of a trace ends, in milliseconds of its own clock; 0 without one. */
export function traceWarmupMs(load: Load): number {
  return load.trace === undefined || load.warmup === undefined ? 0 : durationMs(load.warmup) * load.trace.speed
}
