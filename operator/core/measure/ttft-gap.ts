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
export function ttftGap({ stage, distributions }: StageFindings): TtftGap | undefined {
  const [client, server] = [distributions['ttft'], distributions['server_ttft']]
  if (typeof client?.mean !== 'number' || typeof server?.mean !== 'number') return undefined
  const gapMs = client.mean - server.mean
  const errorMs = populationError(client, server)
  const doubt = doubtOf({ clientMs: client.mean, gapMs, errorMs })
  return { stage, clientMs: client.mean, serverMs: server.mean, gapMs, errorMs, ...(doubt === undefined ? {} : { doubt }) }
}

/** Requests that only one of them counted (warm-up, failures, edges of the window) may lie two standard deviations from the rest. */
function populationError(client: Distribution, server: Distribution): number {
  const strangers = Math.abs(client.n - server.n) + 1
  return (2 * (client.stddev ?? 0) * strangers) / Math.max(1, Math.min(client.n, server.n))
}

function doubtOf({ clientMs, gapMs, errorMs }: Pick<TtftGap, 'clientMs' | 'gapMs' | 'errorMs'>): string | undefined {
  if (gapMs < -(LIMITS.ttftNegative.value + errorMs)) return 'the client cannot have seen first tokens before the server sent them: their requests or clocks differ'
  const { ttftBeyondServer: most, ttftBeyondServerShare: share } = LIMITS
  if (gapMs - errorMs <= most.value || gapMs <= share.value * clientMs) return undefined
  return `above ${most.value} ms and ${percent(share.value)} of it: network, gateway or client make the latency`
}

export function gapText({ clientMs, serverMs, gapMs, errorMs, doubt }: TtftGap): string {
  const ms = (value: number) => `${Number(value.toPrecision(3))} ms`
  const both = `mean TTFT is ${ms(clientMs)} by the client and ${ms(serverMs)} by the server; ${ms(gapMs)} (± ${ms(errorMs)}) between them`
  return doubt === undefined ? `${both}: network, gateway and client` : `${both}: ${doubt}`
}
