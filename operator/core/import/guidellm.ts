// SPDX-License-Identifier: Apache-2.0
/** Profiles of guidellm, of version 0.7 and of the flat form before it, as WorkloadProfiles. */
import { isObject } from '../design/path.ts'
import { asNumber, type Ledger, openLedger, valueAt } from './ledger.ts'
import { lengthsOf, seconds } from './lengths.ts'
import { PLACEHOLDER, type ProfileReading, stageName } from './profile-draft.ts'

export function readGuidellm(ledger: Ledger): ProfileReading {
  const at = ledger.has('spec') ? 'spec.' : ''
  const kind = ledger.text(ledger.has(`${at}profile.kind`) ? `${at}profile.kind` : `${at}profile`)
  ledger.handled('metadata', `${at}backend.kind`, `${at}backend.target`, `${at}backend.model`, `${at}target`, `${at}model`, `${at}data_loader`)
  const data = readData(ledger, `${at}data`)
  if (data['input'] === undefined || data['output'] === undefined) return { refusal: 'it says nothing of the lengths of prompts or answers (prompt_tokens, output_tokens)' }
  const stages = readStages(ledger, at)
  const load = loadOf(kind, stages, data['turns'] !== undefined)
  if ('refusal' in load) return load
  if (data['turns'] !== undefined) ledger.note(`${at}data`, 'streams become sessions, and requests count sessions')
  return { draft: { api: readApi(ledger, at), data: { synthetic: data }, load: load.load } }
}

function readApi(ledger: Ledger, at: string): Record<string, unknown> {
  const format = ledger.text(`${at}backend.request_format`) ?? ledger.text(`${at}data_request_formatter`) ?? ''
  return { kind: /chat/.test(format) ? 'chat' : 'completions', streaming: true, ignoreEos: true }
}

function readData(ledger: Ledger, at: string): Record<string, unknown> {
  const list = Array.isArray(ledger.peek(at))
  const own = list ? `${at}.0` : at
  const of = (name: string) => ledger.number(`${own}.${name}`)
  const lengths = (kind: string) => lengthsOf({ mean: of(`${kind}_tokens`), stddev: of(`${kind}_tokens_stdev`), min: of(`${kind}_tokens_min`), max: of(`${kind}_tokens_max`) })
  ledger.handled(`${own}.kind`)
  const turns = of('turns') ?? 1
  const [groups, length] = [of('prefix_buckets.0.prefix_count'), of('prefix_buckets.0.prefix_tokens')]
  return {
    ...(length === undefined ? {} : { prefix: { ...(groups === undefined ? {} : { groups }), length } }),
    input: lengths('prompt'), output: lengths('output'), ...(turns > 1 ? { turns: { count: turns } } : {}),
  }
}

interface Stage { readonly point: number | undefined; readonly end: Record<string, unknown> | undefined }

/** One stage for each entry of benchmarks or of a list of rates; each may overlay the rest. */
function readStages(ledger: Ledger, at: string): Stage[] {
  const base = at === '' ? ledger.peek('') : ledger.peek('spec')
  ledger.handled(`${at}profile`, `${at}rate`, `${at}constraints`, `${at}max_seconds`, `${at}max_requests`)
  const overlays = ledger.take('benchmarks')
  if (Array.isArray(overlays)) return overlays.map((overlay: unknown, i) => stageOf(overlaid(base, overlay, (path) => ledger.missing(`benchmarks.${i}.${path}`, 'a stage differs from others by its load and its end only'))))
  const rates = valueAt(base, 'profile.rate') ?? valueAt(base, 'rate') ?? valueAt(base, 'profile.streams')
  return (Array.isArray(rates) ? rates : [rates]).map((rate: unknown) => ({ ...stageOf(base), point: asNumber(rate) }))
}

const OWN = /^(profile\.(rate|streams)|constraints(\.|$))/

/** The file with one benchmark's members laid over it: `profile.streams`, `constraints[0].count`. */
function overlaid(base: unknown, overlay: unknown, drop: (path: string) => void): unknown {
  const copy: unknown = structuredClone(base)
  for (const [key, value] of isObject(overlay) ? Object.entries(overlay) : []) {
    const path = key.replaceAll(/\[(\d+)\]/g, '.$1')
    const parent: unknown = valueAt(copy, path.split('.').slice(0, -1).join('.'))
    if (!OWN.test(path)) drop(key)
    else if (typeof parent === 'object' && parent !== null) Object.assign(parent, { [path.split('.').at(-1) ?? '']: value })
  }
  return copy
}

function stageOf(base: unknown): Stage {
  const { number } = openLedger(base)
  const limits = valueAt(base, 'constraints')
  const limit = (kind: string, member: string) => asNumber(valueAt((Array.isArray(limits) ? limits : []).find((l: unknown) => valueAt(l, 'kind') === kind), member))
  const requests = limit('max_requests', 'count') ?? number('max_requests')
  const duration = limit('max_duration', 'seconds') ?? number('max_seconds')
  return { point: number('profile.streams') ?? number('profile.rate') ?? number('rate'), end: requests === undefined ? (duration === undefined ? undefined : { duration: seconds(duration) }) : { requests } }
}

type LoadReading = { readonly load: Record<string, unknown> } | { readonly refusal: string }

function loadOf(kind: string | undefined, stages: readonly Stage[], turns: boolean): LoadReading {
  const [first] = stages
  if (first?.end === undefined) return { refusal: 'no constraint ends a stage (max_duration or max_requests)' }
  if (kind === 'synchronous' || kind === 'throughput') return { load: { [kind]: first.end } }
  if (kind !== 'concurrent' && kind !== 'constant' && kind !== 'poisson') return { refusal: `profile ${kind ?? 'of no kind'} cannot be expressed${kind === 'sweep' ? ': load.sweep needs the rates to begin and end with' : ''}` }
  if (stages.some((stage) => stage.point === undefined || stage.end === undefined)) return { refusal: 'a stage has no rate or streams' }
  const closed = kind === 'concurrent'
  if (turns && !closed) return { refusal: 'turns at a rate cannot be expressed: load.sessions keeps a number of sessions in flight' }
  return { load: { [turns ? 'sessions' : kind]: { stages: stages.map(({ point, end }, i) => ({ name: stageName(i), ...(closed ? { concurrency: point } : { rate: point }), ...end })) } } }
}

export const isGuidellm = (value: unknown) => valueAt(value, 'spec.profile') !== undefined || (isObject(value) && PLACEHOLDER.test(String(value['target'])) && 'profile' in value)
