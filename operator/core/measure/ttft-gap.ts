// SPDX-License-Identifier: Apache-2.0
/** Time to first token as the client saw it beside what the server says: what lies between is network, gateway and client. */
import type { Distribution, StageFindings } from '../model/findings.ts'
import { LIMITS, percent } from './verdict-limits.ts'

export interface TtftGap {
  readonly stage: string
  readonly clientMs: number
  readonly serverMs: number
  readonly gapMs: number
  /** By how much the server's mean may differ because its window holds other requests than the client's. */
  readonly errorMs: number
  /** Why it is doubtful; undefined when it is what one would expect. */
  readonly doubt?: string
}

/** Means, since a server's histogram knows them exactly. undefined where one of the two is missing. */
export function ttftGap({ stage, window, distributions }: StageFindings): TtftGap | undefined {
  const [client, server] = [distributions['ttft'], distributions['server_ttft']]
  if (typeof client?.mean !== 'number' || typeof server?.mean !== 'number') return undefined
  const gapMs = client.mean - server.mean
  const errorMs = populationError(client, server, window.durationS)
  const doubt = doubtOf({ clientMs: client.mean, gapMs, errorMs })
  return { stage, clientMs: client.mean, serverMs: server.mean, gapMs, errorMs, ...(doubt === undefined ? {} : { doubt }) }
}

/** Counters between two scrapes are interpolated: as many requests as come in that time may be another's, at either end of the window. */
const SCRAPE_S = 1

/**
 * Requests that only one of them counted: warm-up, failures, those at the window's edges. They may be as slow as the slowest that the
 * server saw; where it does not know how slow that is, neither do we.
 */
function populationError(client: Distribution, server: Distribution, seconds: number): number {
  const edges = seconds > 0 ? (2 * SCRAPE_S * client.n) / seconds : 0
  const strangers = Math.abs(client.n - server.n) + edges + 1
  const [, slowest] = server.ranges?.['p99'] ?? [0, null]
  if (slowest === null) return Infinity
  const deviation = Math.max(2 * (client.stddev ?? 0), slowest - (client.mean ?? 0))
  return (deviation * strangers) / Math.max(1, Math.min(client.n, server.n))
}

function doubtOf({ clientMs, gapMs, errorMs }: Pick<TtftGap, 'clientMs' | 'gapMs' | 'errorMs'>): string | undefined {
  if (gapMs < -(LIMITS.ttftNegative.value + errorMs)) return 'the client cannot have seen first tokens before the server sent them: their requests or clocks differ'
  const { ttftBeyondServer: most, ttftBeyondServerShare: share } = LIMITS
  if (gapMs - errorMs <= most.value || gapMs <= share.value * clientMs) return undefined
  return `above ${most.value} ms and ${percent(share.value)} of it: network, gateway or client make the latency`
}

export function gapText({ clientMs, serverMs, gapMs, errorMs, doubt }: TtftGap): string {
  const ms = (value: number) => `${Number(value.toPrecision(3))} ms`
  const error = Number.isFinite(errorMs) ? `± ${ms(errorMs)}` : 'the server\'s last bucket has no end: unknown error'
  const both = `mean TTFT is ${ms(clientMs)} by the client and ${ms(serverMs)} by the server; ${ms(gapMs)} (${error}) between them`
  return doubt === undefined ? `${both}: network, gateway and client` : `${both}: ${doubt}`
}
