// SPDX-License-Identifier: Apache-2.0
/** Reads the bodies of /v1/completions and /v1/chat/completions into one form. It knows no tokens and no latencies. */
import { z } from 'zod'
import { badRequest, invalidBody, unknownModel } from './errors.ts'
import type { ApiError } from './errors.ts'
import type { ChatMessage } from './tokens.ts'

export type Prompt = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'tokens'; readonly tokens: readonly number[] }
  | { readonly kind: 'chat'; readonly messages: readonly ChatMessage[] }

export type GenerationRequest = {
  readonly api: 'completion' | 'chat'
  readonly model: string
  readonly prompts: readonly Prompt[]
  /** Answers to each prompt. */
  readonly n: number
  readonly maxTokens: number | undefined
  readonly minTokens: number
  readonly ignoreEos: boolean
  readonly stop: readonly string[]
  readonly includeStop: boolean
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly continuousUsage: boolean
  readonly cacheSalt: string
}

export type Parsed = { readonly ok: true; readonly request: GenerationRequest } | { readonly ok: false; readonly error: ApiError }

const MAX_PROMPTS = 1024
const COMPLETION_DEFAULT_TOKENS = 16

/** Absent and null mean the same in OpenAI bodies. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)
const flag = z.boolean().nullish().transform((value) => value ?? false)
const Common = z.object({
  model: optional(z.string()),
  max_tokens: optional(z.int()),
  max_completion_tokens: optional(z.int()),
  min_tokens: z.int().min(0).nullish().transform((value) => value ?? 0),
  ignore_eos: flag,
  n: z.int().min(1).max(128).nullish().transform((value) => value ?? 1),
  stop: z.union([z.string(), z.array(z.string())]).nullish().transform((value) => (typeof value === 'string' ? [value] : value ?? [])),
  include_stop_str_in_output: flag,
  stream: flag,
  stream_options: optional(z.object({ include_usage: flag, continuous_usage_stats: flag })),
  cache_salt: z.string().nullish().transform((value) => value ?? ''),
})
const TokenIds = z.array(z.int().min(0))
const CompletionBody = Common.extend({
  prompt: optional(z.union([z.string(), TokenIds, z.array(z.string()), z.array(TokenIds)])),
})
const Part = z.object({ type: z.string(), text: z.string().optional() })
const ChatBody = Common.extend({
  messages: z.array(z.object({ role: z.string(), content: optional(z.union([z.string(), z.array(Part)])) })).min(1),
})
type Common = z.infer<typeof Common>

/** Parses the text of a body; `names` are the names by which the model may be asked for. */
export function parseGeneration(api: GenerationRequest['api'], text: string, names: readonly string[]): Parsed {
  const json = parseJson(text)
  if (!json.ok) return json
  return api === 'completion' ? parseCompletion(json.value, names) : parseChat(json.value, names)
}

export function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ApiError } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON'
    return { ok: false, error: invalidBody(`{'type': 'json_invalid', 'loc': 'body', 'msg': 'JSON decode error', 'ctx': {'error': ${JSON.stringify(why)}}}`, 'body') }
  }
}

function parseCompletion(value: unknown, names: readonly string[]): Parsed {
  const body = CompletionBody.safeParse(value)
  if (!body.success) return { ok: false, error: firstIssue(body.error) }
  const prompts = promptsOf(body.data.prompt)
  if (prompts.length === 0) return { ok: false, error: badRequest('Either prompt or prompt_embeds must be provided and non-empty.', 'prompt') }
  if (prompts.length > MAX_PROMPTS) {
    return { ok: false, error: badRequest(`prompt list length ${prompts.length} exceeds the maximum allowed count of ${MAX_PROMPTS}.`, 'prompt') }
  }
  return assemble('completion', body.data, { prompts, names, maxTokens: body.data.max_tokens ?? COMPLETION_DEFAULT_TOKENS })
}

function parseChat(value: unknown, names: readonly string[]): Parsed {
  const body = ChatBody.safeParse(value)
  if (!body.success) return { ok: false, error: firstIssue(body.error) }
  const messages: ChatMessage[] = []
  for (const { role, content } of body.data.messages) {
    const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content ?? []
    const other = parts.find((part) => part.type !== 'text')
    if (other) return { ok: false, error: badRequest(`This model is not a multimodal model: a content part of type ${other.type} cannot be taken.`, 'messages') }
    messages.push({ role, content: parts.map((part) => part.text ?? '').join('\n') })
  }
  const maxTokens = body.data.max_completion_tokens ?? body.data.max_tokens
  return assemble('chat', body.data, { prompts: [{ kind: 'chat', messages }], names, maxTokens })
}

function assemble(api: GenerationRequest['api'], body: Common, rest: {
  readonly prompts: readonly Prompt[]
  readonly names: readonly string[]
  readonly maxTokens: number | undefined
}): Parsed {
  const { prompts, names, maxTokens } = rest
  const model = body.model || names[0] || ''
  const refusal = refusalOf(body, { model, names, maxTokens })
  if (refusal) return { ok: false, error: refusal }
  const usage = body.stream_options
  return {
    ok: true,
    request: {
      api, model, prompts, maxTokens,
      n: body.n, stop: body.stop, stream: body.stream,
      minTokens: body.min_tokens,
      ignoreEos: body.ignore_eos,
      includeStop: body.include_stop_str_in_output,
      includeUsage: usage?.include_usage ?? false,
      continuousUsage: usage ? usage.include_usage && usage.continuous_usage_stats : false,
      cacheSalt: body.cache_salt,
    },
  }
}

function refusalOf(body: Common, { model, names, maxTokens }: { model: string; names: readonly string[]; maxTokens: number | undefined }): ApiError | undefined {
  if (!names.includes(model)) return unknownModel(model, names)
  if (maxTokens !== undefined && maxTokens < 1) return badRequest(`max_tokens must be at least 1, got ${maxTokens}.`, 'max_tokens')
  if (body.stream_options && !body.stream) return badRequest('Stream options can only be defined when `stream=True`.', 'stream_options')
  return body.stop.includes('') ? badRequest('stop cannot contain an empty string.', 'stop') : undefined
}

function promptsOf(prompt: z.infer<typeof CompletionBody>['prompt']): Prompt[] {
  if (prompt === undefined || prompt.length === 0) return []
  if (typeof prompt === 'string') return [{ kind: 'text', text: prompt }]
  const isTokens = (list: readonly unknown[]): list is number[] => list.every((item) => typeof item === 'number')
  if (isTokens(prompt)) return [{ kind: 'tokens', tokens: prompt }]
  return prompt.map((item) => typeof item === 'string' ? { kind: 'text' as const, text: item } : { kind: 'tokens' as const, tokens: item })
}

/** The first thing that is wrong with a body, in the form of a refusal. */
export function firstIssue(error: z.ZodError): ApiError {
  const issue = error.issues[0]
  const path = ['body', ...(issue?.path ?? []).map(String)].join('.')
  return invalidBody(`{'loc': '${path}', 'msg': ${JSON.stringify(issue?.message ?? 'invalid')}}`, path)
}
