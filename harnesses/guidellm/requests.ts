// SPDX-License-Identifier: Apache-2.0
/** Requests of guidellm's report → records. It keeps the first and the last token's time, and none between. */
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { failureOf } from '../reading/failure.ts'
import type { NamedStage } from '../reading/stage-names.ts'
import { benchmarkStart, type GuidellmBenchmark, type GuidellmRequest } from './report-file.ts'

/** Strategies that want a request at a time; the others want it as soon as possible. */
const SCHEDULED = /^(constant|poisson|async|trace|replay)/

export interface RequestPlace {
  readonly stage: NamedStage
  readonly benchmark: GuidellmBenchmark
  /** Start of the benchmark on the trial's clock. */
  readonly offsetMs: number
  readonly multiTurn: boolean
}

export const LISTS = ['successful', 'errored', 'incomplete'] as const
type List = (typeof LISTS)[number]
const STATUS: Readonly<Record<List, RequestRecord['status']>> = { successful: 'ok', errored: 'error', incomplete: 'cancelled' }

export function guidellmRecord(request: GuidellmRequest, list: List, place: RequestPlace): RequestRecord {
  const { stage, benchmark, offsetMs } = place
  const { timings, error } = request.info
  const status = STATUS[list]
  const at = (seconds: number | null | undefined) => (typeof seconds === 'number' ? offsetMs + 1000 * (seconds - (benchmarkStart(benchmark) ?? seconds)) : null)
  const sentMs = at(timings.request_start ?? timings.resolve_start)
  const ended = status === 'ok' ? (timings.last_token_iteration ?? timings.request_end) : (timings.request_end ?? timings.resolve_end)
  return {
    id: request.request_id, stage: stage.name, phase: stage.phase === 'warmup' ? 'warmup' : phaseOf(benchmark, timings.request_start), ...sessionOf(request, place),
    scheduledMs: SCHEDULED.test(benchmark.config.strategy.type_) ? at(timings.targeted_start) : null,
    sentMs, firstTokenMs: at(timings.first_token_iteration), endMs: at(ended),
    ...tokensOf(request, benchmark), status,
    ...(status === 'ok' ? {} : failureOf(error ?? (status === 'cancelled' ? 'Request was cancelled' : 'guidellm gives no reason'))),
  }
}

function sessionOf({ info }: GuidellmRequest, { multiTurn }: RequestPlace): Pick<RequestRecord, 'session' | 'turn'> {
  return multiTurn && typeof info.conversation_id === 'string' ? { session: info.conversation_id, turn: info.turn_index ?? 0 } : {}
}

/** Metrics of guidellm leave out what lies outside of its measured window. */
function phaseOf({ warmup_duration: warmup, cooldown_duration: cooldown, scheduler_metrics: m }: GuidellmBenchmark, sent: number | null | undefined): RequestRecord['phase'] {
  if (typeof sent !== 'number') return 'measure'
  if ((warmup ?? 0) > 0 && sent < (m?.measure_start_time ?? Number.NEGATIVE_INFINITY)) return 'warmup'
  return (cooldown ?? 0) > 0 && sent > (m?.measure_end_time ?? Number.POSITIVE_INFINITY) ? 'drain' : 'measure'
}

/** The server's usage, unless guidellm was told to count by itself. Without any count it takes a token for each event. */
function tokensOf({ input_metrics: input, output_metrics: output }: GuidellmRequest, { config }: GuidellmBenchmark): Pick<RequestRecord, 'inputTokens' | 'outputTokens' | 'cachedTokens' | 'clientInputTokens' | 'clientOutputTokens'> {
  const [inputTokens, outputTokens] = [input?.total_tokens ?? null, output?.total_tokens ?? null]
  if (config.prefer_response_metrics === false) return { inputTokens: null, outputTokens: null, clientInputTokens: inputTokens, clientOutputTokens: outputTokens }
  return { inputTokens, outputTokens, ...(typeof input?.cached_tokens === 'number' ? { cachedTokens: input.cached_tokens } : {}) }
}
