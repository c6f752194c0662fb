// SPDX-License-Identifier: Apache-2.0
/** From a harness and what a trial is told to the tool's files, command line and environment. It knows no tool. */
import { parseDocument, stringify } from 'yaml'
import type { Segment } from '../design/path.ts'
import { isObject } from '../design/path.ts'
import type { EnvVar } from '../model/common.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Checked } from '../model/problem.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { HarnessContext, harnessContextOf, StageFileContext } from './harness-context.ts'
import { overlaid } from './overrides.ts'
import { isTemplate, newContext, problemAt, renderLeaf, renderTree, type TemplateContext } from './render-tree.ts'

export interface RenderedHarness {
  /** Text by file name; they lie in the folder of the configuration. */
  readonly files: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly env: readonly EnvVar[]
  /** What the tool does otherwise than the workload says. */
  readonly notes: readonly string[]
  /** What it cannot express of the workload. */
  readonly refusals: readonly string[]
}

export function renderHarness(harness: HarnessSpec, job: TrialJob, object?: string): Checked<RenderedHarness> {
  const context = newContext(HarnessContext, harnessContextOf(job), object)
  const files = renderFiles(harness, context)
  const command = harness.command.flatMap((word, i) => renderWord(word, i, context))
  const env = harness.env.map((variable) => renderVariable(variable, context))
  const [notes, refusals] = [renderTexts('notes', harness, context), renderTexts('refuses', harness, context)]
  return context.problems.length > 0 ? { ok: false, problems: context.problems } : { ok: true, value: { files, command, env, notes, refusals } }
}

/** Only what the tool cannot express, for a harness that is asked in passing. */
export function renderRefusals(harness: HarnessSpec, job: TrialJob): readonly string[] {
  return harness.refuses.length === 0 ? [] : renderTexts('refuses', harness, newContext(HarnessContext, harnessContextOf(job)))
}

/** Those of the templates that write something. */
function renderTexts(member: 'notes' | 'refuses', harness: HarnessSpec, context: TemplateContext): string[] {
  return harness[member].map((template, i) => asText(renderLeaf(template, [...key('spec', member), { kind: 'index', index: i }], context)).trim()).filter(Boolean)
}

const key = (...keys: readonly string[]): Segment[] => keys.map((k) => ({ kind: 'key', key: k }))

/** What a key of a ConfigMap may be; trial.json and data-N are ours. */
const FILE_NAME = /^(?!trial\.json$|data-[0-9]+$|\.\.?$)[-._a-zA-Z0-9]{1,253}$/

/** A template that comes to nothing is no file. */
function renderFiles({ files, overrides }: HarnessSpec, context: TemplateContext): Record<string, string> {
  return Object.fromEntries(Object.entries(files).flatMap(([name, content]) => {
    const override = name === overrides.config ? (context.value as HarnessContext).overrides.config : undefined
    const places = isTemplate(name) ? stageContexts(context) : [context]
    return places.map((place) => renderFile({ name, content, override }, place)).filter(([, text]) => text !== '' || content === '')
  }))
}

/** The same context for each operating point, which shares problems and what it may cost. */
function stageContexts(context: TemplateContext): TemplateContext[] {
  const value = context.value as HarnessContext
  return value.runs.map((stage) => ({ ...context, schema: StageFileContext, value: { ...value, stage } }))
}

interface FileTemplate { readonly name: string; readonly content: unknown; readonly override: Readonly<Record<string, unknown>> | undefined }

function renderFile({ name, content, override }: FileTemplate, context: TemplateContext): readonly [string, string] {
  const at = key('spec', 'files', name)
  const file = asText(renderLeaf(name, at, context))
  if (!FILE_NAME.test(file)) context.problems.push(problemAt(at, context, { message: `a file cannot be called ${file}`, found: file, expected: 'letters, digits, ".", "-" and "_"; not trial.json nor data-N' }))
  const rendered = typeof content === 'string' ? renderLeaf(content, at, context) : renderTree(content, at, context)
  if (override === undefined || Object.keys(override).length === 0) return [file, fileText(file, rendered)]
  const base = typeof rendered === 'string' ? readTree(rendered) : rendered
  if (isObject(base)) return [file, fileText(file, overlaid(base, override))]
  context.problems.push(problemAt(at, context, { message: `${file} is no YAML map, so that nothing can be laid over it`, expected: 'a map' }))
  return [file, '']
}

/** Text that a template wrote, as YAML; JSON is YAML too. */
function readTree(text: string): unknown {
  const document = parseDocument(text)
  return document.errors.length > 0 ? undefined : document.toJS()
}

/** Text stays text; anything else is written as the ending of the name says. */
function fileText(name: string, content: unknown): string {
  if (typeof content === 'string') return content
  if (content === undefined) return ''
  return name.endsWith('.json') ? `${JSON.stringify(content, null, 2)}\n` : stringify(content, { lineWidth: 0 })
}

/** A template that comes to nothing is no word, so that {{#if}} can leave an argument out. */
function renderWord(word: string, index: number, context: TemplateContext): string[] {
  const at = [...key('spec', 'command'), { kind: 'index', index }] as const
  if (!isTemplate(word)) return [word]
  const before = context.problems.length
  const value = renderLeaf(word, at, context)
  if (value === undefined && context.problems.length === before) context.problems.push(problemAt(at, context, { message: `${word} is not set`, found: word, expected: 'a value, or {{#if …}} around the whole word' }))
  const text = asText(value)
  return text === '' ? [] : [text]
}

/** Numbers and booleans as they are, nothing as nothing, objects as JSON. */
function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function renderVariable(variable: EnvVar, context: TemplateContext): EnvVar {
  if (variable.value === undefined) return variable
  const value = renderLeaf(variable.value, [...key('spec', 'env'), { kind: 'item', name: variable.name }], context)
  return { ...variable, value: asText(value) }
}
