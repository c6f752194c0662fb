// SPDX-License-Identifier: Apache-2.0
/** The declared model of the simulated server: every setting with its unit and default. It reads no file and no environment. */
import { z } from 'zod'
import { FailureModel } from './config-failures.ts'

const ms = (text: string) => z.number().min(0).max(3_600_000).describe(`${text} (ms)`)
const tokens = (text: string) => z.int().min(1).max(100_000_000).describe(`${text} (tokens)`)
const sigma = (what: string) => z.number().min(0).max(2).describe(`Log-normal spread of ${what}: standard deviation of its logarithm; the mean stays as declared. 0 = none`)

const ServerModel = z.strictObject({
  host: z.string().default('0.0.0.0').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(8000).describe('Port to listen on; 0 takes a free one'),
  apiKeys: z.array(z.string().min(1)).default([]).describe('Keys accepted as Authorization: Bearer; none = open. Better given by VLLM_API_KEY from a Secret'),
  keepAliveSeconds: z.number().min(1).max(3600).default(60).describe('How long an idle connection stays open (s); real vLLM closes after 5'),
  drainSeconds: z.number().min(0).max(600).default(5).describe('How long running answers may go on after SIGTERM (s)'),
  maxBodyBytes: z.int().min(1024).default(67_108_864).describe('Largest request body that is read (bytes)'),
  accessLog: z.boolean().default(false).describe('Whether every request is logged'),
  promptTokensDetails: z.boolean().default(false).describe('Whether usage carries prompt_tokens_details.cached_tokens, as with --enable-prompt-tokens-details'),
  version: z.string().default('0.32.0').describe('Version that /version and the fingerprint claim'),
}).describe('The HTTP server')

const ServedModel = z.strictObject({
  name: z.string().min(1).default('assay/simulated-llm').describe('Model name; listed by /v1/models'),
  aliases: z.array(z.string().min(1)).default([]).describe('Names that requests use instead of model.name, as --served-model-name; the first is echoed'),
  maxLength: tokens('Context length: prompt and answer together').default(16_384),
  gpus: z.int().min(0).max(100_000).default(1).describe('Nominal number of GPUs, for cost and per-GPU figures; the simulator takes none'),
  tokenizer: z.string().optional().describe('Path of a tokenizer.json for exact token counts; without it counts are approximate (about GPT-like word pieces)'),
  chatMessage: z.string().default('<|im_start|>{role}\n{content}<|im_end|>\n').describe('How a chat message becomes prompt text; {role} and {content} are filled in'),
  chatGeneration: z.string().default('<|im_start|>assistant\n').describe('What is added to the prompt text after the last chat message'),
}).describe('What is served')

const PrefillModel = z.strictObject({
  baseMs: ms('Time to first token of an empty prompt on an idle server').default(20),
  perTokenMs: ms('Added for each prompt token that is not in the prefix cache').default(0.03),
  lanes: z.int().min(1).max(10_000).default(1).describe('Prompts computed at the same time; the others wait, so that prompt throughput has a limit'),
  jitter: sigma('the time to first token').default(0),
}).describe('From arrival to the first token: queue + baseMs + perTokenMs × uncached prompt tokens')

const DecodeModel = z.strictObject({
  baseMs: ms('Gap between two steps of a lone sequence').default(8),
  perSequenceMs: ms('Added to the gap for each sequence that runs, itself included').default(0.05),
  perPrefillMs: ms('Added to the gap for each prompt that is being computed meanwhile').default(0),
  jitter: sigma('each gap').default(0),
  speculation: z.strictObject({
    draftTokens: z.int().min(0).max(64).default(0).describe('Draft tokens per step; a step yields 1 + accepted tokens in one event. 0 = one token per event'),
    acceptance: z.number().min(0).max(1).default(0.7).describe('Probability that a draft token is accepted, given that those before it were'),
  }).prefault({}).describe('Several tokens per event, as with speculative decoding'),
}).describe('Between events: baseMs + perSequenceMs × running + perPrefillMs × prompts being computed')

const BatchModel = z.strictObject({
  maxSequences: z.int().min(1).max(1_000_000).default(256).describe('Sequences that run at the same time; the others wait (--max-num-seqs)'),
  maxWaiting: z.int().min(0).default(0).describe('Requests that may wait before further ones are refused with 429; 0 = no limit'),
}).describe('The batch limit')

const CacheModel = z.strictObject({
  blockTokens: z.int().min(1).max(4096).default(16).describe('Tokens per KV-cache block (--block-size)'),
  blocks: z.int().min(1).max(16_000_000).default(32_768).describe('KV-cache blocks; a full cache queues prompts and preempts the youngest sequence, which is computed again'),
  prefixCaching: z.boolean().default(true).describe('Whether full blocks are kept and reused by prompts that begin alike'),
}).describe('The KV cache')

