// SPDX-License-Identifier: Apache-2.0
/** What a trial asks of a Prometheus, and its answers → scrapes and points as if we had looked ourselves. It asks nothing. */
import { z } from 'zod'
import { durationMs } from '../model/common.ts'
import type { QueryableName } from '../model/scenario-metrics.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { GPU_LABELS, GPU_SERIES } from './gpu-names.ts'
import type { Queried } from './queried.ts'
import type { PromSample, Scrape } from './scrape.ts'
import { NAMES, seriesNames } from './server-names.ts'

export interface RangeQuery {
  /** What the answer is: series of engines or GPUs as they expose them, or one metric of the catalogue. */
  readonly of: 'engine' | 'gpu' | QueryableName
  readonly query: string
}

export interface RangeWindow {
  readonly startEpochMs: number
  readonly endEpochMs: number
  readonly stepMs: number
}

/** Points of one series: Prometheus itself refuses more than 11,000. */
const MOST_POINTS = 2000

/** Queries that were written down; for the rest what is known of engines and DCGM, unless it is scraped. */
export function rangeQueries({ stack, trial }: TrialJob): RangeQuery[] {
  const source = stack.prometheus
  if (source === undefined) return []
  const [pods, nodes] = [alternatives((stack.startup?.pods ?? []).map((p) => p.pod)), alternatives(stack.nodes.map((n) => n.node))]
  const filled = (query: string) => query.replaceAll('$namespace', trial.namespace).replaceAll('$pods', pods).replaceAll('$nodes', nodes)
  const written = Object.entries(source.queries).map(([metric, query]): RangeQuery => ({ of: metric as QueryableName, query: filled(query) }))
  const selectors = source.selector === undefined ? ownSelectors(trial.namespace, pods) : [source.selector]
  const select = (names: readonly string[]) => selectors.map((selector) => `{__name__=~"${names.join('|')}"${selector === '' ? '' : `,${selector}`}}`).join(' or ')
  return [
    ...(stack.scrape.length === 0 ? [{ of: 'engine' as const, query: select(seriesNames(NAMES.engine)) }] : []),
    ...(stack.targets.some((t) => t.kind === 'gpu') ? [] : [{ of: 'gpu' as const, query: select(GPU_SERIES) }]),
    ...written,
  ]
}

/** An exporter's own label `pod` hides the one that it exposes, which then is exported_pod. */
function ownSelectors(namespace: string, pods: string): string[] {
  const matching = (prefix: string) => `${prefix}namespace="${namespace}",${prefix}pod=~"${pods}"`
  return [matching(''), matching('exported_')]
}

/** Names of Kubernetes objects need no escaping but of their dots. */
function alternatives(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('.', String.raw`\\.`)).join('|')
}

/** The trial's window with a step more at each end, at a step that keeps every series within bounds. */
export function rangeWindow(time: { readonly startEpochMs: number; readonly endEpochMs: number }, step: string): RangeWindow {
  const asked = Math.max(1000, durationMs(step))
  const stepMs = Math.max(asked, Math.ceil((time.endEpochMs - time.startEpochMs) / MOST_POINTS / 1000) * 1000)
  return { startEpochMs: time.startEpochMs - stepMs, endEpochMs: time.endEpochMs + stepMs, stepMs }
}

const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
})
export type RangeAnswer = z.infer<typeof Answer>['data']['result']

/** The series of an answer; a string says why there are none. */
export function parseAnswer(text: string): RangeAnswer | string {
  try {
    const parsed = Answer.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data.data.result : 'the answer is no range of series'
  } catch {
    return 'the answer is no JSON'
  }
}

/** Labels of the scraping and not of the metric. */
const TARGET_LABELS: ReadonlySet<string> = new Set(['job', 'instance', 'endpoint', 'service', 'container', 'prometheus', 'node', 'cluster', 'metrics_path'])

/** One scrape for each pod (or exporter) and time, in the order of time. */
export function toScrapes(answer: RangeAnswer, kind: 'engine' | 'gpu'): Scrape[] {
  const looks = new Map<string, { pod: string; epochMs: number; samples: PromSample[] }>()
  const seen = new Set<string>()
  for (const { metric: { __name__: name = '', ...labels }, values } of answer) {
    const pod = kind === 'gpu' ? (labels['instance'] ?? labels['Hostname'] ?? '') : (labels['pod'] ?? labels['exported_pod'] ?? labels['instance'] ?? '')
    const kept = Object.fromEntries(Object.entries(labels).filter(([label]) => (kind === 'gpu' ? GPU_LABELS.includes(label) : !TARGET_LABELS.has(label))).sort(([a], [b]) => (a < b ? -1 : 1)))
    // A pod that two jobs scrape is still one pod.
    const key = JSON.stringify([pod, name, kept])
    if (seen.has(key)) continue
    seen.add(key)
    for (const [seconds, value] of values) {
      const epochMs = seconds * 1000
      const look = looks.get(`${pod}/${epochMs}`) ?? { pod, epochMs, samples: [] }
      looks.set(`${pod}/${epochMs}`, look)
      look.samples.push({ name, labels: kept, value: Number(value) })
    }
  }
  return [...looks.values()].sort((a, b) => a.epochMs - b.epochMs).map((look): Scrape => ({ ...look, kind, atMs: look.epochMs }))
}

/** A query's series are added; who wants a mean writes it into the query. */
export function toQueried(answer: RangeAnswer, metric: QueryableName): Queried {
  const sums = new Map<number, number>()
  for (const { values } of answer) for (const [seconds, value] of values) if (Number.isFinite(Number(value))) sums.set(seconds * 1000, (sums.get(seconds * 1000) ?? 0) + Number(value))
  return { metric, points: [...sums].sort(([a], [b]) => a - b) }
}
