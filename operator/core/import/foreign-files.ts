// SPDX-License-Identifier: Apache-2.0
/** What a file of llm-d-benchmark is (scenario, profile, experiment), and what the objects are called that come from it. */
import { parseAllDocuments } from 'yaml'
import { isObject } from '../design/path.ts'
import { asText, type Remark, valueAt } from './ledger.ts'
import { PROFILE_TOOLS, toolOf } from './profile.ts'
import { hoisted } from './scenario.ts'
import { stacksOfEnvironment } from './scenario-env.ts'

export interface ForeignFile { readonly path: string; readonly text: string }
export interface ScenarioFile { readonly kind: 'scenario'; readonly file: string; readonly stacks: readonly Record<string, unknown>[]; readonly dropped: readonly Remark[] }
export interface ProfileFile { readonly kind: 'profile'; readonly file: string; readonly tool: string; readonly value: unknown }
export interface ExperimentFile { readonly kind: 'experiment'; readonly file: string; readonly value: unknown }
export type KnownFile = ScenarioFile | ProfileFile | ExperimentFile

const MAX_ALIASES = 100

/** The first document of a YAML text; undefined when it is none. Placeholders stand unquoted in templates, which YAML takes for text. */
function parsed(text: string): unknown {
  try {
    const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false })
    const document = 'empty' in documents ? undefined : documents.find((d) => d.contents !== null)
    return document === undefined || document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch {
    return undefined
  }
}

/** Undefined when it is none of the three. */
export function recognise({ path, text }: ForeignFile): KnownFile | undefined {
  if (/^\s*(export\s+)?LLMDBENCH_[A-Z0-9_]+=/m.test(text)) return { kind: 'scenario', file: path, ...stacksOfEnvironment(text) }
  const value = parsed(text)
  if (!isObject(value)) return undefined
  if (Array.isArray(value['scenario'])) return { kind: 'scenario', file: path, stacks: stacksOf(value), dropped: [] }
  const tool = PROFILE_TOOLS.find((name) => path.includes(`profiles/${name}/`)) ?? toolOf(value)
  if (tool !== undefined) return { kind: 'profile', file: path, tool, value }
  return ['treatments', 'setup', 'run', 'design'].some((key) => key in value) ? { kind: 'experiment', file: path, value } : undefined
}

function stacksOf({ scenario, shared }: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return (Array.isArray(scenario) ? scenario : []).map((stack: unknown) => ({ ...(isObject(shared) ? shared : {}), ...hoisted(stack) }))
}

const MAX_NAME = 40

/** A name that Kubernetes takes. */
export function objectName(text: string, longest = 63): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+/, '').slice(0, longest).replace(/-+$/, '') || 'imported'
}

export const fileName = (path: string) => path.replace(/^.*\//, '').replace(/\.(ya?ml(\.in)?|sh)$/, '')

/** Name of the object that comes from a file, or from one stack of it. */
export type Names = (file: string, index?: number) => string

/** Scenarios are called as they call themselves; of profiles of one name in several folders, all but the first have the tool's name, too. */
export function namesOf(scenarios: readonly ScenarioFile[], profiles: readonly ProfileFile[], experiments: readonly ExperimentFile[]): Names {
  const known = new Map<string, string>()
  const taken = new Set<string>()
  const give = (key: string, [wanted, other]: readonly [string, string], longest?: number) => {
    const free = [wanted, other, ...Array.from({ length: 1000 }, (_, i) => `${other.slice(0, 34)}-${i + 2}`)].map((name) => objectName(name, longest)).find((name) => !taken.has(name)) ?? wanted
    taken.add(free)
    known.set(key, free)
  }
  for (const { file, stacks } of scenarios) for (const [i, { name }] of stacks.entries()) give(`${file}#${i}`, [typeof name === 'string' ? name : fileName(file), fileName(file)])
  taken.clear()
  for (const { file, tool } of profiles) give(`${file}#0`, [fileName(file), `${fileName(file)}-${tool}`])
  taken.clear()
  for (const { file, value } of experiments) give(`${file}#0`, [asText(valueAt(value, 'experiment.name')) ?? fileName(file), fileName(file)], MAX_NAME)
  return (file, index = 0) => known.get(`${file}#${index}`) ?? objectName(fileName(file))
}
