// SPDX-License-Identifier: Apache-2.0
/** How long a load runs and how many requests it sends, from its declaration alone. It draws no arrival and knows no server. */
import { durationMs } from '../model/common.ts'
import type { Lengths, Load, WorkloadProfileSpec } from '../model/workload-profile.ts'
import { type DeclaredStage, declaredStages } from '../workload/declared-stages.ts'

export interface Range { readonly low: number; readonly likely: number; readonly high: number }

export const exactly = (seconds: number): Range => ({ low: seconds, likely: seconds, high: seconds })
export const sumRanges = (ranges: Iterable<Range>): Range => {
  let [low, likely, high] = [0, 0, 0]
  for (const range of ranges) {
    low += range.low
    likely += range.likely
    high += range.high
  }
  return { low, likely, high }
}
export const scaleRange = ({ low, likely, high }: Range, by: number): Range => ({ low: low * by, likely: likely * by, high: high * by })

/** A stage as far as time is concerned: an open loop has a rate, a closed one slots. */
type TimedStage = Pick<DeclaredStage, 'name' | 'seconds' | 'requests' | 'rate' | 'rampTo' | 'concurrency'>

/** What an engine typically runs side by side when nothing caps it. */
const THROUGHPUT_SLOTS = 256

function timedStages(load: Load): TimedStage[] {
  if (load.trace !== undefined || load.toolProfile !== undefined) return []
  const stages = declaredStages(load)
  return load.throughput === undefined ? stages : stages.map((stage) => ({ ...stage, concurrency: load.maxConcurrency ?? THROUGHPUT_SLOTS }))
}

export interface StageRequests {
  readonly name: string
  /** Not set where only the run will show it. */
  readonly requests?: number
}

/** The stages by the names that reports give them, and their requests, where the declaration says how many. */
export function stageRequests(load: Load): StageRequests[] {
  return declaredStages(load).map(({ name, requests, unit }) => (requests === undefined || unit === 'sessions' ? { name } : { name, requests }))
}

/** Assumed latencies where time depends on the server: seconds to the first token, seconds per token after it. */
const TTFT_SECONDS: Range = { low: 0.05, likely: 0.3, high: 2 }
const TPOT_SECONDS: Range = { low: 0.005, likely: 0.02, high: 0.08 }
/** A trace says how long it is only once it is read, and what a tool's own profile says nobody reads. */
const TRACE_SECONDS: Range = { low: 60, likely: 600, high: 3600 }
/** Share of the drain time that is used up. */
const DRAIN_SHARE: Range = { low: 0, likely: 0.1, high: 1 }

/** Time from the first request of the warm-up to the end of the drain, in seconds. */
export function loadSeconds(workload: WorkloadProfileSpec): Range {
  const { load } = workload
  const perRequest = requestSeconds(workload)
  const stages = timedStages(load)
  const running = stages.length > 0 ? sumRanges(stages.map((stage) => stageSeconds(stage, perRequest))) : scaleRange(TRACE_SECONDS, 1 / (load.trace?.speed ?? 1))
  const gaps = (Math.max(0, stages.length - 1) * durationMs(load.stageGap)) / 1000
  const warmup = load.warmup === undefined ? 0 : durationMs(load.warmup) / 1000
  return sumRanges([running, exactly(gaps + warmup), scaleRange(DRAIN_SHARE, durationMs(load.drain) / 1000)])
}

function stageSeconds({ seconds, requests = 1, concurrency = 1 }: TimedStage, perRequest: Range): Range {
  return seconds === undefined ? scaleRange(perRequest, Math.ceil(requests / concurrency)) : exactly(seconds)
}

/** One request of a closed loop; one whole session, where sessions are counted. */
function requestSeconds({ load, data }: WorkloadProfileSpec): Range {
  const output = meanLength(data.synthetic?.output ?? data.prompts?.output ?? data.sharegpt?.output ?? data.conversation?.output)
  const one = sumRanges([TTFT_SECONDS, scaleRange(TPOT_SECONDS, output)])
  if (load.sessions === undefined) return one
  const turns = data.synthetic?.turns
  const think = turns === undefined ? 0 : durationMs(turns.thinkTime) / 1000
  return scaleRange(sumRanges([one, exactly(think)]), turns?.count ?? TYPICAL_TURNS)
}

const TYPICAL_TURNS = 4
const TYPICAL_OUTPUT_TOKENS = 200

/** Mean of a distribution of lengths; of one that is not declared a typical answer. */
export function meanLength(lengths: Lengths | undefined): number {
  if (lengths === undefined) return TYPICAL_OUTPUT_TOKENS
  const { fixed, uniform, normal, lognormal, zipf, empirical, min = 0, max = Number.POSITIVE_INFINITY } = lengths
  const tableMean = empirical === undefined ? undefined : weightedMean(empirical)
  const mean = [fixed, uniform && (uniform.min + uniform.max) / 2, normal?.mean, lognormal && lognormal.median * Math.exp(lognormal.sigma ** 2 / 2), zipf && zipf.scale * 2, tableMean]
    .find((value) => value !== undefined)
  return Math.min(max, Math.max(min, mean ?? TYPICAL_OUTPUT_TOKENS))
}

function weightedMean(table: readonly { readonly tokens: number; readonly weight: number }[]): number {
  const total = table.reduce((sum, entry) => sum + entry.weight, 0)
  return table.reduce((sum, entry) => sum + entry.tokens * entry.weight, 0) / total
}
