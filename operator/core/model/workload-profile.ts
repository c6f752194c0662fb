// SPDX-License-Identifier: Apache-2.0
/** The load, written once and independent of the harness: WorkloadProfile. It knows no tool and no server. */
import { z } from 'zod'
import { atLeastOne, count, dnsLabel, duration, exactlyOne, namedOnce, ObjectName, openMap, refined, refinedSome, text } from './common.ts'

export const API_KINDS = ['completions', 'chat', 'responses'] as const
export type ApiKind = (typeof API_KINDS)[number]
/** In which form a kind wants its text: one prompt, or messages of roles. */
export const textForm = (kind: ApiKind): 'completions' | 'chat' => (kind === 'completions' ? 'completions' : 'chat')
export const LOAD_KINDS = ['constant', 'poisson', 'gamma', 'burst', 'concurrent', 'synchronous', 'throughput', 'sessions', 'rounds', 'trace', 'sweep', 'toolProfile'] as const
export type LoadKind = (typeof LOAD_KINDS)[number]
export const DATA_KINDS = ['synthetic', 'lines', 'correctness', 'prompts', 'sharegpt', 'conversation', 'trace', 'toolProfile'] as const
export type DataKind = (typeof DATA_KINDS)[number]

export const Api = z.object({
  kind: z.enum(API_KINDS).default('completions').meta({ description: 'Which endpoint is loaded: completions (a prompt: /v1/completions), chat (messages: /v1/chat/completions) or responses (/v1/responses); other protocols have their own paths for these.' }),
  streaming: z.boolean().default(true).meta({ description: 'Whether answers are streamed; without it there is no TTFT and no ITL.' }),
  ignoreEos: z.boolean().default(true).meta({ description: 'Ask the server to go on to the wanted output length.' }),
  sampling: openMap('Sampling parameters sent with every request, such as temperature.').default({ temperature: 0 }),
  headers: openMap('Headers sent with every request; no secrets.').default({}),
  extraBody: openMap('Further members of the request body.').default({}),
  timeout: duration('Longest time for one request; then it is cancelled and counted as an error.').default('300s'),
}).meta({ description: 'How the server is spoken to.' })

/** Where a file comes from; read by the trial's pod, never by the operator. */
export const DataSource = z.object({
  inline: text('The content itself.', 65_536).optional(),
  configMap: z.object({
    name: ObjectName.meta({ description: 'ConfigMap in the same namespace.' }),
    key: text('Key of the file.', 253),
  }).meta({ description: 'A file in a ConfigMap.' }).optional(),
  volume: z.object({
    claimName: ObjectName.meta({ description: 'PersistentVolumeClaim in the same namespace, mounted read-only.' }),
    path: text('File or folder within it.', 512),
  }).meta({ description: 'A file on a volume.' }).optional(),
  path: text('A file beside the profile (command line only; the operator refuses it).', 1024).optional(),
}).refine(...refined(['inline', 'configMap', 'volume', 'path'], 'source'))
  .meta({ description: 'Where the file comes from.', 'x-kubernetes-validations': [exactlyOne(['inline', 'configMap', 'volume', 'path'], 'source')] })
export type DataSource = z.infer<typeof DataSource>

export const Tokenizer = z.object({
  name: text('Name for the record; "bundled" is the small byte-level BPE that comes with Assay.', 253).default('bundled'),
  revision: text('Revision for the record.', 128).optional(),
  source: DataSource.optional(),
  countBy: z.enum(['server', 'tokenizer']).default('server').meta({ description: 'Whose token counts metrics use: the server\'s usage, or this tokenizer (also the fallback where usage is missing).' }),
}).meta({ description: 'The tokenizer (tokenizer.json) that makes prompts of exact length and counts tokens.' })

