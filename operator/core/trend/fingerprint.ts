// SPDX-License-Identifier: Apache-2.0
/**
 * What a run was measured with and on (its environment), and what was measured (its subject), as few facts that can be compared. A run in
 * another environment is no regression; a change of the subject may be one. Nodes, times and names are neither.
 */
import { canonicalJson } from '../design/canonical.ts'
import { sha256Hex } from '../design/identity.ts'
import { isObject } from '../design/path.ts'
import { HARNESS_IMAGE } from '../model/deployed.ts'
import type { Findings } from '../model/findings.ts'
import type { ExperimentInput } from '../report/results.ts'

/** What facts there are, as they are kept in histories. */
const FACTS = [
  'model', 'accelerator', 'gpus', 'gpu', 'driver', 'harness', 'harness settings', 'workload', 'slo', 'tokenizer', 'assay', 'images', 'charts', 'arguments', 'values', 'scenario',
] as const
type Fact = (typeof FACTS)[number]
export const isFact = (name: string): name is Fact => (FACTS as readonly string[]).includes(name)

export type Facts = Readonly<Record<string, string>>
export interface Fingerprint { readonly environment: Facts; readonly subject: Facts }

/** Specifications as they were when it was planned, where they are on record. */
export type Library = Partial<Readonly<Record<'scenario' | 'workload' | 'harness', unknown>>>

export function fingerprintOf({ experiment: { spec }, trials }: Pick<ExperimentInput, 'experiment' | 'trials'>, library: Library = {}): Fingerprint {
  const part = (name: keyof Library) => library[name] ?? spec[name]
  const scenario = part('scenario')
  const { model, accelerator, ...served } = isObject(scenario) ? scenario : {}
  return {
    environment: known({
      model: model === undefined ? '' : modelText(model),
      accelerator: isObject(accelerator) ? flatText({ ...accelerator, hourlyCost: undefined }) : '',
      gpus: all(trials, (t) => [String(t.gpus)]),
      gpu: all(trials, ({ provenance: { gpus, nodes } }) => [...gpus.map((g) => g.model), ...(gpus.length === 0 ? nodes.map((n) => n.gpu?.product) : [])]),
      driver: all(trials, ({ provenance: { gpus, nodes } }) => [...gpus.map((g) => g.driver), ...(gpus.length === 0 ? nodes.map((n) => n.gpu?.driver) : [])]),
      harness: all(trials, (t) => [`${t.tool.name} ${t.tool.version}`]),
      'harness settings': digest(part('harness')),
      workload: digest(part('workload')),
      slo: spec.slo === undefined ? '' : flatText(spec.slo),
      tokenizer: all(trials, (t) => [t.provenance.tokenizer]),
      assay: all(trials, (t) => [t.provenance.operatorVersion]),
    }),
    subject: known({
      images: all(trials, (t) => t.provenance.images.filter((i) => !i.name.startsWith(HARNESS_IMAGE)).map(imageText)),
      charts: all(trials, (t) => t.provenance.charts.map((c) => [c.chart, c.digest?.slice(0, 19)].filter(Boolean).join(' '))),
      arguments: digestOfAll(trials, (t) => t.provenance.images.flatMap((i) => i.args ?? [])),
      values: digestOfAll(trials, (t) => t.provenance.charts.flatMap((c) => c.valuesDigest ?? [])),
      scenario: scenario === undefined ? '' : digest(served),
    }),
  }
}

const known = (facts: Partial<Readonly<Record<Fact, string>>>): Facts => Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''))

function modelText(model: unknown): string {
  if (!isObject(model)) return ''
  const [name = '', revision, dtype, quantization] = ['name', 'revision', 'dtype', 'quantization'].map((key) => textIn(model, key))
  return [revision === undefined ? name : `${name}@${revision}`, dtype, quantization].filter((x) => x !== undefined && x !== 'none').join(' ')
}

const textIn = (object: Readonly<Record<string, unknown>>, key: string): string | undefined => {
  const value = object[key]
  return typeof value === 'string' ? value : undefined
}

const flatText = (value: object): string => canonicalJson(value).replaceAll(/[{}"]/g, '').replaceAll(',', ', ').replaceAll(':', ' ')

/** Short enough to read, long enough not to be met twice. Words, and what a tool could also do, change nothing that is measured. */
function digest(value: unknown): string {
  if (value === undefined) return ''
  const said = isObject(value) ? { ...value, description: undefined, supports: undefined, refuses: undefined } : value
  return sha256Hex(canonicalJson(said)).slice(0, 12)
}

function all(trials: readonly Findings[], of: (trial: Findings) => readonly (string | undefined)[]): string {
  return listed(trials.flatMap(of)).join(', ')
}

/** Each once, in an order that does not depend on that of the trials. */
const listed = (texts: readonly (string | undefined)[]): string[] =>
  [...new Set(texts.flatMap((x) => (x === undefined || x === '' ? [] : [x])))].sort((a, b) => (a < b ? -1 : 1))

function digestOfAll(trials: readonly Findings[], of: (trial: Findings) => readonly string[]): string {
  const texts = listed(trials.map((t) => of(t).join('\n')))
  return texts.length === 0 ? '' : digest(texts)
}

/** The digest alone: registries and runtimes put different names before it. */
function imageText({ image, digest: of }: Findings['provenance']['images'][number]): string {
  return of === undefined ? image : `${image} ${of.slice(of.lastIndexOf('@') + 1).slice(0, 19)}`
}

export interface FactChange { readonly fact: string; readonly before?: string; readonly after?: string }

export function changesOf(before: Facts, after: Facts): FactChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.filter((fact) => before[fact] !== after[fact]).map((fact) => ({
    fact, ...(before[fact] !== undefined && { before: before[fact] }), ...(after[fact] !== undefined && { after: after[fact] }),
  }))
}
