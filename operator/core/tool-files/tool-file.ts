// SPDX-License-Identifier: Apache-2.0
/** Files in another tool's own form, made of our records: what they are made from, and what comes out. It knows no tool. */
import type { RequestRecord, StageWindow } from '../model/record.ts'
import type { TrialJob } from '../model/trial-job.ts'

export interface ToolFile {
  /** Path with forward slashes, below the folder of the trial. */
  readonly name: string
  /** The content in pieces. */
  readonly text: () => Iterable<string>
}

export interface ToolFilesInput {
  readonly job: Pick<TrialJob, 'spec' | 'endpoint'>
  readonly stages: readonly StageWindow[]
  readonly endEpochMs: number
}

/** Takes every record once, in order, and then makes the files. */
export interface ToolFileWriter {
  readonly add: (record: RequestRecord) => void
  readonly files: () => ToolFile[]
}

/** Requests that count: those of the warm-up do not, nor those that we ended ourselves. */
export function isCounted({ phase, status }: RequestRecord): boolean {
  return phase === 'measure' && status !== 'cancelled'
}

/** Length of a stage in seconds: first send to last end by the records, else by the tool; NaN where nobody says. */
export function windowSeconds(records: Pick<RequestSpan, 'firstMs' | 'lastMs'>, window: StageWindow | undefined): number {
  if (records.lastMs > records.firstMs) return (records.lastMs - records.firstMs) / 1000
  const seconds = window === undefined ? 0 : (window.endMs - window.startMs) / 1000
  return seconds > 0 ? seconds : Number.NaN
}

export interface RequestSpan { firstMs: number; lastMs: number }

export const emptySpan = (): RequestSpan => ({ firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY })

/** Times of records without a clock make no span. */
export function widen(span: RequestSpan, { clockless, sentMs, endMs }: RequestRecord): void {
  if (clockless === true || sentMs === null) return
  span.firstMs = Math.min(span.firstMs, sentMs)
  span.lastMs = Math.max(span.lastMs, endMs ?? sentMs)
}

/** The count of the client's tokenizer, which these tools use, else the server's. */
export const clientTokens = {
  input: ({ clientInputTokens, inputTokens }: RequestRecord) => clientInputTokens ?? inputTokens ?? 0,
  output: ({ clientOutputTokens, outputTokens }: RequestRecord) => clientOutputTokens ?? outputTokens ?? 0,
} as const