const AnswerModel = z.strictObject({
  meanTokens: z.number().min(1).max(1_000_000).default(128).describe('Mean natural length of an answer, used unless the request says ignore_eos (tokens)'),
  sigma: sigma('the natural length').default(0.6),
  script: z.enum(['ascii', 'mixed']).default('ascii').describe('Whether words are plain ASCII or also of several bytes per character, to try clients'),
}).describe('What is answered')

const target = z.enum(['prefill.baseMs', 'prefill.perTokenMs', 'decode.baseMs', 'decode.perSequenceMs', 'cache.blocks'])

const Effect = z.strictObject({
  parameter: z.string().describe('Name in parameters'),
  on: z.array(target).min(1).describe('Which declared quantities it multiplies'),
  power: z.number().min(-10).max(10).optional().describe('Factor (value / reference) ^ power'),
  slope: z.number().min(-1e6).max(1e6).optional().describe('Factor 1 + slope × (value − reference)'),
  reference: z.number().default(1).describe('Value at which the factor is 1, for power and slope'),
  factors: z.record(z.string(), z.number().positive()).optional().describe('Factor by value, for settings that are words, such as {fp8: 0.6}; other values count as 1'),
  where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}).describe('Other parameters that must have these values: an interaction'),
}).describe('A law by which a parameter scales a declared quantity')
  .refine((e) => [e.power, e.slope, e.factors].filter((law) => law !== undefined).length === 1, { error: 'an effect needs exactly one of power, slope, factors' })

const tensorParallel = { parameter: 'tensorParallel', reference: 1, where: {} }
const DEFAULT_EFFECTS: z.infer<typeof Effect>[] = [
  { ...tensorParallel, on: ['prefill.perTokenMs'], power: -0.85 },
  { ...tensorParallel, on: ['decode.baseMs', 'decode.perSequenceMs'], power: -0.6 },
  { ...tensorParallel, on: ['cache.blocks'], power: 1 },
]

const StartupPhase = z.strictObject({
  name: z.enum(['init', 'weights', 'profile', 'compile', 'graphs', 'warmup']).describe('Phase; each is logged in the words of vLLM'),
  seconds: z.number().min(0).max(36_000).describe('How long it takes (s)'),
})

const TruthModel = z.strictObject({
  requests: z.int().min(0).max(10_000_000).default(20_000).describe('Finished requests that /truth remembers; the oldest go first'),
  events: z.int().min(0).max(1_000_000_000).default(4_000_000).describe('Token stamps that /truth remembers over all requests'),
}).describe('The record of true times')

const RandomModel = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295).default(1).describe('Seed of all draws'),
  key: z.enum(['ordinal', 'requestId', 'prompt']).default('ordinal')
    .describe('What else a draw depends on: the number of the request since start or POST /truth/reset, its x-request-id, or its prompt. Never on time'),
}).describe('Reproducibility')

const InstanceModel = z.strictObject({
  sigma: sigma('one factor on all latencies that is drawn once per instance: stand-ups that differ').default(0),
  key: z.string().default('').describe('Which instance this is; empty takes the host name'),
}).describe('Variation between stand-ups')

export const SimulatorConfig = z.strictObject({
  server: ServerModel.prefault({}),
  model: ServedModel.prefault({}),
  prefill: PrefillModel.prefault({}),
  decode: DecodeModel.prefault({}),
  batch: BatchModel.prefault({}),
  cache: CacheModel.prefault({}),
  answer: AnswerModel.prefault({}),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({ tensorParallel: 1 })
    .describe('Settings of the pretended engine that effects refer to; any name'),
  effects: z.array(Effect).max(64).default(DEFAULT_EFFECTS).describe('Laws by which parameters scale the model; several multiply'),
  drift: z.strictObject({
    percentPerHour: z.number().min(-100).max(10_000).default(0).describe('By how much all latencies grow per hour since readiness (%)'),
  }).prefault({}).describe('Slow change, planted'),
  instance: InstanceModel.prefault({}),
  startup: z.array(StartupPhase).max(16).default([]).describe('Phases before the server is ready; /health answers 503 meanwhile'),
  failures: FailureModel.prefault({}),
  random: RandomModel.prefault({}),
  truth: TruthModel.prefault({}),
}).describe('A serving stack without a GPU, whose latencies follow a declared law')
  .refine((c) => c.cache.blocks * c.cache.blockTokens >= c.model.maxLength, {
    path: ['cache', 'blocks'],
    error: 'the KV cache (blocks × blockTokens) must hold at least one sequence of model.maxLength tokens',
  })

export type Effect = z.infer<typeof Effect>
export type StartupPhase = z.infer<typeof StartupPhase>
export type SimulatorConfig = z.infer<typeof SimulatorConfig>
