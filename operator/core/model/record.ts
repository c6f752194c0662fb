// SPDX-License-Identifier: Apache-2.0
/** One request as it was measured: the record that every harness's native files become. It computes no metric. */
import { z } from 'zod'

/** What went wrong with a request, by where it went wrong. */
export const ERROR_CLASSES = ['connect', 'timeout', 'http4xx', 'http429', 'http5xx', 'stream', 'protocol', 'cancelled', 'client', 'unknown'] as const
export type ErrorClass = (typeof ERROR_CLASSES)[number]

/** Characters of an answer that are kept to be checked. */
export const KEPT_ANSWER = 4096

const ms = (description: string) => z.number().meta({ description: `${description}, in milliseconds on the trial's monotonic clock (0 = start of the trial).` })
const tokens = (description: string) => z.int().min(0).meta({ description })

export const RequestRecord = z.object({
  id: z.string().meta({ description: 'Identifier, unique within the trial; sent as x-request-id.' }),
  stage: z.string().meta({ description: 'Name of the stage.' }),
  phase: z.enum(['warmup', 'measure', 'drain']).default('measure').meta({ description: 'warmup is never counted; drain are requests sent after the stage\'s window.' }),
  clockless: z.literal(true).optional().meta({ description: 'Times count from the request\'s own send, because the tool gives durations and no clock: they make latencies, and no window, rate or order.' }),
  session: z.string().optional().meta({ description: 'Session that the request belongs to.' }),
  turn: z.int().min(0).optional().meta({ description: 'Turn within the session, from 0.' }),
  scheduledMs: ms('When the schedule wanted it sent').nullable(),
  sentMs: ms('When its first byte was handed to the socket').nullable(),
  firstTokenMs: ms('First event that carried content, reasoning or a tool call').nullable(),
  endMs: ms('Last such event; for an answer that is not streamed, the end of the body').nullable(),
  eventsMs: z.array(z.number()).optional().meta({ description: 'Times of all events that carried content, the first included, in milliseconds on the same clock.' }),
  eventTokens: z.array(z.int().min(0)).optional().meta({ description: 'Tokens of each event, where they are known.' }),
  silentEvents: z.int().min(0).optional().meta({ description: 'Events that carried no content (a role, a finish reason), where there were any; not those of usage alone, nor [DONE].' }),
  gapsMs: z.array(z.number()).optional().meta({ description: 'Gaps between events in milliseconds, where a tool gives gaps and no times.' }),
  inputTokens: tokens('Prompt tokens by the server\'s usage.').nullable(),
  outputTokens: tokens('Answer tokens by the server\'s usage.').nullable(),
  cachedTokens: tokens('Prompt tokens that the server took from its cache, where usage says so.').nullable().optional(),
  clientInputTokens: tokens('Prompt tokens by the tokenizer of the profile.').nullable().optional(),
  clientOutputTokens: tokens('Answer tokens by the tokenizer of the profile.').nullable().optional(),
  wantedOutputTokens: tokens('Answer length that was asked for.').nullable().optional(),
  status: z.enum(['ok', 'error', 'cancelled']).meta({ description: 'cancelled: ended by us (end of run), neither success nor error of the server.' }),
  httpStatus: z.int().optional().meta({ description: 'HTTP status, when there was an answer.' }),
  error: z.object({
    class: z.enum(ERROR_CLASSES).meta({ description: 'Where it went wrong.' }),
    message: z.string().meta({ description: 'First 512 characters of what was said.' }),
  }).optional(),
  expected: z.string().optional().meta({ description: 'Number that the right answer holds, where answers are checked.' }),
  answer: z.string().max(KEPT_ANSWER).optional().meta({ description: `The first ${KEPT_ANSWER} characters of the answer, where it is checked.` }),
  responseIds: z.array(z.string()).optional().meta({ description: 'Identifiers that the server gave the answer: one, or, where they change within a stream, the first four.' }),
  retryAfterMs: z.number().min(0).optional().meta({ description: 'Retry-After of a 429 or 503, in milliseconds.' }),
  heldMs: z.number().min(0).optional().meta({ description: 'How long it was held back before it was sent, because the server had asked for a pause (Retry-After), in milliseconds; neither lag of the client nor time of the server.' }),
}).meta({ description: 'One request as it was measured.' })
export type RequestRecord = z.infer<typeof RequestRecord>

