// SPDX-License-Identifier: Apache-2.0
/** The declared laws of time: how long a prefill takes, how long a gap is, how many tokens a step yields. It knows no clock and no queue. */
import type { SimulatorConfig } from './config.ts'
import { STREAMS } from './random.ts'
import type { Draws } from './random.ts'

export type LatencyLaws = Pick<SimulatorConfig, 'prefill' | 'decode' | 'answer' | 'drift' | 'instance'>

/** What happens around a sequence when its next gap is decided. */
export type Load = { readonly running: number; readonly prefilling: number }

/** Which draw of a sequence is asked for: n-th event, and who draws. */
export type DrawAt = { readonly draws: Draws; readonly index: number }

const MS_PER_HOUR = 3_600_000

/** Time to first token once admitted: the computed part keeps a prefill lane busy, the base does not. */
export function prefillTimes(laws: LatencyLaws, uncachedTokens: number, at: DrawAt): { computeMs: number; baseMs: number } {
  const jitter = at.draws.lognormal(STREAMS.prefillJitter, at.index, laws.prefill.jitter)
  return { computeMs: laws.prefill.perTokenMs * uncachedTokens * jitter, baseMs: laws.prefill.baseMs * jitter }
}

/** Time from one event of a sequence to its next. */
export function gapMs(laws: LatencyLaws, load: Load, at: DrawAt): number {
  const { baseMs, perSequenceMs, perPrefillMs, jitter } = laws.decode
  return (baseMs + perSequenceMs * load.running + perPrefillMs * load.prefilling) * at.draws.lognormal(STREAMS.gapJitter, at.index, jitter)
}

/** Tokens that one step yields: one, and the draft tokens up to the first that is refused. */
export function stepTokens(laws: LatencyLaws, at: DrawAt): number {
  const { draftTokens, acceptance } = laws.decode.speculation
  let accepted = 0
  while (accepted < draftTokens && at.draws.uniform(STREAMS.speculation, at.index * 64 + accepted) < acceptance) accepted++
  return 1 + accepted
}

/** How long an answer would be if nothing cut it. */
export function naturalTokens(laws: LatencyLaws, at: DrawAt): number {
  return Math.max(1, Math.round(laws.answer.meanTokens * at.draws.lognormal(STREAMS.answerLength, at.index, laws.answer.sigma)))
}

/** Factor on all latencies: the instance's own speed, and the planted drift since readiness. */
export function slowness(laws: LatencyLaws, instanceFactor: number, sinceReadyMs: number): number {
  const drift = 1 + (laws.drift.percentPerHour / 100) * (Math.max(0, sinceReadyMs) / MS_PER_HOUR)
  return instanceFactor * Math.max(0.01, drift)
}

/** The factor that one instance draws once. */
export function instanceFactor(laws: LatencyLaws, draws: Draws): number {
  return draws.lognormal(STREAMS.instance, 0, laws.instance.sigma)
}
