// SPDX-License-Identifier: Apache-2.0
/** The JSON that `vllm bench serve` writes: one run, its requests in columns. Seconds within arrays, milliseconds in the summary. */
import { z } from 'zod'
import type { Claim, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import { distributionClaims, scalarClaim, type Meaning } from '../reading/claim-table.ts'
import { failureOf } from '../reading/failure.ts'
import { readItems } from '../reading/json-file.ts'
import { maybeNumber } from '../reading/shape.ts'
import type { NamedStage, Offer } from '../reading/stage-names.ts'

const column = z.array(z.number()).nullish()

/** Without --save-detailed most columns are missing; metadata of the user may be beside them. */
export const ServeRun = z.looseObject({
  date: z.string().nullish(), backend: z.string().nullish(), model_id: z.string().nullish(),
  request_rate: z.union([z.number(), z.string()]).nullish(), burstiness: maybeNumber, max_concurrency: maybeNumber,
  duration: maybeNumber, completed: maybeNumber, failed: maybeNumber,
  input_lens: column, output_lens: column, ttfts: column, latencies: column, start_times: column, queue_times: column,
})
export type ServeRun = z.output<typeof ServeRun>

/** Columns that may be larger than everything else; they are read row by row. */
export const LONG_COLUMNS = ['itls[]', 'generated_texts[]', 'errors[]'] as const

/** Waiting for --max-concurrency below this is the event loop's own time. */
const WAITED_S = 0.001

export function serveOffer({ request_rate: rate, burstiness, max_concurrency: concurrency }: ServeRun): Offer {
  if (typeof rate === 'number') return { kind: burstiness === 1 || typeof burstiness !== 'number' ? 'poisson' : 'gamma', rate }
  return typeof concurrency === 'number' ? { kind: 'concurrent', concurrency } : { kind: 'throughput' }
}

export interface PlacedRun {
  readonly name: string
  readonly truncated: boolean
  readonly run: ServeRun
  readonly stage: NamedStage
  readonly offer: Offer
  readonly offsetMs: number
}

export function serveWindow({ run, stage, offer, offsetMs }: PlacedRun): StageWindow {
  const { completed, failed } = run
  const starts = run.start_times ?? []
  const lastStart = starts.reduce((most, t) => Math.max(most, t), 0)
  const counted = typeof completed === 'number' && typeof failed === 'number' ? { total: completed + failed, ok: completed, failed, cancelled: 0 } : undefined
  return {
    name: stage.name, kind: stage.kind, startMs: offsetMs, endMs: offsetMs + 1000 * (run.duration ?? 0),
    sendEndMs: starts.length === 0 ? offsetMs : offsetMs + 1000 * (lastStart - firstStart(run)),
    rate: offer.rate, concurrency: offer.concurrency, ...(counted === undefined ? {} : { counted }),
  }
}

/** By the monotonic clock, in seconds; NaN without --save-detailed. */
export function firstStart({ start_times: starts }: ServeRun): number {
  return (starts ?? []).reduce((least, t) => (t > 0 ? Math.min(least, t) : least), Number.POSITIVE_INFINITY)
}

/** Requests that waited for --max-concurrency although their time had come. */
export function capWaits({ queue_times: waits, request_rate: rate, max_concurrency: cap }: ServeRun): number {
  return typeof rate === 'number' && typeof cap === 'number' ? (waits ?? []).filter((s) => s > WAITED_S).length : 0
}

export async function* serveRecords(files: ResultFiles, placed: PlacedRun): AsyncGenerator<RequestRecord> {
  const { run, name } = placed
  const rows = Math.max(run.ttfts?.length ?? 0, run.latencies?.length ?? 0)
  const said = (run.failed ?? 1) > 0 ? await failuresIn(files, name) : []
  let row = 0
  for await (const { value } of readItems(files, name, ['itls[]'])) {
    if (row >= rows) break
    yield* rowRecord(placed, row, { gaps: z.array(z.number()).catch([]).parse(value), said: said[row] })
    row++
  }
  for (; row < rows; row++) yield* rowRecord(placed, row, { gaps: undefined, said: said[row] })
}

/** Messages by row; the same text is held once. */
async function failuresIn(files: ResultFiles, name: string): Promise<string[]> {
  const texts = new Map<string, string>()
  const rows: string[] = []
  for await (const { value } of readItems(files, name, ['errors[]'])) {
    const text = typeof value === 'string' ? value : ''
    rows.push(texts.get(text) ?? text)
    texts.set(text, text)
  }
  return rows
}

interface Row { readonly gaps: readonly number[] | undefined; readonly said: string | undefined }

/** Nothing for a row of a cut-off file whose end, or whether it succeeded, is not known. */
function* rowRecord({ run, stage, offsetMs, truncated }: PlacedRun, row: number, { gaps, said }: Row): Generator<RequestRecord> {
  const ttft = run.ttfts?.[row]
  const latency = run.latencies?.[row] ?? sumOf(ttft, gaps)
  if (latency === undefined || (truncated && said === undefined && mayHaveFailed(run, row))) return
  const base = { id: `${stage.prefix}-${row}`, stage: stage.name, phase: stage.phase, inputTokens: entry(run.input_lens, row), ...sendOf(run, row, offsetMs) }
  const first = { firstTokenMs: ttft === undefined || ttft <= 0 ? null : base.sentMs + 1000 * ttft }
  const answered = latency > 0 && ttft !== 0
  if (answered && !said) yield { ...base, ...first, endMs: base.sentMs + 1000 * latency, ...gapsOf(ttft, gaps), outputTokens: entry(run.output_lens, row), status: 'ok' }
  else yield { ...base, ...first, endMs: null, outputTokens: null, status: 'error', ...failureOf(said || 'vllm bench gives no reason') }
}

function entry(column: readonly number[] | null | undefined, row: number): number | null {
  return column?.[row] ?? null
}

/** Errors are written last. Without them, a failed request is one of 0 tokens. */
function mayHaveFailed({ failed, output_lens: tokens }: ServeRun, row: number): boolean {
  return failed !== 0 && !((tokens?.[row] ?? 0) > 0)
}

/** Gaps after a first token that nobody saw lead nowhere. */
function gapsOf(ttft: number | undefined, gaps: readonly number[] | undefined): Pick<RequestRecord, 'gapsMs'> {
  return gaps === undefined || ttft === undefined ? {} : { gapsMs: gaps.map((gap) => 1000 * gap) }
}

function sumOf(ttft: number | undefined, gaps: readonly number[] | undefined): number | undefined {
  return ttft === undefined || gaps === undefined ? undefined : gaps.reduce((sum, gap) => sum + gap, ttft)
}

/** Without start times all requests begin at 0, by clocks of their own. */
function sendOf(run: ServeRun, row: number, offsetMs: number): { readonly sentMs: number; readonly scheduledMs: number | null; readonly clockless?: true } {
  const start = run.start_times?.[row]
  if (start === undefined) return { sentMs: 0, scheduledMs: null, clockless: true }
  const sentMs = offsetMs + 1000 * (start - firstStart(run))
  return { sentMs, scheduledMs: scheduled(run, row, sentMs) }
}

/** The queue is the client's own: it begins when the arrival process wanted the request. A closed loop has no schedule. */
function scheduled({ request_rate: rate, queue_times: waits }: ServeRun, row: number, sentMs: number): number | null {
  const wait = waits?.[row]
  return typeof rate !== 'number' || wait === undefined ? null : sentMs - 1000 * wait
}

const LATENCIES: readonly Meaning[] = [
  { native: 'ttft', metric: 'ttft', unit: 'ms' }, { native: 'tpot', metric: 'tpot', unit: 'ms/token' }, { native: 'itl', metric: 'itl', unit: 'ms' },
  { native: 'e2el', metric: 'e2e', unit: 'ms' }, { native: 'client_queue_time', metric: 'client_queue_time', unit: 'ms' },
]
const SCALARS: readonly Meaning[] = [
  { native: 'request_throughput', metric: 'request_throughput', unit: 'req/s' }, { native: 'request_goodput', metric: 'goodput', unit: 'req/s' },
  { native: 'output_throughput', metric: 'output_throughput', unit: 'tokens/s' }, { native: 'total_token_throughput', metric: 'total_throughput', unit: 'tokens/s' },
  { native: 'spec_decode_acceptance_rate', metric: 'spec_acceptance_rate', unit: '%' }, { native: 'spec_decode_acceptance_length', metric: 'spec_acceptance_length', unit: 'tokens' },
]

/** Keys are like mean_ttft_ms and p99.9_tpot_ms. Where nothing succeeded all of them are 0 and mean nothing. */
export function serveClaims(run: ServeRun, stage: string): Claim[] {
  if ((run.completed ?? 0) === 0) return []
  const statistics = (native: string) => Object.fromEntries(Object.entries(run).flatMap(([key, value]) => {
    const name = key.endsWith(`_${native}_ms`) ? key.slice(0, -`_${native}_ms`.length) : undefined
    return name === undefined || name === 'std' ? [] : [[name, value]]
  }))
  const named = (claims: Claim[], native: string) => claims.map((claim) => ({ ...claim, nativeName: `${claim.nativeName.slice(native.length + 1)}_${native}_ms` }))
  return [
    ...LATENCIES.flatMap((meaning) => named(distributionClaims(stage, meaning, statistics(meaning.native)), meaning.native)),
    ...SCALARS.flatMap((meaning) => scalarClaim(stage, meaning, run[meaning.native])),
  ]
}
