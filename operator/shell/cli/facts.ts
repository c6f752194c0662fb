// SPDX-License-Identifier: Apache-2.0
/** What determines a measurement, as flat facts in groups, so that two of them can be compared line by line. Names, uids and times are no facts. Pure. */
import { isObject } from '../../core/design/path.ts'
import type { Findings } from '../../core/model/findings.ts'
import type { ScenarioSpec } from '../../core/model/scenario.ts'
import type { TrialSpec } from '../../core/model/trial.ts'
import type { BundleRecord } from './bundle-record.ts'
import type { Collected } from './collect.ts'
import { labelOf } from './watch-view.ts'

export const GROUPS = ['images', 'versions', 'model', 'args', 'values', 'scenario', 'workload', 'harness', 'design', 'seeds', 'data', 'execution', 'hardware'] as const
export type Group = (typeof GROUPS)[number]
/** Value by path, by group. */
export type Facts = Readonly<Partial<Record<Group, Readonly<Record<string, string>>>>>

export function trialFacts(record: BundleRecord, scenario: ScenarioSpec, spec: TrialSpec): Facts {
  const { model, ...rest } = scenario
  const { workload, harness, seeds: _seeds, stackRef: _stack, treatment: _treatment, position: _position, block: _block, harnessName, ...execution } = spec
  return {
    images: imagesOf(record.images),
    versions: flat({ assay: record.versions.assay, harness: record.harness.version, charts: Object.fromEntries(record.charts.map(({ release, chart, digest }) => [release, { chart, digest }])) }),
    model: flat(model), args: flat(record.args), values: flat(record.values), scenario: flat(rest), workload: flat(workload), harness: flat({ name: harnessName, ...harness }),
    seeds: flat(record.seeds), data: flat(record.requests), execution: flat(execution), hardware: flat(record.hardware),
  }
}

/** Of all trials of an Experiment together; what differs between its own trials is one value, with all of them. */
export function experimentFacts({ experiment: { spec }, trials, library = {} }: Collected): Facts {
  const { design, scenario, workload, harness, scenarioRef: _s, workloadRef: _w, harnessRef: _h, suspend: _suspend, budget: _budget, prices: _prices, preflight: _preflight, ...execution } = spec
  const { model, ...rest } = known(library.scenario ?? scenario) ?? {}
  const parts = { model: known(model), scenario: known(library.scenario ?? scenario) && rest, workload: known(library.workload ?? workload), harness: known(library.harness ?? harness) }
  const versions = flat({ assay: all(trials, (t) => t.provenance.operatorVersion), harness: all(trials, (t) => `${t.tool.name} ${t.tool.version}`) })
  // Of results that somebody brought nothing else is on record.
  if (trials.some((t) => t.provenance.ingested !== undefined)) return { versions }
  return {
    images: imagesOf(trials.flatMap((t) => t.provenance.images)),
    versions,
    ...Object.fromEntries(Object.entries(parts).flatMap(([group, value]) => (value === undefined ? [] : [[group, flat(value)]]))), design: flat(design),
    seeds: Object.fromEntries(trials.map((t) => [placeOf(t), t.provenance.seeds === undefined ? 'unknown' : `${t.provenance.seeds.arrival} ${t.provenance.seeds.content}`])),
    data: Object.fromEntries(trials.map((t) => [placeOf(t), t.provenance.requestsSha256 ?? 'unknown'])),
    execution: flat(execution),
    hardware: flat({ gpus: all(trials, (t) => String(t.gpus)), nodes: all(trials, (t) => (t.startup?.pods ?? []).map((p) => p.node ?? '').join(' ')) }),
  }
}

/** Undefined where it is not on record: then it is not compared. */
const known = (value: unknown): Readonly<Record<string, unknown>> | undefined => (isObject(value) ? value : undefined)

const placeOf = ({ treatment, replicate }: Findings): string => `${labelOf(treatment) || 'trial'} #${replicate.stack}.${replicate.run}`

function all(trials: readonly Findings[], of: (trial: Findings) => string): string {
  return [...new Set(trials.map(of))].filter((text) => text !== '').sort().join(', ')
}

function imagesOf(images: readonly { readonly name: string; readonly image: string; readonly digest?: string }[]): Record<string, string> {
  const shown = Map.groupBy(images, (i) => i.name)
  return Object.fromEntries([...shown].map(([name, same]) => [name, [...new Set(same.map((i) => (i.digest === undefined ? i.image : `${i.image} ${digestOf(i.digest)}`)))].sort().join(', ')]))
}

/** The digest alone: registries and runtimes put different names before it. */
const digestOf = (reference: string): string => reference.slice(reference.lastIndexOf('@') + 1)

/** Leaves by dotted path; list items by their name where they have one. Descriptions say nothing about what is measured. */
export function flat(value: unknown, at = ''): Record<string, string> {
  if (Array.isArray(value)) return value.length === 0 ? {} : Object.assign({}, ...value.map((item, i) => flat(item, `${at}[${isObject(item) && typeof item['name'] === 'string' ? item['name'] : i}]`))) as Record<string, string>
  if (isObject(value)) return Object.assign({}, ...Object.entries(value).filter(([key]) => key !== 'description').map(([key, member]) => flat(member, pathTo(at, key)))) as Record<string, string>
  return value === undefined ? {} : { [at]: typeof value === 'string' ? value : JSON.stringify(value) }
}

function pathTo(at: string, key: string): string {
  const step = /^[\w-]+$/.test(key) ? key : `["${key}"]`
  return at === '' || step.startsWith('[') ? `${at}${step}` : `${at}.${step}`
}

export interface Difference { readonly group: Group; readonly path: string; readonly a?: string; readonly b?: string }
/** `unknown`: groups that one side says nothing of. */
export interface Comparison { readonly differences: readonly Difference[]; readonly same: readonly Group[]; readonly unknown: readonly Group[] }

export function compareFacts(a: Facts, b: Facts): Comparison {
  const common = GROUPS.filter((g) => a[g] !== undefined && b[g] !== undefined)
  const differences = common.flatMap((group) => differencesOf(group, a[group] ?? {}, b[group] ?? {}))
  const changed = new Set(differences.map((d) => d.group))
  return { differences, same: common.filter((g) => !changed.has(g)), unknown: GROUPS.filter((g) => (a[g] === undefined) !== (b[g] === undefined)) }
}

function differencesOf(group: Group, a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): Difference[] {
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return paths.filter((path) => a[path] !== b[path]).map((path) => ({ group, path, ...(a[path] !== undefined && { a: a[path] }), ...(b[path] !== undefined && { b: b[path] }) }))
}