const positive = (description: string) => z.number().positive().meta({ description })
export const DISTRIBUTIONS = ['fixed', 'uniform', 'normal', 'lognormal', 'zipf', 'empirical'] as const
export const Lengths = z.object({
  fixed: count('Always this many tokens.').optional(),
  uniform: z.object({ min: count('Least, in tokens.'), max: count('Most, in tokens.') }).meta({ description: 'Uniform between min and max, both included.' }).optional(),
  normal: z.object({ mean: positive('Mean, in tokens.'), stddev: z.number().min(0).meta({ description: 'Standard deviation, in tokens.' }) }).meta({ description: 'Normal, rounded and clamped to min and max.' }).optional(),
  lognormal: z.object({ median: positive('Median, in tokens.'), sigma: positive('Standard deviation of the logarithm.') }).meta({ description: 'Log-normal, rounded and clamped.' }).optional(),
  zipf: z.object({ exponent: z.number().gt(1).meta({ description: 'Exponent, above 1.' }), scale: positive('Tokens of the smallest rank.') }).meta({ description: 'Zipf-like lengths: scale × rank.' }).optional(),
  empirical: z.array(z.object({ tokens: count('Length in tokens.'), weight: positive('Relative weight.') })).min(1).max(1000).meta({ description: 'A table of lengths and weights.' }).optional(),
  min: count('Lower clamp, in tokens.').optional(),
  max: count('Upper clamp, in tokens.').optional(),
  outside: z.enum(['clamp', 'redraw']).optional().meta({ description: 'What becomes of a length outside of min and max: the nearer of them (default), or it is drawn again until one fits.' }),
}).refine(...refined(DISTRIBUTIONS, 'lengths'))
  .refine((l) => l.outside === undefined || l.min !== undefined || l.max !== undefined, { error: 'lengths: outside speaks of min and max: set one of them', path: ['outside'] })
  .meta({
    description: 'A distribution of lengths in tokens.',
    'x-kubernetes-validations': [exactlyOne(DISTRIBUTIONS, 'lengths'), {
      rule: '!has(self.outside) || has(self.min) || has(self.max)', message: 'lengths: outside speaks of min and max: set one of them',
      editor: { anyOf: [{ not: { required: ['outside'] } }, { required: ['min'] }, { required: ['max'] }] },
    }],
  })
export type Lengths = z.infer<typeof Lengths>

const Turns = z.object({
  count: z.int().min(1).max(1000).default(1).meta({ description: 'Turns of one session; each sends the history so far.' }),
  thinkTime: duration('Pause between an answer and the next turn.').default('0s'),
}).meta({ description: 'Multi-turn conversations.' })

export const Synthetic = z.object({
  input: Lengths,
  output: Lengths,
  prefix: z.object({
    groups: z.int().min(1).max(1_000_000).default(1).meta({ description: 'Number of distinct shared prefixes.' }),
    promptsPerGroup: z.int().min(1).max(1_000_000).optional().meta({ description: 'Prompts before the next group is used; round robin when not set.' }),
    length: z.int().min(1).max(10_000_000).meta({ description: 'Length of the shared prefix, in tokens; it comes before the input.' }),
  }).meta({ description: 'Prefixes that prompts share, such as system prompts.' }).optional(),
  turns: Turns.optional(),
}).meta({ description: 'Generated prompts of exact lengths, different for every trial unless a warm cache is wanted.' })

/** What LLMPerf puts before the lines; {tokens} is the wanted length of the answer. */
export const LINES_INSTRUCTION = 'Randomly stream lines from the following text with {tokens} output tokens. Don\'t generate eos tokens:'

/** The seed of LLMPerf's load test, which it does not let one choose, is 11111. */
const originalSeed = (description: string) => z.int().min(0).optional().meta({ description })
const likeLlmperf = (lengths: Lengths) => lengths.normal !== undefined && (lengths.min ?? 1) === 1 && lengths.max === undefined && lengths.outside !== 'clamp'
const ORIGINAL_LINES = 'lines: originalSeed makes LLMPerf\'s prompts: set source, and input and output as normal, above 0 or drawn again (no max, min 1, outside redraw)'
const LIKE_LLMPERF = ['input', 'output'].map((part) => `has(self.${part}.normal) && (!has(self.${part}.min) || self.${part}.min == 1) && !has(self.${part}.max) && (!has(self.${part}.outside) || self.${part}.outside == 'redraw')`).join(' && ')
const LIKE_LLMPERF_EDITOR = { required: ['normal'], not: { required: ['max'] }, properties: { min: { const: 1 }, outside: { const: 'redraw' } } }

