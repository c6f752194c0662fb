// SPDX-License-Identifier: Apache-2.0
/** Command line, environment and file become one configuration: file < environment < command line. Unknown names are refused. */
import { parse } from 'yaml'
import type { z } from 'zod'
import { SimulatorConfig } from './config.ts'
import { configFields } from './config-fields.ts'
import type { Field } from './config-fields.ts'
import { isMap, nearest, setPath } from './overlay.ts'
import type { Document } from './overlay.ts'

export type Command = { readonly kind: 'help' } | { readonly kind: 'print'; readonly config: SimulatorConfig } | { readonly kind: 'serve'; readonly config: SimulatorConfig }

/** What the shell lends: variables and a way to read a file. */
export type Surroundings = { readonly env: Readonly<Record<string, string | undefined>>; readonly readFile: (path: string) => string }

/** The configuration cannot be used; the message says where, what was expected and the nearest valid name. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}

const ENV_PREFIX = 'ASSAY_SIM__'
const ENV_FILE = 'ASSAY_SIM_CONFIG'

/** Flags of `vllm serve` that mean something here, so that the same arguments start either. */
const VLLM_FLAGS: Readonly<Record<string, string>> = {
  model: 'model.name', 'served-model-name': 'model.aliases', 'max-model-len': 'model.maxLength', 'max-num-seqs': 'batch.maxSequences',
  'block-size': 'cache.blockTokens', 'num-gpu-blocks-override': 'cache.blocks', 'enable-prefix-caching': 'cache.prefixCaching',
  'tensor-parallel-size': 'parameters.tensorParallel', 'pipeline-parallel-size': 'parameters.pipelineParallel',
  'data-parallel-size': 'parameters.dataParallel', 'gpu-memory-utilization': 'parameters.gpuMemoryUtilization', dtype: 'parameters.dtype',
  quantization: 'parameters.quantization', 'api-key': 'server.apiKeys', host: 'server.host', port: 'server.port', seed: 'random.seed',
  'enable-prompt-tokens-details': 'server.promptTokensDetails',
}

export function readCommand(argv: readonly string[], surroundings: Surroundings): Command {
  const flags = parseFlags(argv)
  if (flags.some(({ name }) => name === 'help')) return { kind: 'help' }
  const fields = configFields()
  const file = flags.findLast(({ name }) => name === 'config')?.text ?? surroundings.env[ENV_FILE]
  let document = file === undefined ? {} : readDocument(file, surroundings)
  for (const [path, value] of environment(surroundings.env, fields)) document = setPath(document, path, value)
  for (const { name, value } of flags) {
    if (name === 'config' || name === 'print-config') continue
    const path = pathOfFlag(name, fields)
    document = setPath(document, path.split('.'), listIfNeeded(path, value, fields))
  }
  const config = check(document, fields)
  return { kind: flags.some(({ name }) => name === 'print-config') ? 'print' : 'serve', config }
}

/** Refuses with every problem, one a line. */
export function check(document: Document, fields: readonly Field[] = configFields()): SimulatorConfig {
  const result = SimulatorConfig.safeParse(document)
  if (result.success) return result.data
  throw new OptionsError(result.error.issues.map((issue) => describe(issue, fields)).join('\n'))
}

type Flag = { readonly name: string; readonly text: string; readonly value: unknown }

function parseFlags(argv: readonly string[]): Flag[] {
  const flags: Flag[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!word.startsWith('--')) throw new OptionsError(`unexpected argument ${word}: expected --name value`)
    const [name, inline] = splitOnce(word.slice(2), '=')
    const next = argv[i + 1]
    if (inline !== undefined) flags.push({ name, text: inline, value: scalar(inline) })
    else if (next === undefined || next.startsWith('--')) flags.push(bareFlag(name))
    else {
      flags.push({ name, text: next, value: scalar(next) })
      i++
    }
  }
  return flags
}

function bareFlag(name: string): Flag {
  return name.startsWith('no-') ? { name: name.slice(3), text: 'false', value: false } : { name, text: 'true', value: true }
}

function pathOfFlag(name: string, fields: readonly Field[]): string {
  const known = VLLM_FLAGS[name]
  if (known) return known
  if (fields.some((field) => field.path === name) || name.startsWith('parameters.')) return name
  const names = [...fields.map((field) => field.path), ...Object.keys(VLLM_FLAGS), 'config', 'help', 'print-config']
  throw new OptionsError(`unknown option --${name}${hint(nearest(name, names), '--')}`)
}

function environment(env: Surroundings['env'], fields: readonly Field[]): [string[], unknown][] {
  const byName = new Map(fields.map((field) => [ENV_PREFIX + field.path.split('.').map(upperSnake).join('__'), field.path]))
  const settings = Object.entries(env).filter(([name]) => name.startsWith(ENV_PREFIX)).map(([name, text]): [string[], unknown] => {
    const path = byName.get(name)
    if (path === undefined) throw new OptionsError(`unknown variable ${name}${hint(nearest(name, [...byName.keys()]))}`)
    return [path.split('.'), listIfNeeded(path, scalar(text ?? ''), fields)]
  })
  const key = env['VLLM_API_KEY']
  return key ? [[['server', 'apiKeys'], [key]], ...settings] : settings
}

function readDocument(path: string, surroundings: Surroundings): Document {
  const document: unknown = parse(surroundings.readFile(path)) ?? {}
  if (!isMap(document)) throw new OptionsError(`${path}: expected a map of settings`)
  return document
}

/** Words that YAML reads as numbers or booleans become those; the rest stays text. */
function scalar(text: string): unknown {
  const value: unknown = parse(text)
  return value === null || value === undefined ? text : value
}

function listIfNeeded(path: string, value: unknown, fields: readonly Field[]): unknown {
  const isList = fields.find((field) => field.path === path)?.type.startsWith('list')
  return isList && !Array.isArray(value) ? [String(value)] : value
}

function describe(issue: z.core.$ZodIssue, fields: readonly Field[]): string {
  const at = issue.path.map(String).join('.')
  if (issue.code !== 'unrecognized_keys') return `${at === '' ? 'configuration' : at}: ${issue.message}`
  const paths = issue.keys.map((key) => (at === '' ? key : `${at}.${key}`))
  const known = [...new Set(fields.flatMap(({ path }) => path.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.'))))]
  return paths.map((path) => `${path}: unknown setting${hint(nearest(path, known))}`).join('\n')
}

function hint(name: string | undefined, prefix = ''): string {
  return name === undefined ? '' : `; did you mean ${prefix}${name}?`
}

function upperSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
