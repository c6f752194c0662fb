// SPDX-License-Identifier: Apache-2.0
/** Expands files of prompts and conversations, in an order of the seed. It knows no loads. */
import { z } from 'zod'
import { Message, type PlannedRequest } from '../model/request.ts'
import type { Lengths } from '../model/workload-profile.ts'
import { dataError, jsonItems, type DataText } from './data-text.ts'
import { textOf, type ExpandInput } from './expand-input.ts'
import { lengthSource } from './lengths.ts'
import { randomStream } from './random.ts'

interface FileData {
  readonly output?: Lengths
  readonly limit?: number
  readonly shuffle: boolean
}
type Entry<T> = { readonly value: T; readonly line: number }

const PromptLine = z.object({
  prompt: z.string().min(1).optional(),
  messages: z.array(Message).min(1).optional(),
  output_tokens: z.int().min(1).optional(),
}).refine((line) => (line.prompt === undefined) !== (line.messages === undefined), { error: 'expected exactly one of prompt, messages' })

const Conversation = z.object({ conversations: z.array(z.object({ from: z.string(), value: z.string() })) })

/** One exchange of a conversation; the answer only tells how long answers were. */
interface Exchange { readonly question: string; readonly answer?: string }

export function* expandPrompts(input: ExpandInput, data: FileData): Generator<PlannedRequest> {
  const { tokenizer, need, api } = input
  const wanted = outputs(input, data)
  const entries = drawn(input, data, read(input, data, PromptLine))
  for (const [index, { value, line }] of entries.slice(0, cut(need.count)).entries()) {
    if (value.messages !== undefined && api !== 'chat') throw dataError({ file: input.file?.name ?? '', line, found: 'messages', expected: 'prompt, since api.kind is completions' })
    const texts = value.messages?.map((message) => message.content) ?? [value.prompt ?? '']
    yield {
      id: `r${index + 1}`,
      ...(value.messages === undefined ? textOf(api, value.prompt ?? '') : { messages: value.messages }),
      inputTokens: texts.reduce((sum, text) => sum + tokenizer.count(text), 0),
      outputTokens: wanted() ?? value.output_tokens ?? 0,
    }
  }
}

export function* expandShareGpt(input: ExpandInput, data: FileData): Generator<PlannedRequest> {
  const firsts = exchangesOf(input, data).map(({ value, line }) => ({ value: value.slice(0, 1), line }))
  yield* expandExchanges(input, data, firsts)
}

export function* expandConversations(input: ExpandInput, data: FileData): Generator<PlannedRequest> {
  yield* expandExchanges(input, data, exchangesOf(input, data))
}

function* expandExchanges(input: ExpandInput, data: FileData, entries: readonly Entry<Exchange[]>[]): Generator<PlannedRequest> {
  const { tokenizer, need, api } = input
  const wanted = outputs(input, data)
  const single = input.data.conversation === undefined
  let sent = 0
  for (const [index, { value }] of drawn(input, data, entries).entries()) {
    if ((need.unit === 'sessions' ? index : sent) >= need.count) return
    for (const [turn, { question, answer }] of value.entries()) {
      sent++
      yield {
        ...(single ? { id: `r${index + 1}` } : { id: `s${index + 1}t${turn + 1}`, session: `s${index + 1}`, turn }),
        ...textOf(api, question),
        inputTokens: tokenizer.count(question),
        outputTokens: wanted() ?? Math.max(1, tokenizer.count(answer ?? '')),
      }
    }
  }
}

/** Conversations as exchanges. A question whose answer is missing is kept only where the profile says how long answers are. */
function exchangesOf(input: ExpandInput, data: FileData): Entry<Exchange[]>[] {
  const usable: Entry<Exchange[]>[] = []
  let left = 0
  for (const { value, line } of read(input, data, Conversation)) {
    const exchanges = pairs(value.conversations).filter(({ question, answer }) => question !== '' && (data.output !== undefined || (answer ?? '') !== ''))
    if (exchanges.length > 0) usable.push({ value: exchanges, line })
    else left++
  }
  if (left > 0) input.note(`${input.file?.name ?? 'data'}: ${left} conversations without a question and its answer were left out`)
  if (usable.length === 0) throw dataError({ file: input.file?.name ?? '', line: 1, found: 'none', expected: 'conversations with a question and its answer' })
  return usable
}

function pairs(turns: z.infer<typeof Conversation>['conversations']): Exchange[] {
  return turns.flatMap(({ from, value }, i) => {
    const next = turns[i + 1]
    const answer = next !== undefined && !isQuestion(next.from) ? next.value : undefined
    return isQuestion(from) ? [{ question: value.trim(), answer }] : []
  })
}

function isQuestion(from: string): boolean {
  return from === 'human' || from === 'user'
}

function read<T>(input: ExpandInput, data: FileData, schema: z.ZodType<T>): Entry<T>[] {
  const file = fileOf(input)
  const entries: Entry<T>[] = []
  for (const { value, line } of jsonItems(file)) {
    if (entries.length >= cut(data.limit)) break
    const parsed = schema.safeParse(value)
    if (!parsed.success) throw mismatch(file, line, { value, issue: parsed.error.issues[0] })
    entries.push({ value: parsed.data, line })
  }
  if (entries.length === 0) throw dataError({ file: file.name, line: 1, found: 'nothing', expected: 'at least one entry' })
  return entries
}

function mismatch(file: DataText, line: number, { value, issue }: { value: unknown; issue: z.core.$ZodIssue | undefined }): Error {
  const path = (issue?.path ?? []).map(String)
  const found = path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], value)
  return dataError({ file: file.name, line, found: JSON.stringify(found) ?? 'nothing', expected: `${path.join('.') || 'entry'}: ${issue?.message ?? 'another form'}` })
}

function fileOf({ file }: ExpandInput): DataText {
  if (file === undefined) throw dataError({ file: 'data.source', line: 1, found: 'no content', expected: 'a file' })
  return file
}

/** All entries, in an order of the seed when the profile wants that (Fisher and Yates). */
function drawn<T>({ seed, need, note, file }: ExpandInput, data: FileData, entries: readonly Entry<T>[]): Entry<T>[] {
  if (entries.length < need.count && need.unit === 'sessions') note(`${file?.name ?? 'data'} has ${entries.length} entries; ${need.count} are needed, so some are sent again`)
  const order = [...entries]
  const random = randomStream(seed, 'shuffle')
  for (let i = order.length - 1; data.shuffle && i > 0; i--) {
    const j = random.integer(0, i)
    const [a, b] = [order[i], order[j]]
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a]
  }
  return order
}

function outputs({ seed }: ExpandInput, { output }: FileData): () => number | undefined {
  if (output === undefined) return () => undefined
  const source = lengthSource(output, randomStream(seed, 'output'))
  return () => Math.max(1, source())
}

function cut(limit: number | undefined): number {
  return limit === undefined ? Number.MAX_SAFE_INTEGER : Math.min(limit, Number.MAX_SAFE_INTEGER)
}
