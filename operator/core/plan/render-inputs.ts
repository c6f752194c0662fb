// SPDX-License-Identifier: Apache-2.0
/** Files that a tool reads its prompts from: how each request, or each session, becomes a row. It reads and writes no file. */
import { z } from 'zod'
import type { Segment } from '../design/path.ts'
import type { HarnessInput } from '../model/harness.ts'
import { type Checked, formatProblem, type Problem } from '../model/problem.ts'
import { PlannedRequest } from '../model/request.ts'
import type { TrialJob } from '../model/trial-job.ts'
import type { Conversation } from '../workload/deal.ts'
import { type HarnessContext, harnessContextOf, StageFileContext, type StageContext } from './harness-context.ts'
import { newContext, problemAt, renderLeaf, renderTree } from './render-tree.ts'

/** What is dealt to one run. */
export interface Pile { readonly run: number; readonly conversations: Iterable<Conversation> }

/** One file, for the runs whose names for it are equal: neighbours among the runs. */
export interface InputFile {
  readonly name: string
  /** Places among the runs. */
  readonly runs: readonly number[]
  /** The text of the rows; throws where a request cannot be told to this tool. */
  readonly text: (piles: Iterable<Pile>) => Iterable<string>
}

/** Makes what only a tokenizer can make. */
export interface TextMaker {
  /** A text that a tokenizer counts as so many tokens, special ones included. */
  readonly answer: (tokens: number) => string
}

const RequestContext = PlannedRequest.extend({
  text: z.string().meta({ description: 'The prompt, or the one message that there is.' }),
  outputTokens: PlannedRequest.shape.outputTokens.optional().meta({ description: 'Wanted answer length; not set where it is left to the server.' }),
  index: z.int().meta({ description: 'Place in the file, from 0; of a turn: in its session.' }),
  answer: z.string().meta({ description: 'A text of as many tokens as are wanted of the answer, for tools that take the wanted length from an example.' }),
})
const SessionContext = z.object({
  id: z.string().meta({ description: 'Its name; where there are no sessions, that of the request.' }),
  index: z.int().meta({ description: 'Place in the file, from 0.' }),
  turns: z.array(RequestContext),
})
type RowParts = { readonly request: unknown } | { readonly session: unknown }

/** The schemas of what a row sees. */
const ROWS = { request: StageFileContext.extend({ request: RequestContext }), session: StageFileContext.extend({ session: SessionContext }) } as const

const NAME = /^(?!requests\.jsonl$|manifest\.json$|\.\.?$)[-._a-zA-Z0-9]{1,253}$/

/** Of every declaration its files, in the order of the runs. */
export function inputSets(job: TrialJob, { object, answer = () => '…' }: Partial<TextMaker> & { readonly object?: string } = {}): Checked<InputFile[][]> {
  const context = harnessContextOf(job)
  const problems: Problem[] = []
  const sets = job.spec.harness.inputs.map((input, i) => filesOf({ input, context, answer, object, at: [{ kind: 'key', key: 'spec' }, { kind: 'key', key: 'inputs' }, { kind: 'index', index: i }], problems }))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: sets }
}

interface Maker extends TextMaker {
  readonly input: HarnessInput
  readonly context: HarnessContext
  readonly object: string | undefined
  readonly at: readonly Segment[]
  readonly problems: Problem[]
}

function filesOf(maker: Maker): InputFile[] {
  const files: { name: string; runs: number[] }[] = []
  for (const [run, stage] of maker.context.runs.entries()) {
    const name = nameOf(maker, stage)
    const last = files.at(-1)
    if (last?.name === name) last.runs.push(run)
    else files.push({ name, runs: [run] })
  }
  const names = files.map(({ name }) => name)
  const split = names.find((name, i) => names.indexOf(name) !== i)
  if (split !== undefined) maker.problems.push(problemAt(maker.at, newContext(StageFileContext, {}, maker.object), { message: `${split} is for runs with others between them`, found: split, expected: 'one file for neighbouring runs' }))
  return files.map((file) => ({ ...file, text: (piles) => textOf(maker, piles) }))
}

function nameOf({ input, context, at, object, problems }: Maker, stage: StageContext): string {
  const names = newContext(StageFileContext, { ...context, stage }, object)
  const here = [...at, { kind: 'key', key: 'name' }] as const
  const rendered = renderLeaf(input.name, here, names)
  const name = typeof rendered === 'string' ? rendered : ''
  if (names.problems.length === 0 && !NAME.test(name)) names.problems.push(problemAt(here, names, { message: `a file cannot be called ${name}`, found: name, expected: 'letters, digits, ".", "-" and "_"; not requests.jsonl nor manifest.json' }))
  problems.push(...names.problems)
  return name
}

