// SPDX-License-Identifier: Apache-2.0
/** How long a plan takes, how many GPU-hours and what they cost, as ranges, and where the numbers come from. */
import type { Learned } from './learn.ts'
import { exactly, type Range, scaleRange, sumRanges } from './load-time.ts'
import { oneCurrency, type Price } from './prices.ts'

export interface Estimate {
  /** Wall-clock time of the whole, in seconds. */
  readonly wallSeconds: Range
  readonly gpuHours: Range
  /** What the GPU-hours cost; not set where a stack that takes GPUs has no price, or where there are several currencies. */
  readonly cost?: Range & { readonly currency: string }
  /** One stand-up and one trial, on average, in seconds. */
  readonly standUpSeconds: Range
  readonly trialSeconds: Range
  /** Where each number comes from. */
  readonly sources: readonly string[]
}

export interface TrialTime { readonly load: Range; readonly treatment: string; readonly harness: string }
export interface StackTime {
  readonly engine: string
  readonly deployed: boolean
  readonly gpus: number
  readonly setupHash: string
  readonly product?: string | undefined
  readonly price?: Price | undefined
  readonly trials: readonly TrialTime[]
}

export interface EstimateInput {
  /** In the order in which they are begun. */
  readonly stacks: readonly StackTime[]
  readonly parallelStacks: number
  readonly learned?: Learned
}

/** Seconds until an engine serves, where nothing is known yet. */
const STAND_UP: Readonly<Record<string, Range>> = {
  simulator: { low: 3, likely: 8, high: 45 },
  vllm: { low: 60, likely: 180, high: 900 },
  sglang: { low: 60, likely: 180, high: 900 },
  tgi: { low: 60, likely: 150, high: 900 },
  'llama.cpp': { low: 10, likely: 45, high: 300 },
  ollama: { low: 10, likely: 45, high: 300 },
}
const OTHER_ENGINE: Range = { low: 30, likely: 180, high: 900 }
const TEARDOWN: Range = { low: 2, likely: 8, high: 60 }
/** Pod start, preparation, collection and delivery of one trial. */
const TRIAL_OVERHEAD: Range = { low: 3, likely: 8, high: 30 }
/** A learnt time varies by about this much from node to node. */
const LEARNED_SPREAD = { low: 0.7, high: 1.5 }
/** A trial's load is the same again, so that its time varies less. */
const REPEAT_SPREAD = { low: 0.9, high: 1.25 }

const around = (known: number, spread: { readonly low: number; readonly high: number }): Range => ({ low: known * spread.low, likely: known, high: known * spread.high })

export function estimatePlan({ stacks, parallelStacks, learned }: EstimateInput): Estimate {
  const spans = stacks.map((stack) => ({ stack, standUp: sumRanges([standUpTime(stack, learned), teardownTime(stack)]), trials: sumRanges(stack.trials.map((trial) => trialTime(trial, learned))) }))
  const busy = spans.map((s) => sumRanges([s.standUp, s.trials]))
  const gpuHours = busy.map((range, i) => scaleRange(range, (spans[i]?.stack.gpus ?? 0) / 3600))
  const trialCount = stacks.reduce((n, s) => n + s.trials.length, 0)
  const cost = costOf(stacks, gpuHours)
  return {
    wallSeconds: { low: makespan(busy.map((b) => b.low), parallelStacks), likely: makespan(busy.map((b) => b.likely), parallelStacks), high: makespan(busy.map((b) => b.high), parallelStacks) },
    gpuHours: sumRanges(gpuHours), ...(cost && { cost }),
    standUpSeconds: scaleRange(sumRanges(spans.map((s) => s.standUp)), 1 / Math.max(1, spans.length)),
    trialSeconds: scaleRange(sumRanges(spans.map((s) => s.trials)), 1 / Math.max(1, trialCount)),
    sources: sourcesOf(stacks, learned),
  }
}

