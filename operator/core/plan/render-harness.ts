// SPDX-License-Identifier: Apache-2.0
/** From a harness and what a trial is told to the tool's files, command line and environment. It knows no tool. */
import { stringify } from 'yaml'
import { z } from 'zod'
import type { EnvVar } from '../model/common.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Checked } from '../model/problem.ts'
import { TrialSpec } from '../model/trial.ts'
import { TrialJob } from '../model/trial-job.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { isTemplate, newContext, problemAt, renderLeaf, renderTree, type TemplateContext } from './render-tree.ts'

interface RenderedHarness {
  /** Text by file name; they lie in the folder of the configuration. */
  readonly files: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly env: readonly EnvVar[]
}

const { endpoint, stack, paths, trial } = TrialJob.shape
const { seeds, treatment, replicate, timeout, slo } = TrialSpec.shape

/** Names that templates of a harness may use. */
const HarnessContext = z.object({
  endpoint,
  model: stack.shape.model.extend({ served: z.string().meta({ description: 'Model name for requests.' }) }),
  workload: WorkloadProfileSpec,
  trial: trial.extend({ seeds, treatment, replicate, timeout, slo }),
  paths,
  tokenizer: z.object({ name: z.string(), revision: z.string().optional(), countBy: z.string(), path: z.string().optional() }),
  stack,
})
type HarnessContext = z.infer<typeof HarnessContext>

function harnessContextOf(job: TrialJob): HarnessContext {
  const { spec } = job
  const { tokenizer } = spec.workload
  return {
    endpoint: job.endpoint, model: { ...job.stack.model, served: job.endpoint.model }, workload: spec.workload,
    trial: { ...job.trial, seeds: spec.seeds, treatment: spec.treatment, replicate: spec.replicate, timeout: spec.timeout, slo: spec.slo },
    paths: job.paths, tokenizer: { name: tokenizer.name, revision: tokenizer.revision, countBy: tokenizer.countBy, path: job.paths.tokenizer }, stack: job.stack,
  }
}

export function renderHarness(harness: HarnessSpec, job: TrialJob, object?: string): Checked<RenderedHarness> {
  const context = newContext(HarnessContext, harnessContextOf(job), object)
  const files = renderFiles(harness.files, context)
  const command = harness.command.flatMap((word, i) => renderWord(word, i, context))
  const env = harness.env.map((variable) => renderVariable(variable, context))
  return context.problems.length > 0 ? { ok: false, problems: context.problems } : { ok: true, value: { files, command, env } }
}

/** What a key of a ConfigMap may be; trial.json and data-N are ours. */
const FILE_NAME = /^(?!trial\.json$|data-[0-9]+$|\.\.?$)[-._a-zA-Z0-9]{1,253}$/

function renderFiles(files: HarnessSpec['files'], context: TemplateContext): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => {
    const at = [{ kind: 'key', key: 'spec' }, { kind: 'key', key: 'files' }, { kind: 'key', key: name }] as const
    if (!FILE_NAME.test(name)) context.problems.push(problemAt(at, context, { message: `a file cannot be called ${name}`, found: name, expected: 'letters, digits, ".", "-" and "_"; not trial.json nor data-N' }))
    return [name, fileText(name, typeof content === 'string' ? renderLeaf(content, at, context) : renderTree(content, at, context))]
  }))
}

/** Text stays text; anything else is written as the ending of the name says. */
function fileText(name: string, content: unknown): string {
  if (typeof content === 'string') return content
  if (content === undefined) return ''
  return name.endsWith('.json') ? `${JSON.stringify(content, null, 2)}\n` : stringify(content, { lineWidth: 0 })
}

/** A template that comes to nothing is no word, so that {{#if}} can leave an argument out. */
function renderWord(word: string, index: number, context: TemplateContext): string[] {
  const at = [{ kind: 'key', key: 'spec' }, { kind: 'key', key: 'command' }, { kind: 'index', index }] as const
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
  const value = renderLeaf(variable.value, [{ kind: 'key', key: 'spec' }, { kind: 'key', key: 'env' }, { kind: 'item', name: variable.name }], context)
  return { ...variable, value: asText(value) }
}
