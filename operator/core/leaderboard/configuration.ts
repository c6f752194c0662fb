// SPDX-License-Identifier: Apache-2.0
/** What tells one row of a leaderboard from another: model, back end, number format and load, read out of resolved specifications. It measures nothing. */
import { getAt, isObject, parsePath } from '../design/path.ts'

export const CONFIGURATION_KEYS = ['model', 'backend', 'device', 'dtype', 'quantization', 'attention', 'batch', 'input', 'output'] as const
export type ConfigurationKey = (typeof CONFIGURATION_KEYS)[number]
/** As text; a key is not there where nothing is said of it. */
export type Configuration = Readonly<Partial<Record<ConfigurationKey, string>>>

/** Specifications of one treatment, as far as they are known. */
export interface Parts { readonly scenario?: unknown; readonly workload?: unknown; readonly harness?: unknown }

/** Where each is written: the first place that holds something counts. */
const PLACES: Readonly<Record<Exclude<ConfigurationKey, 'backend' | 'batch' | 'device'>, readonly string[]>> = {
  model: ['scenario.model.name'],
  dtype: ['scenario.model.dtype', 'scenario.serving.args.torch_dtype', 'scenario.serving.args.dtype'],
  quantization: ['scenario.model.quantization', 'scenario.serving.args.quantization_scheme', 'scenario.serving.args.quantization'],
  attention: ['scenario.serving.args.attn_implementation', 'scenario.serving.args["attn-implementation"]', 'scenario.serving.args["attention-backend"]'],
  input: ['workload.data.synthetic.input.fixed'],
  output: ['workload.data.synthetic.output.fixed'],
}
const DEVICE = ['scenario.serving.args.device']

const at = (parts: Parts, path: string): unknown => {
  const parsed = parsePath(path)
  return parsed.ok ? getAt(parts, parsed.segments) : undefined
}

const textAt = (parts: Parts, paths: readonly string[]): string | undefined =>
  paths.map((path) => at(parts, path)).filter((value) => typeof value === 'string' || typeof value === 'number').map(String).find((text) => text !== '')

export function configurationOf(parts: Parts): Configuration {
  const found = Object.fromEntries(Object.entries(PLACES).flatMap(([key, paths]) => {
    const text = textAt(parts, paths)
    return text === undefined ? [] : [[key, text]]
  }))
  return normalized({ ...found, ...optional('backend', backendOf(parts)), ...optional('device', deviceOf(parts)), ...optional('batch', batchOf(parts)) })
}

const optional = (key: ConfigurationKey, value: string | undefined) => (value === undefined ? {} : { [key]: value })

/** None, and names with the module that they live in, are written in many ways. */
export function normalized(configuration: Configuration): Configuration {
  return Object.fromEntries(Object.entries(configuration).flatMap(([key, value]) => {
    const text = value.trim().replace(/^torch\./, '')
    const nothing = text === '' || (key === 'quantization' && /^(none|null|unquantized)$/i.test(text))
    return nothing ? [] : [[key, text]]
  }))
}

/** What scenarios say where nobody says anything: a server. Tools that serve nothing then take their own. */
const UNSAID = 'vllm'
const OWN_BACKEND: Readonly<Record<string, string>> = { 'optimum-benchmark': 'pytorch', transformers: 'transformers' }

function backendOf(parts: Parts): string | undefined {
  if (!isObject(parts.scenario)) return undefined
  const engine = textAt(parts, ['scenario.serving.engine']) ?? UNSAID
  const adapter = at(parts, 'harness.results.adapter')
  return engine === UNSAID && typeof adapter === 'string' ? (OWN_BACKEND[adapter] ?? engine) : engine
}

function deviceOf(parts: Parts): string | undefined {
  const said = textAt(parts, DEVICE)
  if (said !== undefined) return said
  const accelerators = at(parts, 'scenario.accelerator.perReplica')
  if (!isObject(parts.scenario)) return undefined
  if (typeof accelerators !== 'number' || accelerators === 0) return 'cpu'
  return textAt(parts, ['scenario.accelerator.resource'])?.startsWith('amd.com') === true ? 'rocm' : 'cuda'
}

/** A closed loop keeps a whole batch in flight. */
function batchOf(parts: Parts): string | undefined {
  const stages = at(parts, 'workload.load.concurrent.stages')
  const sizes = Array.isArray(stages) ? stages.flatMap((stage: unknown) => (isObject(stage) && typeof stage['concurrency'] === 'number' ? [stage['concurrency']] : [])) : []
  if (sizes.length === 0) return at(parts, 'workload.load.synchronous') === undefined ? undefined : '1'
  return [...new Set(sizes)].join(', ')
}

/** Arguments of the back end by dotted name, as they were given: leaderboards of others have a column for each. */
export function backendArguments(parts: Parts): Readonly<Record<string, string>> {
  return Object.fromEntries([...leaves(at(parts, 'scenario.serving.args'), ''), ...leaves(at(parts, OVERRIDDEN), '')])
}

/** What a workload lays over the tool's own configuration of its back end. */
const OVERRIDDEN = 'workload.overrides["optimum-benchmark"].config.backend'

function leaves(value: unknown, name: string): [string, string][] {
  if (isObject(value)) return Object.entries(value).flatMap(([key, member]) => leaves(member, name === '' ? key : `${name}.${key}`))
  return value === undefined || value === null || name === '' ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
}

/** `gpt2 · pytorch · float32`: what people call a row. */
export function configurationLabel(configuration: Configuration, keys: readonly ConfigurationKey[] = CONFIGURATION_KEYS): string {
  return keys.flatMap((key) => configuration[key] ?? []).join(' · ')
}
