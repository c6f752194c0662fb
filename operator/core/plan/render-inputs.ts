// SPDX-License-Identifier: Apache-2.0
/** Files that a tool reads its prompts from: how each request, or each session, becomes a row. It reads and writes no file. */
import { z } from 'zod'
import type { Segment } from '../design/path.ts'
import type { HarnessInput } from '../model/harness.ts'
import { type Checked, formatProblem, type Problem } from '../model/problem.ts'
import { PlannedRequest } from '../model/request.ts'
import type { TrialJob } from '../model/trial-job.ts'
import type { Conversation } from '../workload/deal.ts'
import { type HarnessContext, HarnessContext as HarnessContextSchema, harnessContextOf, StageFileContext, type StageContext } from './harness-context.ts'
import { isTemplate, newContext, problemAt, renderLeaf, renderTree, type TemplateContext } from './render-tree.ts'

/** One file, for all requests or for those of one stage. */
export interface InputFile {
  readonly name: string
  /** The text of the rows of these conversations; throws where a request cannot be told to this tool. */
  readonly text: (conversations: Iterable<Conversation>) => Iterable<string>
}

/** The files of one declaration. */
export interface InputSet {
  /** One file for each of the runs, in their order; else one of all requests. */
  readonly perStage: boolean
  readonly files: readonly InputFile[]
}

const RequestContext = PlannedRequest.extend({
  text: z.string().meta({ description: 'The prompt, or the one message that there is.' }),
  index: z.int().meta({ description: 'Place in the file, from 0; of a turn: in its session.' }),
})
const SessionContext = z.object({
  id: z.string().meta({ description: 'Its name; where there are no sessions, that of the request.' }),
  index: z.int().meta({ description: 'Place in the file, from 0.' }),
  turns: z.array(RequestContext),
})
type RowParts = { readonly request: unknown } | { readonly session: unknown }

/** The schemas of what a row sees, by what a row is and whether there is a stage. */
const ROWS = {
  request: { all: HarnessContextSchema.extend({ request: RequestContext }), stage: StageFileContext.extend({ request: RequestContext }) },
  session: { all: HarnessContextSchema.extend({ session: SessionContext }), stage: StageFileContext.extend({ session: SessionContext }) },
} as const

const NAME = /^(?!requests\.jsonl$|manifest\.json$|\.\.?$)[-._a-zA-Z0-9]{1,253}$/

export function inputSets(job: TrialJob, object?: string): Checked<InputSet[]> {
  const context = harnessContextOf(job)
  const problems: Problem[] = []
  const sets = job.spec.harness.inputs.map((input, i): InputSet => {
    const maker: Maker = { input, context, object, at: [{ kind: 'key', key: 'spec' }, { kind: 'key', key: 'inputs' }, { kind: 'index', index: i }], problems }
    const perStage = isTemplate(input.name)
    return { perStage, files: perStage ? context.runs.map((stage) => fileOf(maker, stage)) : [fileOf(maker)] }
  })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: sets }
}

interface Maker {
  readonly input: HarnessInput
  readonly context: HarnessContext
  readonly object: string | undefined
  readonly at: readonly Segment[]
  readonly problems: Problem[]
}

function fileOf(maker: Maker, stage?: StageContext): InputFile {
  return { name: nameOf(maker, stage), text: (conversations) => textOf(maker, conversations, stage) }
}

function nameOf({ input, context, at, object, problems }: Maker, stage: StageContext | undefined): string {
  const names = newContext(stage === undefined ? HarnessContextSchema : StageFileContext, { ...context, stage }, object)
  const here = [...at, { kind: 'key', key: 'name' }] as const
  const name = String(renderLeaf(input.name, here, names) ?? '')
  if (names.problems.length === 0 && !NAME.test(name)) names.problems.push(problemAt(here, names, { message: `a file cannot be called ${name}`, found: name, expected: 'letters, digits, ".", "-" and "_"; not requests.jsonl nor manifest.json' }))
  problems.push(...names.problems)
  return name
}

function* textOf(maker: Maker, conversations: Iterable<Conversation>, stage: StageContext | undefined): Generator<string> {
  const { format } = maker.input
  let header: readonly string[] | undefined
  let count = 0
  for (const row of rowsOf(maker, conversations, stage)) {
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

function* rowsOf(maker: Maker, conversations: Iterable<Conversation>, stage: StageContext | undefined): Generator<unknown> {
  let index = 0
  for (const conversation of conversations) {
    if (maker.input.per === 'session') yield rowOf(maker, { session: sessionOf(conversation, index++) }, { stage, of: conversation })
    else for (const request of conversation) yield rowOf(maker, { request: requestOf(request, index++) }, { stage, of: [request] })
  }
}

function sessionOf(conversation: Conversation, index: number) {
  const [first] = conversation
  return { id: first?.session ?? first?.id ?? '', index, turns: conversation.map(requestOf) }
}

function requestOf(request: PlannedRequest, index: number) {
  const { prompt, messages = [] } = request
  return { ...request, text: prompt ?? (messages.length === 1 ? messages[0]?.content : undefined), index }
}

function rowOf(maker: Maker, row: RowParts, { stage, of }: { readonly stage: StageContext | undefined; readonly of: Conversation }): unknown {
  const { input, context, at, object } = maker
  const schema = ROWS[input.per][stage === undefined ? 'all' : 'stage']
  const templates: TemplateContext = newContext(schema, { ...context, ...row, stage }, object)
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
