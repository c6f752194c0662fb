// SPDX-License-Identifier: Apache-2.0
/** The form of `local-models.json` and of a line of `records.jsonl`, as the benchmark beside this file writes them. It reads no file. */
import { z } from 'zod'
import { maybeNumber } from '../reading/shape.ts'

/** Versions of the benchmark whose files are read without a word. */
export const KNOWN_VERSIONS: readonly string[] = ['0.1.0']

const Estimate = z.looseObject({ value: z.number(), n: maybeNumber, stderr: maybeNumber })
const Peaks = { peakRamBytes: maybeNumber, peakGpuAllocatedBytes: maybeNumber, peakGpuReservedBytes: maybeNumber }
/** Absent where what is described did not come to its end. */
const Span = { startMs: maybeNumber, endMs: maybeNumber }

export const ModelFile = z.looseObject({
  tool: z.string(),
  version: z.string().nullish(),
  complete: z.boolean().nullish(),
  clock: z.looseObject({ epochMs: z.number(), monotonicMs: z.number() }).nullish(),
  model: z.looseObject({ name: z.string(), device: z.string().nullish() }).nullish(),
  load: z.looseObject({ ...Span, ...Peaks, peaksPerStage: z.boolean().nullish() }).nullish(),
  stages: z.array(z.looseObject({ name: z.string(), batchSize: maybeNumber, batchLatenciesMs: z.array(z.number()).nullish(), ...Span, ...Peaks })).nullish(),
  failures: z.array(z.looseObject({ stage: z.string(), message: z.string(), traceback: z.string().nullish() })).nullish(),
  perplexity: z.looseObject({ of: z.string(), perplexity: Estimate.nullish(), bitsPerByte: Estimate.nullish() }).nullish(),
  quality: z.looseObject({ distinct1: Estimate.nullish(), distinct2: Estimate.nullish(), repetition4: Estimate.nullish() }).nullish(),
})
export type ModelFile = z.output<typeof ModelFile>
export type ModelStage = NonNullable<ModelFile['stages']>[number]
export type Failure = NonNullable<ModelFile['failures']>[number]
export type Estimate = z.output<typeof Estimate>

/** Times in milliseconds since the file's clock. */
export const PromptRecord = z.looseObject({
  id: z.string(), stage: z.string(), phase: z.enum(['warmup', 'measure']), sentMs: z.number(), firstTokenMs: z.number(), endMs: z.number(), eventsMs: z.array(z.number()),
  inputTokens: z.number(), outputTokens: z.number(), wantedOutputTokens: maybeNumber,
})
export type PromptRecord = z.output<typeof PromptRecord>