export const Lines = z.object({
  source: DataSource.optional(),
  originalSeed: originalSeed('Makes the prompts of LLMPerf\'s load test, one for one, for the same file, tokenizer and lengths: from this seed instead of the trial\'s, with Python\'s generator (LLMPerf\'s own seed is 11111). Every trial then sends the same.'),
  instruction: text('What stands before the lines; {tokens} is the wanted length of the answer. Default: LLMPerf\'s own words.', 4096).optional(),
  input: Lengths,
  output: Lengths,
}).refine((l) => l.originalSeed === undefined || (l.source !== undefined && likeLlmperf(l.input) && likeLlmperf(l.output)), { error: ORIGINAL_LINES, path: ['originalSeed'] })
  .meta({
    description: 'Prompts of exact lengths as LLMPerf sends them: an instruction, then lines of a text in an order of the seed. Without a source the text is generated from the seed.',
    'x-kubernetes-validations': [{
      rule: `!has(self.originalSeed) || (has(self.source) && ${LIKE_LLMPERF})`, message: ORIGINAL_LINES,
      editor: { anyOf: [{ not: { required: ['originalSeed'] } }, { required: ['source'], properties: { input: LIKE_LLMPERF_EDITOR, output: LIKE_LLMPERF_EDITOR } }] },
    }],
  })

const ORIGINAL_NUMBERS = 'correctness: originalSeed with lines makes llmval\'s prompts, which are of a file: set source'

export const Correctness = z.object({
  source: DataSource.optional(),
  originalSeed: originalSeed('Makes the prompts that LLMPerf\'s correctness test (with lines: llmval\'s prompt generator) makes after Python\'s generator was given this seed, one for one, for the same file. Every trial then sends the same.'),
  numbers: z.object({
    min: z.int().min(0).max(999_999_999).default(0).meta({ description: 'Least number.' }),
    max: z.int().min(0).max(999_999_999).default(10_000).meta({ description: 'Greatest number.' }),
  }).prefault({}).meta({ description: 'Numbers that are asked for in words, both ends included.' }),
  match: z.enum(['any', 'first']).default('any').meta({ description: 'Whether the number must be among those of the answer (LLMPerf), or the first of them (llmval).' }),
  lines: z.object({
    min: z.int().min(1).max(100_000).default(15).meta({ description: 'Least number of lines.' }),
    max: z.int().min(1).max(100_000).default(50).meta({ description: 'Greatest number of lines.' }),
    required: z.int().min(0).max(100_000).default(7).meta({ description: 'How many of them the answer is asked to repeat.' }),
  }).meta({ description: 'Lines of a text that follow the question, as llmval sends them; generated ones where there is no source.' }).optional(),
  output: Lengths.optional().meta({ description: 'Most tokens of an answer; left to the server when not set.' }),
}).refine((c) => c.source === undefined || c.lines !== undefined, { error: 'correctness: source is for lines: set lines', path: ['source'] })
  .refine((c) => c.originalSeed === undefined || c.lines === undefined || c.source !== undefined, { error: ORIGINAL_NUMBERS, path: ['originalSeed'] })
  .meta({
    description: 'Numbers in words that the model shall write in digits. Answers are kept and checked: mismatch_rate, and scores beside those of other tools.',
    'x-kubernetes-validations': [
      { rule: '!has(self.source) || has(self.lines)', message: 'correctness: source is for lines: set lines', editor: { anyOf: [{ not: { required: ['source'] } }, { required: ['lines'] }] } },
      { rule: '!has(self.originalSeed) || !has(self.lines) || has(self.source)', message: ORIGINAL_NUMBERS, editor: { anyOf: [{ not: { required: ['originalSeed', 'lines'] } }, { required: ['source'] }] } },
    ],
  })
export type Correctness = z.infer<typeof Correctness>

