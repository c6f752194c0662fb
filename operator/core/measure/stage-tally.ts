// SPDX-License-Identifier: Apache-2.0
/** What one stage's records add up to, record by record, so that records need not be held. It divides by nothing yet. */
import type { MetricName } from '../model/metric.ts'
import type { RequestRecord } from '../model/record.ts'
import type { Match } from './answer-check.ts'
import { createAnswerTally, type AnswerTally } from './answer-tally.ts'
import { createColumn, type Column } from './column.ts'
import { createLatencyTrack, type LatencyTrack } from './latency-track.ts'
import { createPooledValues, type PooledValues } from './pooled-values.ts'
import { forEachTokenGap, requestMetrics, type CountBy, type RequestMetrics } from './request-metrics.ts'
import { createResponseIdTally, type ResponseIdTally } from './response-id-tally.ts'
import { createSessionTally, type SessionTally } from './session-tally.ts'
import { sloOutcome, type SloBounds } from './slo.ts'
import { OVERLOAD } from './overload.ts'

export interface TallyOptions {
  /** When an answer is right, where answers are checked. */
  readonly match?: Match | undefined
  /** A first token that comes later than this is counted, in milliseconds. */
  readonly ttftOverMs?: number | undefined
  readonly countBy: CountBy
  readonly slo?: SloBounds | undefined
}

/** Distributions that come from records; those of the server come from its metrics. */
export const RECORD_DISTRIBUTIONS = [
  'ttft', 'ttft_response', 'itl', 'itl_per_token', 'tpot', 'ntpot', 'e2e', 'schedule_lag', 'rate_limit_wait', 'input_length', 'output_length',
  'tokens_per_second_per_user',
] as const satisfies readonly MetricName[]
type RecordDistribution = (typeof RECORD_DISTRIBUTIONS)[number]

export function isRecordDistribution(metric: string): metric is RecordDistribution {
  return (RECORD_DISTRIBUTIONS as readonly string[]).includes(metric)
}

export interface StageTally {
  readonly requests: { total: number; ok: number; failed: number; cancelled: number; warmup: number; drain: number }
  readonly errors: Map<string, number>
  readonly firstErrors: Set<string>
  readonly values: Readonly<Record<RecordDistribution, PooledValues>>
  readonly scheduledMs: Column
  readonly sentMs: Column
  readonly tokens: { input: number; output: number }
  /** First send, last end and time spent in requests, in milliseconds. */
  readonly span: { firstSentMs: number; lastEndMs: number; busyMs: number }
  readonly slo: { met: number; unknown: number }
  /** Answers whose wanted length is known, and how many were off it. */
  readonly lengths: { compared: number; off: number }
  readonly sessions: SessionTally
  /** Requests whose first token came, and those whose waited too long for it. */
  readonly overload: { judged: number; over: number }
  readonly answers: AnswerTally
  readonly responseIds: ResponseIdTally
  /** For the eye: how latencies went over the stage. */
  readonly overTime: Readonly<Record<TrackedMetric, LatencyTrack>>
}

export const TRACKED = ['ttft', 'tpot'] as const
type TrackedMetric = (typeof TRACKED)[number]

const MAX_FIRST_ERRORS = 5
const MAX_ERROR_LENGTH = 300
/** Token counts of answers may differ by a closing token, or a little where they are counted again. */
const LENGTH_TOLERANCE = { tokens: 1, share: 0.02 }

export function createStageTally(): StageTally {
  const values = RECORD_DISTRIBUTIONS.map((name) => [name, createPooledValues()])
  return {
    requests: { total: 0, ok: 0, failed: 0, cancelled: 0, warmup: 0, drain: 0 },
    errors: new Map(),
    firstErrors: new Set(),
    values: Object.fromEntries(values) as Record<RecordDistribution, PooledValues>,
    scheduledMs: createColumn(),
    sentMs: createColumn(),
    tokens: { input: 0, output: 0 },
    span: { firstSentMs: Infinity, lastEndMs: -Infinity, busyMs: 0 },
    slo: { met: 0, unknown: 0 },
    lengths: { compared: 0, off: 0 },
    sessions: createSessionTally(),
    overload: { judged: 0, over: 0 },
    answers: createAnswerTally(),
    responseIds: createResponseIdTally(),
    overTime: { ttft: createLatencyTrack(), tpot: createLatencyTrack() },
  }
}

