// SPDX-License-Identifier: Apache-2.0
/** Turns a declared load and a seed into stages, with every send time of an open loop fixed in advance. It sends nothing. */
import { durationMs } from '../model/common.ts'
import { loadKind, type ConcurrencyStage, type Load, type RateStage } from '../model/workload-profile.ts'
import { arrivalTimes, type ArrivalProcess } from './arrivals.ts'
import { sweepRates, THROUGHPUT_CONCURRENCY } from './declared-stages.ts'
import { randomStream } from './random.ts'

interface StageHead {
  readonly name: string
  /** Load kind, as reports name it. */
  readonly kind: string
}
/** Requests go out at fixed times, whatever the server does. */
export interface OpenStage extends StageHead {
  readonly loop: 'open'
  readonly timesMs: Float64Array
  readonly windowMs: number
  /** Mean offered rate, in requests per second. */
  readonly rate: number
}
/** A fixed number of requests or sessions is in flight; it ends after a time or a number of them. */
export interface ClosedStage extends StageHead {
  readonly loop: 'closed'
  readonly unit: 'requests' | 'sessions'
  readonly concurrency: number
  readonly durationMs?: number
  readonly count?: number
}
export type PlannedStage = OpenStage | ClosedStage

export interface Schedule {
  /** The first stage's load for the warm-up time; it runs over into the first stage without a pause. */
  readonly warmup?: PlannedStage
  readonly stages: readonly PlannedStage[]
  readonly maxConcurrency?: number
  readonly drainMs: number
  readonly stageGapMs: number
  readonly stopErrorRate?: number
  readonly notes: readonly string[]
}

export interface ScheduleInput {
  readonly load: Load
  readonly seed: number
  /** Times of data.trace in milliseconds, ascending; for load.trace. */
  readonly traceMs?: readonly number[]
}

/** More than this is a mistake in the profile rather than a load: the times alone would take 80 MB. */
const MAX_ARRIVALS = 10_000_000

export function schedule(input: ScheduleInput): Schedule {
  const { load } = input
  const notes: string[] = []
  const warmupMs = load.warmup === undefined ? 0 : durationMs(load.warmup)
  const planned = load.trace === undefined
    ? { stages: stagesOf(input, notes), warmup: warmupMs > 0 ? warmupOf(input, warmupMs, notes) : undefined }
    : traceStages(input, load.trace.speed, warmupMs)
  return {
    ...planned,
    maxConcurrency: load.maxConcurrency,
    drainMs: durationMs(load.drain),
    stageGapMs: durationMs(load.stageGap),
    stopErrorRate: load.stop?.errorRate,
    notes: [...new Set(notes)],
  }
}

function stagesOf({ load, seed }: ScheduleInput, notes: string[]): PlannedStage[] {
  const kind = loadKind(load)
  if (load.concurrent !== undefined) return load.concurrent.stages.map((stage) => closed(kind, 'requests', stage))
  if (load.sessions !== undefined) return load.sessions.stages.map((stage) => closed(kind, 'sessions', stage))
  if (load.synchronous !== undefined) return [closed(kind, 'requests', { name: kind, concurrency: 1, ...load.synchronous })]
  if (load.throughput !== undefined) {
    if (load.maxConcurrency === undefined) notes.push(`load.throughput without maxConcurrency keeps ${THROUGHPUT_CONCURRENCY} requests in flight`)
    return [closed(kind, 'requests', { name: kind, concurrency: load.maxConcurrency ?? THROUGHPUT_CONCURRENCY, ...load.throughput })]
  }
  const { process, stages } = rates(load)
  return stages.map((stage, i) => open(process, stage, { seed, label: i }))
}

/** The first stage at its first rate or concurrency, for the warm-up's time. */
function warmupOf(input: ScheduleInput, warmupMs: number, notes: string[]): PlannedStage {
  const { load, seed } = input
  if (loadOpen(load)) {
    const { process, stages } = rates(load)
    const [first] = stages
    return open(process, { name: first?.name ?? '', rate: first?.rate ?? 1, duration: `${warmupMs}ms` }, { seed, label: 'warmup' })
  }
  const [first] = stagesOf(input, notes)
  if (first?.loop !== 'closed') throw new RangeError('load has no stage')
  return { ...first, count: undefined, durationMs: warmupMs }
}