const FileData = (description: string) => z.object({
  source: DataSource,
  output: Lengths.optional().meta({ description: 'Output lengths, where the file gives none or others are wanted.' }),
  limit: z.int().min(1).max(10_000_000).optional().meta({ description: 'Use at most this many entries.' }),
  shuffle: z.boolean().default(true).meta({ description: 'Whether entries are drawn in an order of the content seed.' }),
}).meta({ description })

export const TraceData = z.object({
  source: DataSource,
  format: z.enum(['azure', 'mooncake', 'burstgpt', 'jsonl']).meta({ description: 'Layout of the file: Azure CSV (TIMESTAMP, ContextTokens, GeneratedTokens), Mooncake JSONL (timestamp ms, input_length, output_length, hash_ids), BurstGPT CSV, or our JSONL (at seconds, input, output or prompt).' }),
  limit: z.int().min(1).max(10_000_000).optional().meta({ description: 'Use at most this many entries.' }),
}).meta({ description: 'Requests with time stamps and lengths; prompts are generated to the lengths, shared blocks by hash_ids.' })

export const ToolProfileData = z.object({
  harness: ObjectName.meta({ description: 'Harness whose own format the file is in.' }),
  source: DataSource,
}).meta({ description: 'A profile in a tool\'s own format, instead of data and load of ours; it says what is sent and when, and nobody checks or compares it. Only with load.toolProfile.' })

export const Data = z.object({
  synthetic: Synthetic.optional(),
  lines: Lines.optional(),
  correctness: Correctness.optional(),
  prompts: FileData('JSON lines with prompt or messages, and optionally output_tokens.').optional(),
  sharegpt: FileData('A ShareGPT-like JSON file: [{conversations: [{from, value}]}]; the first human turn is the prompt.').optional(),
  conversation: FileData('ShareGPT-like conversations, replayed turn by turn as sessions.').optional(),
  trace: TraceData.optional(),
  toolProfile: ToolProfileData.optional(),
}).refine(...refined(DATA_KINDS, 'data'))
  .meta({ description: 'What is sent.', 'x-kubernetes-validations': [exactlyOne(DATA_KINDS, 'data')] })

const stageEnd = {
  duration: duration('How long the stage lasts.').optional(),
  requests: z.int().min(1).max(100_000_000).meta({ description: 'How many requests the stage sends.' }).optional(),
}
const stageEnds = { 'x-kubernetes-validations': [exactlyOne(['duration', 'requests'], 'stage')] }
const endsOnce = refined(['duration', 'requests'], 'stage')
const stageName = dnsLabel('Name of the stage; gates, factors and reports address it.', 40)

export const RateStage = z.object({
  name: stageName,
  rate: z.number().positive().max(1_000_000).meta({ description: 'Requests per second that are offered.' }),
  rampTo: z.number().positive().max(1_000_000).meta({ description: 'Rate at the end of the stage; it changes linearly from rate.' }).optional(),
  ...stageEnd,
}).refine(...endsOnce).meta({ description: 'One operating point of an open loop.', ...stageEnds })
export type RateStage = z.infer<typeof RateStage>

export const ConcurrencyStage = z.object({
  name: stageName,
  concurrency: z.int().min(1).max(1_000_000).meta({ description: 'Requests (or sessions) in flight at any time.' }),
  ...stageEnd,
}).refine(...refinedSome(['duration', 'requests'], 'stage'))
  .meta({ description: 'One operating point of a closed loop; with both duration and requests it ends by whichever comes first.', 'x-kubernetes-validations': [atLeastOne(['duration', 'requests'], 'stage')] })
export type ConcurrencyStage = z.infer<typeof ConcurrencyStage>

export const RoundStage = ConcurrencyStage.safeExtend({
  period: duration('Least time from the start of a round to that of the next, for endpoints that limit the rate.').optional(),
}).meta({ description: 'One operating point of a loop of rounds.', 'x-kubernetes-validations': [atLeastOne(['duration', 'requests'], 'stage')] })