/** Of a plan that grows: between its shortest course and its longest. */
export function between({ few, likely, most }: Readonly<Record<'few' | 'likely' | 'most', Estimate>>): Estimate {
  const range = (of: (estimate: Estimate) => Range): Range => ({ low: of(few).low, likely: of(likely).likely, high: of(most).high })
  const { cost } = likely
  return { ...likely, wallSeconds: range((e) => e.wallSeconds), gpuHours: range((e) => e.gpuHours), ...(cost && { cost: { ...range((e) => e.cost ?? cost), currency: cost.currency } }) }
}

/** From the first release to ready. */
export function standUpTime(stack: Pick<StackTime, 'deployed' | 'engine' | 'setupHash'>, learned: Learned | undefined): Range {
  if (!stack.deployed) return exactly(0)
  const known = learned?.standUpSeconds?.get(stack.setupHash)
  return known === undefined ? (STAND_UP[stack.engine] ?? OTHER_ENGINE) : around(known, LEARNED_SPREAD)
}

export function teardownTime({ deployed }: Pick<StackTime, 'deployed'>): Range {
  return deployed ? TEARDOWN : exactly(0)
}

/** The same treatment measured before says most; then the load as declared, with what its harness takes besides. */
export function trialTime({ load, treatment, harness }: TrialTime, learned: Learned | undefined): Range {
  const same = learned?.trialSeconds?.get(treatment)
  if (same !== undefined) return around(same, REPEAT_SPREAD)
  const overhead = learned?.overheadSeconds?.get(harness)
  return sumRanges([load, overhead === undefined ? TRIAL_OVERHEAD : around(overhead, LEARNED_SPREAD)])
}

/** Stacks are begun in order, each as soon as a place is free. */
export function makespan(busy: readonly number[], places: number): number {
  const free = Array.from({ length: Math.max(1, Math.min(places, busy.length)) }, () => 0)
  for (const seconds of busy) {
    const soonest = Math.min(...free)
    free[free.indexOf(soonest)] = soonest + seconds
  }
  return Math.max(...free)
}

function costOf(stacks: readonly StackTime[], gpuHours: readonly Range[]): Estimate['cost'] {
  const paid = stacks.filter((s) => s.gpus > 0)
  const currency = oneCurrency(paid.map((s) => s.price))
  if (currency === undefined || paid.some((s) => s.price === undefined)) return undefined
  return { ...sumRanges(gpuHours.map((range, i) => scaleRange(range, stacks[i]?.price?.amount ?? 0))), currency }
}

function sourcesOf(stacks: readonly StackTime[], learned: Learned | undefined): string[] {
  const deployed = stacks.filter((s) => s.deployed)
  const measured = deployed.filter((s) => learned?.standUpSeconds?.has(s.setupHash)).length
  const engines = [...new Set(deployed.map((s) => s.engine))].join(', ')
  return [
    'load: durations, requests ÷ rate and warm-up of the profile; closed loops by typical latencies',
    ...trialSources(stacks.flatMap((s) => s.trials), learned),
    deployed.length === 0 ? 'stand-up: none, the server is there already' : measured === 0 ? `stand-up: typical times of ${engines}` : `stand-up: measured before for ${measured} of ${deployed.length}${measured < deployed.length ? `, else typical times of ${engines}` : ''}`,
  ]
}

function trialSources(trials: readonly TrialTime[], learned: Learned | undefined): string[] {
  const again = trials.filter((t) => learned?.trialSeconds?.has(t.treatment)).length
  const known = [...new Set(trials.map((t) => t.harness))].flatMap((name) => {
    const seconds = learned?.overheadSeconds?.get(name)
    return seconds === undefined ? [] : [`${name} ${seconds.toFixed(1)} s`]
  })
  const typical = `${TRIAL_OVERHEAD.low}–${TRIAL_OVERHEAD.high} s (pod start, preparation, delivery)`
  return [
    ...(again > 0 ? [`trials: the same treatment measured before for ${again} of ${trials.length}`] : []),
    ...(again === trials.length && again > 0 ? [] : [`trial overhead: ${known.length > 0 ? `measured before: ${known.join(', ')}` : typical}`]),
  ]
}