/** What the load generator says of itself; lets a reader tell a slow client from a slow server. */
export const ClientHealth = z.object({
  clock: z.object({
    epochMs: z.number().meta({ description: 'Wall-clock time of the origin of the monotonic clock, in milliseconds since 1970.' }),
    source: z.enum(['monotonic', 'epoch']).meta({ description: 'What the times were taken from.' }),
  }).meta({ description: 'The clock of all times.' }),
  cpuSeconds: z.number().min(0).optional().meta({ description: 'CPU time of the load generator, in seconds.' }),
  cpuUtilization: z.number().min(0).optional().meta({ description: 'Busiest thread: share of one core, 0 to 1.' }),
  loopLagP99Ms: z.number().min(0).optional().meta({ description: 'p99 of the event loop\'s lateness, in milliseconds.' }),
  eventsPerRead: z.number().min(0).optional().meta({ description: 'Mean number of events per socket read; above 1 gaps are merged.' }),
  throttledSeconds: z.number().min(0).optional().meta({ description: 'Time the cgroup was throttled, in seconds.' }),
  maxInFlight: z.int().min(0).optional().meta({ description: 'Most requests in flight at once.' }),
  capWaits: z.int().min(0).optional().meta({ description: 'Requests that waited for maxConcurrency.' }),
}).meta({ description: 'The load generator\'s own health.' })
export type ClientHealth = z.infer<typeof ClientHealth>

/** The window of one stage as the load generator ran it. */
export const StageWindow = z.object({
  name: z.string(),
  kind: z.string().meta({ description: 'Load kind of the stage, such as poisson or concurrent.' }),
  startMs: ms('Start of the measured window (first send after warm-up)'),
  sendEndMs: ms('End of sending'),
  endMs: ms('Last end of a measured request'),
  rate: z.number().optional().meta({ description: 'Offered requests per second, for an open loop.' }),
  concurrency: z.number().optional().meta({ description: 'Offered concurrency, for a closed loop.' }),
  counted: z.object({
    total: z.int().min(0), ok: z.int().min(0), failed: z.int().min(0), cancelled: z.int().min(0),
  }).optional().meta({ description: 'Measured requests by the tool\'s own count. Where there are fewer records, they are a sample: they make latencies, and no rate.' }),
  stopped: z.string().optional().meta({ description: 'Why the stage ended early, if it did.' }),
})
export type StageWindow = z.infer<typeof StageWindow>

/** One value that a tool says of itself; kept beside ours, never in its place. */
export const Claim = z.object({
  stage: z.string().meta({ description: 'Name of the stage.' }),
  metric: z.string().meta({ description: 'Our metric of the same meaning, or the tool\'s name where there is none.' }),
  statistic: z.string().meta({ description: 'mean, p50, p99, value, …' }),
  value: z.number().meta({ description: 'The value, as the tool gives it.' }),
  unit: z.string().meta({ description: 'Its unit.' }),
  nativeName: z.string().meta({ description: 'Where the tool writes it.' }),
})
export type Claim = z.infer<typeof Claim>

/** How well the served model answers, by one metric of one task. */
export const Score = z.object({
  task: z.string().meta({ description: 'Task, as the tool names it.' }),
  metric: z.string().meta({ description: 'Metric of the task, with the filter of answers where there are several.' }),
  value: z.number().meta({ description: 'The value, as the tool gives it.' }),
  stderr: z.number().min(0).optional().meta({ description: 'Its standard error.' }),
  n: z.int().min(0).optional().meta({ description: 'Samples behind it.' }),
  better: z.enum(['lower', 'higher', 'none']).meta({ description: 'Which way is better, where the task says so.' }),
}).meta({ description: 'One score of quality.' })
export type Score = z.infer<typeof Score>

export type Records = Iterable<RequestRecord> | AsyncIterable<RequestRecord>

/** What a tool's native files say beside single requests. */
export interface AdapterSummary {
  readonly stages: readonly StageWindow[]
  readonly client?: ClientHealth | undefined
  readonly claims: readonly Claim[]
  readonly scores?: readonly Score[]
  readonly tool: { readonly name: string; readonly version: string }
  /** What the files say was served; for results of which nobody else knows it, and for engines that the tool itself sets up. */
  readonly served?: {
    readonly model?: string | undefined; readonly gpus?: number | undefined; readonly engine?: string | undefined
    readonly dtype?: string | undefined; readonly quantization?: string | undefined; readonly parameters?: number | undefined
  } | undefined
  /** Things the reader should know: truncated files, unknown versions. */
  readonly notes: readonly string[]
}

/** What an adapter makes of a tool's native files. Records may be more than memory holds: they are read to their end once, in order. */
export interface AdapterResult extends AdapterSummary {
  readonly records: Records
  /** What only reading the records shows. Asked for once they were read to their end; it replaces the members of the same names. */
  readonly afterRecords?: () => Partial<AdapterSummary>
}

/** What an adapter is told beside the files and the trial. */
export interface AdapterSetting {
  /** Stages that the workload asks for, in order; none where nobody knows the workload. */
  readonly stages: readonly PlannedOffer[]
  /** Wall-clock time of zero of the machine's monotonic clock, where the files were written on this machine, in milliseconds since 1970. */
  readonly monotonicEpochMs?: number | undefined
}

/** A stage by its name and by what it offers. */
export interface PlannedOffer {
  readonly name: string
  readonly kind?: string | undefined
  readonly rate?: number | undefined
  readonly concurrency?: number | undefined
}