const stages = <S extends z.ZodType<{ name: string }>>(stage: S) => z.array(stage).min(1).max(64).refine(...namedOnce('stages'))
  .meta({ description: 'Operating points, run one after another; each gets its own report.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
const rated = (description: string) => z.object({ stages: stages(RateStage) }).meta({ description })

export const Load = z.object({
  constant: rated('Open loop with equal gaps.').optional(),
  poisson: rated('Open loop with exponential gaps.').optional(),
  gamma: z.object({
    cv: z.number().positive().max(100).meta({ description: 'Coefficient of variation of the gaps: 1 is Poisson, above is burstier.' }),
    stages: stages(RateStage),
  }).meta({ description: 'Open loop with Gamma-distributed gaps.' }).optional(),
  burst: z.object({
    size: z.int().min(1).max(1_000_000).meta({ description: 'Requests that start together.' }),
    stages: stages(RateStage),
  }).meta({ description: 'Open loop of bursts; the rate is that of requests, so bursts come every size/rate seconds.' }).optional(),
  concurrent: z.object({ stages: stages(ConcurrencyStage) }).meta({ description: 'Closed loop: a fixed number of requests in flight.' }).optional(),
  synchronous: z.object({ ...stageEnd }).refine(...endsOnce).meta({ description: 'One request after another (stage "synchronous").', ...stageEnds }).optional(),
  throughput: z.object({ ...stageEnd }).refine(...endsOnce).meta({ description: 'As fast as the server takes them, up to maxConcurrency (stage "throughput").', ...stageEnds }).optional(),
  sessions: z.object({ stages: stages(ConcurrencyStage) }).meta({ description: 'Closed loop of multi-turn sessions: concurrency counts sessions, requests counts sessions too.' }).optional(),
  rounds: z.object({ stages: stages(RoundStage) }).meta({ description: 'Closed loop of rounds: so many requests start together, and the next round when all have ended and its period is over.' }).optional(),
  trace: z.object({ speed: z.number().positive().max(1000).default(1).meta({ description: 'Factor on the time axis: 2 replays twice as fast.' }) }).meta({ description: 'Send times of data.trace (stage "trace").' }).optional(),
  sweep: z.object({
    from: z.number().positive().meta({ description: 'First rate, in requests per second.' }),
    to: z.number().positive().meta({ description: 'Last rate.' }),
    steps: z.int().min(2).max(64).meta({ description: 'Number of rates (stages sweep-1, sweep-2, …).' }),
    scale: z.enum(['linear', 'geometric']).default('linear').meta({ description: 'How rates are spaced.' }),
    process: z.enum(['constant', 'poisson']).default('poisson').meta({ description: 'Arrival process of every step.' }),
    ...stageEnd,
  }).refine(...endsOnce).meta({ description: 'A row of rates, each its own stage.', ...stageEnds }).optional(),
  toolProfile: z.object({
    stages: z.array(stageName).min(1).max(64).default(['profile']).meta({ description: 'Names for its operating points, in their order.' }),
  }).meta({ description: 'Whatever data.toolProfile says.' }).optional(),
  maxConcurrency: z.int().min(1).max(1_000_000).meta({ description: 'Cap on requests in flight; waiting for it is reported, never hidden.' }).optional(),
  warmup: duration('Time before the first stage in which requests are sent with the first stage\'s load and not measured.').optional(),
  drain: duration('How long running requests may end after the last stage.').default('30s'),
  stageGap: duration('Pause between stages.').default('0s'),
  overload: z.object({
    ttft: duration('Time to the first token from which on a request has waited too long.').default('3s'),
    share: z.number().min(0).max(1).default(0.05).meta({ description: 'Share of such requests above which the server is overloaded.' }),
  }).meta({ description: 'When the server counts as overloaded; a trial in which it is is suspect. Without it 3 s and 5 % are noted only.' }).optional(),
  stop: z.object({
    errorRate: z.number().gt(0).max(1).meta({ description: 'Share of failed requests (of at least 20) at which the run stops early.' }).optional(),
  }).meta({ description: 'When to give up early.' }).optional(),
}).refine(...refined(LOAD_KINDS, 'load'))
  .meta({ description: 'The arrival process.', 'x-kubernetes-validations': [exactlyOne(LOAD_KINDS, 'load')] })
export type Load = z.infer<typeof Load>

/** The same rules for editors: a load that asks something of the data. */
const ifLoad = (kind: LoadKind, data: object) => ({ anyOf: [{ properties: { load: { not: { required: [kind] } } } }, { properties: { data } }] })
const has = (part: 'load' | 'data', member: string) => ({ properties: { [part]: { required: [member] } } })
const TOOL_PROFILES = { anyOf: [{ allOf: [has('load', 'toolProfile'), has('data', 'toolProfile')] }, { not: { anyOf: [has('load', 'toolProfile'), has('data', 'toolProfile')] } }] }
const TURNS = { anyOf: [{ required: ['conversation'] }, { required: ['synthetic'], properties: { synthetic: { required: ['turns'] } } }] }

const ENDING = 'data.correctness wants answers that end by themselves: set api.ignoreEos to false'

export const WorkloadProfileSpec = z.object({
  description: text('What this profile stands for, and its source.', 2048).optional(),
  api: Api.prefault({}),
  tokenizer: Tokenizer.prefault({}),
  data: Data,
  load: Load,
  overrides: openMap('What only one harness knows, by harness name: args (further words of its command line) and config (a tree that is laid over its configuration file), as far as the Harness takes them.').default({}),
}).refine((w) => (w.load.toolProfile === undefined) === (w.data.toolProfile === undefined), { error: 'data.toolProfile and load.toolProfile go together: set both, or neither', path: ['load'] })
  .refine((w) => (w.load.trace === undefined) || w.data.trace !== undefined, { error: 'load.trace replays the time stamps of data.trace: set data.trace', path: ['load', 'trace'] })
  .refine((w) => w.load.sessions === undefined || w.data.conversation !== undefined || w.data.synthetic?.turns !== undefined, { error: 'load.sessions needs turns: set data.conversation or data.synthetic.turns', path: ['load', 'sessions'] })
  .refine((w) => w.data.correctness === undefined || !w.api.ignoreEos, { error: ENDING, path: ['api', 'ignoreEos'] })
  .meta({
    description: 'The load: what is sent, when, and how the server is spoken to; independent of the harness.',
    'x-kubernetes-validations': [
      { rule: 'has(self.load.toolProfile) == has(self.data.toolProfile)', message: 'data.toolProfile and load.toolProfile go together: set both, or neither', editor: TOOL_PROFILES },
      { rule: '!has(self.load.trace) || has(self.data.trace)', message: 'load.trace replays the time stamps of data.trace: set data.trace', editor: ifLoad('trace', { required: ['trace'] }) },
      { rule: '!has(self.load.sessions) || has(self.data.conversation) || (has(self.data.synthetic) && has(self.data.synthetic.turns))', message: 'load.sessions needs turns: set data.conversation or data.synthetic.turns', editor: ifLoad('sessions', TURNS) },
      { rule: '!has(self.data.correctness) || !self.api.ignoreEos', message: ENDING, editor: { anyOf: [{ not: has('data', 'correctness') }, { properties: { api: { properties: { ignoreEos: { const: false } }, required: ['ignoreEos'] } }, required: ['api'] }] } },
    ],
  })
export type WorkloadProfileSpec = z.infer<typeof WorkloadProfileSpec>

/** The one load member that is set; the schema has seen to that. */
export function loadKind(load: Load): LoadKind {
  const kind = LOAD_KINDS.find((k) => load[k] !== undefined)
  if (kind === undefined) throw new RangeError('load has no member')
  return kind
}

/** The one data member that is set. */
export function dataKind(data: z.infer<typeof Data>): DataKind {
  const kind = DATA_KINDS.find((k) => data[k] !== undefined)
  if (kind === undefined) throw new RangeError('data has no member')
  return kind
}

/** Where the content of the data lies, for kinds that have one. */
export function dataSource(data: z.infer<typeof Data>): DataSource | undefined {
  const kind = dataKind(data)
  return kind === 'synthetic' ? undefined : data[kind]?.source
}

/** How long answers are to be, for kinds of data that say so. */
export function outputLengths(data: z.infer<typeof Data>): Lengths | undefined {
  const kind = dataKind(data)
  return kind === 'trace' || kind === 'toolProfile' ? undefined : data[kind]?.output
}