function* textOf(maker: Maker, piles: Iterable<Pile>): Generator<string> {
  const { format } = maker.input
  let header: readonly string[] | undefined
  let count = 0
  for (const row of rowsOf(maker, piles)) {
    if (format === 'csv') {
      header ??= Object.keys(row as object)
      yield count === 0 ? `${header.map(cell).join(',')}\n` : ''
      yield `${header.map((key) => cell((row as Readonly<Record<string, unknown>>)[key])).join(',')}\n`
    } else {
      const text = typeof row === 'string' ? row : JSON.stringify(row)
      yield format === 'jsonl' ? `${text}\n` : `${count === 0 ? '[\n' : ',\n'}${text}`
    }
    count++
  }
  if (format === 'json') yield count === 0 ? '[]\n' : '\n]\n'
}

function* rowsOf(maker: Maker, piles: Iterable<Pile>): Generator {
  let index = 0
  for (const { run, conversations } of piles) {
    const stage = maker.context.runs[run]
    for (const { row, of } of piecesOf(maker, conversations, () => index++)) yield rowOf(maker, row, { stage, of })
  }
}

interface Piece { readonly row: RowParts; readonly of: Conversation }

/** Whole conversations, or each of their requests. */
function* piecesOf(maker: Maker, conversations: Iterable<Conversation>, next: () => number): Generator<Piece> {
  for (const conversation of conversations) {
    if (maker.input.per === 'session') yield { row: { session: sessionOf(maker, conversation, next()) }, of: conversation }
    else yield* conversation.map((request): Piece => ({ row: { request: requestOf(maker, request, next()) }, of: [request] }))
  }
}

function sessionOf(maker: Maker, conversation: Conversation, index: number) {
  const [first] = conversation
  return { id: first?.session ?? first?.id ?? '', index, turns: conversation.map((turn, i) => requestOf(maker, turn, i)) }
}

function requestOf({ answer }: TextMaker, request: PlannedRequest, index: number) {
  const { prompt, messages = [], outputTokens } = request
  return {
    ...request, index, outputTokens: outputTokens === 0 ? undefined : outputTokens, text: prompt ?? (messages.length === 1 ? messages[0]?.content : undefined),
    // Made only where a template asks for it.
    get answer() {
      return answer(outputTokens)
    },
  }
}

function rowOf(maker: Maker, row: RowParts, { stage, of }: { readonly stage: StageContext | undefined; readonly of: Conversation }): unknown {
  const { input, context, at, object } = maker
  const templates = newContext(ROWS[input.per], { ...context, ...row, stage }, object)
  const rendered = renderTree(input.each, [...at, { kind: 'key', key: 'each' }], templates)
  const [problem] = templates.problems
  if (problem !== undefined) throw unfit(problem, of)
  if (typeof rendered === 'string' && input.format !== 'csv') checkJson(rendered, { maker, of })
  else if (typeof rendered !== 'object' || rendered === null) throw unfit(problemAt(at, templates, { message: 'a row is neither a map nor text', found: JSON.stringify(rendered) }), of)
  return rendered
}

/** A template that writes a row by itself must write one JSON value on one line. */
function checkJson(text: string, { maker, of }: { readonly maker: Maker; readonly of: Conversation }): void {
  const details = text.includes('\n') ? { message: 'a row has more than one line' } : undefined
  try {
    JSON.parse(text)
    if (details === undefined) return
  } catch (error) {
    throw unfit({ reason: 'BadTemplate', path: `spec.inputs[${maker.input.name}].each`, message: `a row is no JSON: ${(error as Error).message}`, found: text.slice(0, 80) }, of)
  }
  throw unfit({ reason: 'BadTemplate', path: `spec.inputs[${maker.input.name}].each`, ...details }, of)
}

/** The code makes it a fault of the input: the profile's data and this tool do not go together. */
function unfit(problem: Problem, of: Conversation): Error {
  const several = of.find(({ messages = [] }) => messages.length > 1)
  const why = several === undefined ? '' : `; request ${several.id} has ${several.messages?.length} messages, where this harness may send only one`
  return Object.assign(new Error(`request ${of[0]?.id ?? ''} cannot be told to the tool: ${formatProblem(problem)}${why}`), { code: 'InvalidData' })
}

function cell(value: unknown): string {
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
