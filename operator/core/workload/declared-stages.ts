// SPDX-License-Identifier: Apache-2.0
/** The operating points of a load as they are declared, in plain numbers: what tools and estimates are told. It draws no arrival and knows no clock. */
import { durationMs } from '../model/common.ts'
import { type Load, loadKind, type LoadKind } from '../model/workload-profile.ts'

export interface DeclaredStage {
  readonly name: string
  /** Arrival process; a step of a sweep has that of the sweep. */
  readonly kind: Exclude<LoadKind, 'sweep'>
  readonly loop: 'open' | 'closed'
  readonly unit: 'requests' | 'sessions'
  /** Offered requests per second at its start, for an open loop; rampTo is the rate at its end, where it changes. */
  readonly rate?: number
  readonly rampTo?: number
  /** Requests or sessions in flight, for a closed loop. */
  readonly concurrency?: number
  /** Declared, or for an open loop what follows from the rate. */
  readonly seconds?: number
  /** Requests (of sessions: sessions) that it sends: declared, or expected from the rate. */
  readonly requests?: number
  /** What it ends by. */
  readonly end: 'duration' | 'requests' | 'data'
}

interface StageEnd { readonly duration?: string; readonly requests?: number }
type StageHead = Pick<DeclaredStage, 'name' | 'kind'>

/** What `throughput` keeps in flight when the profile sets no cap. */
export const THROUGHPUT_CONCURRENCY = 512

export function declaredStages(load: Load): DeclaredStage[] {
  const kind = loadKind(load)
  switch (kind) {
    case 'constant':
    case 'poisson':
    case 'gamma':
    case 'burst':
      return (load[kind]?.stages ?? []).map((stage) => open({ name: stage.name, kind }, stage))
    case 'concurrent':
    case 'sessions':
      return (load[kind]?.stages ?? []).map((stage) => closed({ name: stage.name, kind }, stage.concurrency, stage))
    case 'synchronous':
      return [closed({ name: kind, kind }, 1, load.synchronous ?? {})]
    case 'throughput':
      return [closed({ name: kind, kind }, load.maxConcurrency ?? THROUGHPUT_CONCURRENCY, load.throughput ?? {})]
    case 'sweep':
      return load.sweep === undefined ? [] : sweepRates(load.sweep).map(({ name, rate }) => open({ name, kind: load.sweep?.process ?? 'poisson' }, { rate, ...load.sweep }))
    case 'trace':
      return [{ name: kind, kind, loop: 'open', unit: 'requests', end: 'data' }]
    case 'toolProfile':
      return (load.toolProfile?.stages ?? []).map((name) => ({ name, kind, loop: 'open', unit: 'requests', end: 'data' }))
  }
}

/** The first stage's load at its beginning, for the warm-up's time; undefined without one. */
export function declaredWarmup(load: Load): DeclaredStage | undefined {
  const seconds = load.warmup === undefined ? 0 : durationMs(load.warmup) / 1000
  const [first] = declaredStages(load)
  if (seconds === 0 || first === undefined || first.kind === 'toolProfile') return undefined
  const head = { name: 'warmup', kind: first.kind }
  if (first.loop === 'closed') return closed(head, first.concurrency ?? 1, { duration: `${seconds}s` })
  return first.rate === undefined ? { ...first, ...head, seconds } : open(head, { rate: first.rate, duration: `${seconds}s` })
}

/** The rates of a sweep by the names of its stages. */
export function sweepRates({ from, to, steps, scale }: NonNullable<Load['sweep']>): { name: string; rate: number }[] {
  return Array.from({ length: steps }, (_, i) => {
    const share = i / (steps - 1)
    const rate = scale === 'linear' ? from + (to - from) * share : from * (to / from) ** share
    return { name: `sweep-${i + 1}`, rate: Number(rate.toPrecision(12)) }
  })
}

/** Requests per second, averaged over the stage. */
export const meanRate = ({ rate, rampTo }: Pick<DeclaredStage, 'rate' | 'rampTo'>) => (rate === undefined ? undefined : (rate + (rampTo ?? rate)) / 2)

function open(head: StageHead, { rate, rampTo, duration, requests }: StageEnd & { readonly rate: number; readonly rampTo?: number }): DeclaredStage {
  const mean = meanRate({ rate, rampTo }) ?? rate
  const seconds = duration === undefined ? undefined : durationMs(duration) / 1000
  return {
    ...head, loop: 'open', unit: 'requests', rate, ...(rampTo !== undefined && { rampTo }),
    seconds: seconds ?? (requests ?? 0) / mean, requests: requests ?? Math.max(1, Math.round(mean * (seconds ?? 0))), end: seconds === undefined ? 'requests' : 'duration',
  }
}

function closed(head: StageHead, concurrency: number, { duration, requests }: StageEnd): DeclaredStage {
  return {
    ...head, loop: 'closed', unit: head.kind === 'sessions' ? 'sessions' : 'requests', concurrency,
    ...(duration === undefined ? {} : { seconds: durationMs(duration) / 1000 }), ...(requests === undefined ? {} : { requests }), end: duration === undefined ? 'requests' : 'duration',
  }
}
