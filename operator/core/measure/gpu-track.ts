// SPDX-License-Identifier: Apache-2.0
/** Scrapes of GPU exporters → one track for each GPU of the stack. A GPU of somebody else is left out, or, where nobody says whose it is, all are in doubt. */
import { accumulated, type Point } from './pod-track.ts'
import { parsePrometheus, type PromSample, type Scrape } from './scrape.ts'
import { GPU_FIELD_NAMES, GPU_FIELDS, GPU_LABELS, GPU_SERIES, type GpuField } from './gpu-names.ts'

export interface GpuTrack {
  readonly uuid: string
  readonly node: string | undefined
  readonly labels: Readonly<Record<string, string>>
  /** In our units; counters count from the first scrape. */
  readonly fields: Readonly<Record<GpuField, readonly Point[]>>
}

export interface StackGpus {
  readonly tracks: readonly GpuTrack[]
  /** false: exporters do not say which pod has which GPU, and know other GPUs than the stack took. */
  readonly attributed: boolean
}

const WANTED: ReadonlySet<string> = new Set(GPU_SERIES)

/** Samples of an exporter's text, thinned to what is read. */
export function gpuSamples(text: string): PromSample[] {
  return parsePrometheus(text, (name) => WANTED.has(name)).map(thinned)
}

function thinned(sample: PromSample): PromSample {
  return { ...sample, labels: Object.fromEntries(Object.entries(sample.labels).filter(([label]) => GPU_LABELS.includes(label))) }
}

interface Owners { readonly pods: readonly string[]; readonly namespace: string; readonly gpus: number }

/** GPUs that exporters give to the stack's pods; where they name no pods, all that they know, if there are just as many as the stack took. */
export function stackGpus(scrapes: readonly Scrape[], originEpochMs: number, owners: Owners): StackGpus {
  const looks = scrapes.filter((s) => s.kind === 'gpu').sort((a, b) => a.epochMs - b.epochMs)
  const samples = looks.flatMap((look) => samplesOf(look).map((sample) => ({ atMs: look.epochMs - originEpochMs, node: look.node, sample })))
  const named = samples.filter(({ sample }) => podOf(sample) !== '')
  const own = named.filter(({ sample }) => owners.pods.includes(podOf(sample)) && [undefined, '', owners.namespace].includes(namespaceOf(sample)))
  const owned = new Set(own.map(keyOf))
  // Of a server that we did not stand up, whoever chose the exporters' series chose its GPUs.
  const chosen = owners.pods.length === 0
  const tracks = [...Map.groupBy(samples, keyOf)].filter(([key]) => chosen || named.length === 0 || owned.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1)).map(([, seen]) => trackOf(seen))
  return { tracks, attributed: chosen || named.length > 0 || tracks.length === owners.gpus }
}

interface Seen { readonly atMs: number; readonly node: string | undefined; readonly sample: PromSample }

function samplesOf(look: Scrape): readonly PromSample[] {
  if ('samples' in look) return look.samples
  return 'text' in look ? gpuSamples(look.text) : []
}

/** A MIG instance is a GPU of its own. */
function keyOf({ sample: { labels } }: Seen): string {
  return `${labels['UUID'] ?? `${labels['Hostname'] ?? ''}/${labels['gpu'] ?? ''}`}/${labels['GPU_I_ID'] ?? ''}`
}

const podOf = ({ labels }: PromSample): string => (labels['exported_pod'] ?? '') || (labels['pod'] ?? '')
const namespaceOf = ({ labels }: PromSample): string | undefined => (labels['exported_namespace'] ?? '') || labels['namespace']

function trackOf(seen: readonly Seen[]): GpuTrack {
  const labels = Object.assign({}, ...seen.map((s) => s.sample.labels)) as Record<string, string>
  const byName = Map.groupBy(seen, (s) => s.sample.name)
  const of = (field: GpuField): Point[] => {
    const { names, scale, kind } = GPU_FIELDS[field]
    const found = names.find((name) => byName.has(name))
    if (found === undefined) return []
    const byTime = Map.groupBy((byName.get(found) ?? []).filter((s) => Number.isFinite(s.sample.value)), (s) => s.atMs)
    // One GPU has several series where several pods share it, which say the same, and one for each code of an error, which add up.
    const one = (values: readonly number[]) => (field === 'xidCount' ? values.reduce((a, b) => a + b, 0) : Math.max(...values))
    const raw = [...byTime].map(([t, at]): Point => [t, one(at.map((s) => s.sample.value)) * scale])
    return kind === 'counter' ? accumulated(raw, () => undefined) : raw
  }
  return {
    uuid: labels['UUID'] ?? labels['gpu'] ?? 'unknown', node: seen.find((s) => s.node !== undefined)?.node ?? labels['Hostname'], labels,
    fields: Object.fromEntries(GPU_FIELD_NAMES.map((field) => [field, of(field)])) as unknown as GpuTrack['fields'],
  }
}