/** Adds one record. Warm-up and drain are counted and otherwise left out; failed and cancelled requests stay out of latencies. */
export function addRecord(tally: StageTally, record: RequestRecord, options: TallyOptions): void {
  if (record.phase !== 'measure') {
    tally.requests[record.phase] += 1
    return
  }
  tally.requests.total += 1
  addTimes(tally, record)
  tally.answers.add(record, options.match ?? 'any')
  tally.responseIds.add(record)
  addOverload(tally, record, options.ttftOverMs ?? OVERLOAD.ttftMs)
  if (record.status === 'ok') {
    const metrics = requestMetrics(record, options.countBy)
    tally.requests.ok += 1
    addLatencies(tally, metrics)
    addOverTime(tally, record, metrics)
    addLengths(tally, record, metrics)
    if (options.slo !== undefined) addOutcome(tally, metrics, options.slo)
    tally.sessions.add(record, metrics)
  } else {
    if (record.status === 'error') addError(tally, record)
    else tally.requests.cancelled += 1
    tally.sessions.add(record, null)
  }
}

/** One that waited longer for a first token than the limit, and never got one, is over it too; one that failed sooner tells nothing. */
function addOverload({ overload }: StageTally, { sentMs, firstTokenMs, endMs, status }: RequestRecord, limitMs: number): void {
  const waited = sentMs === null ? null : firstTokenMs !== null ? firstTokenMs - sentMs : status !== 'ok' && endMs !== null ? endMs - sentMs : null
  if (waited === null || (firstTokenMs === null && waited <= limitMs)) return
  overload.judged += 1
  if (waited > limitMs) overload.over += 1
}

function addTimes({ scheduledMs, sentMs, span, values }: StageTally, record: RequestRecord): void {
  if (record.clockless === true) {
    span.busyMs += record.sentMs === null || record.endMs === null ? 0 : record.endMs - record.sentMs
    return
  }
  scheduledMs.push(record.scheduledMs ?? Number.NaN)
  sentMs.push(record.sentMs ?? Number.NaN)
  if (record.sentMs === null) return
  span.firstSentMs = Math.min(span.firstSentMs, record.sentMs)
  if (record.heldMs !== undefined) values.rate_limit_wait.push(record.heldMs)
  if (record.scheduledMs !== null) values.schedule_lag.push(record.sentMs - record.scheduledMs - (record.heldMs ?? 0))
  if (record.endMs === null) return
  span.lastEndMs = Math.max(span.lastEndMs, record.endMs)
  span.busyMs += record.endMs - record.sentMs
}

function addOverTime({ overTime }: StageTally, { clockless, sentMs }: RequestRecord, { ttftMs, tpotMs }: RequestMetrics): void {
  if (clockless === true || sentMs === null) return
  if (ttftMs !== null) overTime.ttft.add(sentMs, ttftMs)
  if (tpotMs !== null) overTime.tpot.add(sentMs, tpotMs)
}

function addLatencies({ values }: StageTally, request: RequestMetrics): void {
  const add = (name: RecordDistribution, value: number | null) => { if (value !== null) values[name].push(value) }
  add('ttft', request.ttftMs)
  add('ttft_response', request.ttftResponseMs)
  add('e2e', request.e2eMs)
  add('tpot', request.tpotMs)
  add('ntpot', request.ntpotMs)
  add('tokens_per_second_per_user', request.tpotMs === null || request.tpotMs <= 0 ? null : 1000 / request.tpotMs)
  if (request.gapsMs === null) return
  for (const gap of request.gapsMs) values.itl.push(gap)
  if (request.gapTokens !== null) forEachTokenGap(request.gapsMs, request.gapTokens, (gap) => values.itl_per_token.push(gap))
}

function addLengths({ values, tokens, lengths }: StageTally, record: RequestRecord, { inputTokens, outputTokens }: RequestMetrics): void {
  if (inputTokens !== null) {
    tokens.input += inputTokens
    values.input_length.push(inputTokens)
  }
  if (outputTokens === null) return
  tokens.output += outputTokens
  values.output_length.push(outputTokens)
  const wanted = record.wantedOutputTokens ?? 0
  // 0 leaves the length to the server.
  if (wanted === 0) return
  lengths.compared += 1
  if (Math.abs(outputTokens - wanted) > Math.max(LENGTH_TOLERANCE.tokens, LENGTH_TOLERANCE.share * wanted)) lengths.off += 1
}

function addOutcome({ slo }: StageTally, request: RequestMetrics, bounds: SloBounds): void {
  const outcome = sloOutcome(request, bounds)
  if (outcome === 'met') slo.met += 1
  if (outcome === 'unknown') slo.unknown += 1
}

function addError({ requests, errors, firstErrors }: StageTally, { error }: RequestRecord): void {
  requests.failed += 1
  const kind = error?.class ?? 'unknown'
  errors.set(kind, (errors.get(kind) ?? 0) + 1)
  if (error !== undefined && firstErrors.size < MAX_FIRST_ERRORS) firstErrors.add(error.message.slice(0, MAX_ERROR_LENGTH))
}
