// SPDX-License-Identifier: Apache-2.0
/** The latencies and token counts of one successful request, by the formulas of the catalogue. It knows no stage. */
import type { RequestRecord } from '../model/record.ts'

export type CountBy = 'server' | 'tokenizer'

/** null: undefined for this request, such as TPOT of a one-token answer or TTFT of an answer that was not streamed. */
export interface RequestMetrics {
  readonly ttftMs: number | null
  readonly ttftResponseMs: number | null
  readonly e2eMs: number | null
  readonly tpotMs: number | null
  readonly ntpotMs: number | null
  /** Gaps between events that carried content; null when the tool gives neither times nor gaps. */
  readonly gapsMs: readonly number[] | null
  /** Tokens of the event that ended each gap; null when they are unknown. */
  readonly gapTokens: readonly number[] | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

export function requestMetrics(record: RequestRecord, countBy: CountBy): RequestMetrics {
  const inputTokens = preferred(countBy, record.inputTokens, record.clientInputTokens)
  const outputTokens = preferred(countBy, record.outputTokens, record.clientOutputTokens)
  const ttftMs = difference(record.firstTokenMs, record.sentMs)
  const e2eMs = difference(record.endMs, record.sentMs)
  const gapsMs = gapsOf(record)
  return {
    inputTokens, outputTokens, ttftMs, e2eMs, gapsMs,
    ttftResponseMs: difference(record.firstTokenMs, record.scheduledMs),
    tpotMs: ttftMs === null || e2eMs === null || outputTokens === null || outputTokens < 2 ? null : (e2eMs - ttftMs) / (outputTokens - 1),
    ntpotMs: e2eMs === null || outputTokens === null || outputTokens < 1 ? null : e2eMs / outputTokens,
    gapTokens: gapsMs === null ? null : tokensOfGaps(record, gapsMs.length, outputTokens),
  }
}

/** The count that was asked for, and the other one where it is missing. */
function preferred(countBy: CountBy, server: number | null | undefined, client: number | null | undefined): number | null {
  return (countBy === 'server' ? (server ?? client) : (client ?? server)) ?? null
}

function difference(later: number | null, earlier: number | null): number | null {
  return later === null || earlier === null ? null : later - earlier
}

function gapsOf({ eventsMs, gapsMs }: RequestRecord): readonly number[] | null {
  if (eventsMs === undefined) return gapsMs ?? null
  const gaps: number[] = []
  for (let i = 1; i < eventsMs.length; i++) gaps.push((eventsMs[i] as number) - (eventsMs[i - 1] as number))
  return gaps
}

/** Without counts per event, one token each is certain only where there are as many events as tokens. */
function tokensOfGaps(record: RequestRecord, gaps: number, outputTokens: number | null): readonly number[] | null {
  if (record.eventTokens?.length === gaps + 1) return record.eventTokens.slice(1)
  return outputTokens === gaps + 1 ? Array.from({ length: gaps }, () => 1) : null
}

/**
 * Calls `add` with the per-token gap once for each token. An event without a whole token (a split character) ends no token: its time
 * belongs to the next one.
 */
export function forEachTokenGap(gapsMs: readonly number[], gapTokens: readonly number[], add: (msPerToken: number) => void): void {
  let waitedMs = 0
  for (let i = 0; i < gapsMs.length; i++) {
    waitedMs += gapsMs[i] as number
    const tokens = gapTokens[i] as number
    for (let token = 0; token < tokens; token++) add(waitedMs / tokens)
    if (tokens > 0) waitedMs = 0
  }
}
