// SPDX-License-Identifier: Apache-2.0
/** How long a plan takes and how many GPU-hours, as a range, and where the numbers come from. */
import { exactly, type Range, scaleRange, sumRanges } from './load-time.ts'

export interface Estimate {
  /** Wall-clock time of the whole, in seconds. */
  readonly wallSeconds: Range
  readonly gpuHours: Range
  /** One stand-up and one trial, on average, in seconds. */
  readonly standUpSeconds: Range
  readonly trialSeconds: Range
  /** Where each number comes from. */
  readonly sources: readonly string[]
}

/** What earlier runs have shown; seconds from the first release to ready. */
export interface Learned {
  readonly standUpSeconds?: ReadonlyMap<string, number>
}

export interface EstimateInput {
  /** In the order in which they are begun. */
  readonly stacks: readonly { readonly engine: string; readonly deployed: boolean; readonly gpus: number; readonly setupHash: string; readonly trials: readonly Range[] }[]
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

export function estimatePlan({ stacks, parallelStacks, learned }: EstimateInput): Estimate {
  const spans = stacks.map((stack) => ({ gpus: stack.gpus, standUp: standUpOf(stack, learned), trials: sumRanges(stack.trials.map((load) => sumRanges([load, TRIAL_OVERHEAD]))), count: stack.trials.length }))
  const busy = spans.map((s) => sumRanges([s.standUp, s.trials]))
  const gpuSeconds = sumRanges(busy.map((range, i) => scaleRange(range, spans[i]?.gpus ?? 0)))
  const trialCount = spans.reduce((n, s) => n + s.count, 0)
  return {
    wallSeconds: { low: makespan(busy, parallelStacks, 'low'), likely: makespan(busy, parallelStacks, 'likely'), high: makespan(busy, parallelStacks, 'high') },
    gpuHours: scaleRange(gpuSeconds, 1 / 3600),
    standUpSeconds: scaleRange(sumRanges(spans.map((s) => s.standUp)), 1 / Math.max(1, spans.length)),
    trialSeconds: scaleRange(sumRanges(spans.map((s) => s.trials)), 1 / Math.max(1, trialCount)),
    sources: sourcesOf(stacks, learned),
  }
}

type StackTime = EstimateInput['stacks'][number]

function standUpOf(stack: StackTime, learned: Learned | undefined): Range {
  if (!stack.deployed) return exactly(0)
  const known = learned?.standUpSeconds?.get(stack.setupHash)
  const up = known === undefined ? (STAND_UP[stack.engine] ?? OTHER_ENGINE) : { low: known * LEARNED_SPREAD.low, likely: known, high: known * LEARNED_SPREAD.high }
  return sumRanges([up, TEARDOWN])
}

/** Stacks are begun in order, each as soon as a place is free. */
function makespan(busy: readonly Range[], places: number, of: keyof Range): number {
  const free = Array.from({ length: Math.max(1, Math.min(places, busy.length)) }, () => 0)
  for (const range of busy) {
    const soonest = Math.min(...free)
    free[free.indexOf(soonest)] = soonest + range[of]
  }
  return Math.max(...free)
}

function sourcesOf(stacks: readonly StackTime[], learned: Learned | undefined): string[] {
  const deployed = stacks.filter((s) => s.deployed)
  const measured = deployed.filter((s) => learned?.standUpSeconds?.has(s.setupHash)).length
  const engines = [...new Set(deployed.map((s) => s.engine))].join(', ')
  return [
    'load: durations, requests ÷ rate and warm-up of the profile; closed loops by typical latencies',
    `trial overhead: ${TRIAL_OVERHEAD.low}–${TRIAL_OVERHEAD.high} s (pod start, preparation, delivery)`,
    deployed.length === 0 ? 'stand-up: none, the server is there already' : measured === 0 ? `stand-up: typical times of ${engines}` : `stand-up: measured before for ${measured} of ${deployed.length}, else typical times of ${engines}`,
  ]
}