function loadOpen(load: Load): boolean {
  return load.constant !== undefined || load.poisson !== undefined || load.gamma !== undefined || load.burst !== undefined || load.sweep !== undefined
}

/** The arrival process and its rates; a sweep is a row of rate stages. */
function rates(load: Load): { process: ArrivalProcess; stages: readonly RateStage[] } {
  if (load.constant !== undefined) return { process: { kind: 'constant' }, stages: load.constant.stages }
  if (load.poisson !== undefined) return { process: { kind: 'poisson' }, stages: load.poisson.stages }
  if (load.gamma !== undefined) return { process: { kind: 'gamma', cv: load.gamma.cv }, stages: load.gamma.stages }
  if (load.burst !== undefined) return { process: { kind: 'burst', size: load.burst.size }, stages: load.burst.stages }
  if (load.sweep !== undefined) return { process: { kind: load.sweep.process }, stages: sweepStages(load.sweep) }
  throw new RangeError('load has no rates')
}

function sweepStages(sweep: NonNullable<Load['sweep']>): RateStage[] {
  return sweepRates(sweep).map((step) => ({ ...step, duration: sweep.duration, requests: sweep.requests }))
}

function open(process: ArrivalProcess, stage: RateStage, stream: { seed: number; label: string | number }): OpenStage {
  const rate = (stage.rate + (stage.rampTo ?? stage.rate)) / 2
  const plan = { rate: stage.rate, rampTo: stage.rampTo, requests: stage.requests, durationMs: stage.duration === undefined ? undefined : durationMs(stage.duration) }
  const expected = plan.requests ?? (rate * (plan.durationMs ?? 0)) / 1000
  if (expected > MAX_ARRIVALS) {
    throw new RangeError(`load: stage ${stage.name} would send ${Math.round(expected)} requests; at most ${MAX_ARRIVALS} are possible in a stage`)
  }
  return { name: stage.name, kind: process.kind, loop: 'open', rate, ...arrivalTimes(process, plan, randomStream(stream.seed, 'arrival', stream.label)) }
}

function closed(kind: string, unit: ClosedStage['unit'], stage: ConcurrencyStage): ClosedStage {
  return {
    name: stage.name, kind, loop: 'closed', unit, concurrency: stage.concurrency, count: stage.requests,
    durationMs: stage.duration === undefined ? undefined : durationMs(stage.duration),
  }
}

/** A trace keeps its own times; its first part is the warm-up, when one is wanted. */
function traceStages({ traceMs }: ScheduleInput, speed: number, warmupMs: number): Pick<Schedule, 'stages' | 'warmup'> {
  const times = Float64Array.from(traceMs ?? [], (at) => at / speed)
  if (times.length === 0) throw new RangeError('load.trace: data.trace has no entries with a time')
  const first = warmupMs > 0 ? times.filter((at) => at < warmupMs) : new Float64Array(0)
  const rest = times.subarray(first.length).map((at) => at - (first.length > 0 ? warmupMs : 0))
  if (rest.length === 0) throw new RangeError(`load.warmup: all ${times.length} entries of the trace lie within it; nothing is left to measure`)
  return { warmup: first.length > 0 ? traceStage(first, warmupMs) : undefined, stages: [traceStage(rest)] }
}

function traceStage(timesMs: Float64Array, windowMs = windowOf(timesMs)): OpenStage {
  return { name: 'trace', kind: 'trace', loop: 'open', timesMs, windowMs, rate: windowMs > 0 ? (timesMs.length * 1000) / windowMs : 0 }
}

/** One mean gap longer than the last arrival, so that requests ÷ window is unbiased. */
function windowOf(timesMs: Float64Array): number {
  const first = timesMs[0] ?? 0
  const last = timesMs[timesMs.length - 1] ?? 0
  return timesMs.length > 1 ? last + (last - first) / (timesMs.length - 1) : last
}
