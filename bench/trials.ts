// SPDX-License-Identifier: Apache-2.0
/** What Assay adds to a trial, on a real cluster: time beyond pod and harness, requests to the API server, and how fast it reacts. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXPERIMENTS, TRIALS } from '../operator/shell/kube/assay-resources.ts'
import { type CallsMade, callsBetween, describeCalls, readCalls } from './api-calls.ts'
import { type Cluster, withCluster } from './cluster.ts'
import { figure, type Figure, statistic } from './figure.ts'
import { observationsBetween } from './histogram.ts'
import { experimentSpec, ROOT } from './library.ts'
import { type Recorder, record } from './recorder.ts'
import { partsOf, reactions, readyToJob, type TrialParts } from './timeline.ts'

const RUNS = 10
const STACKS = 3
const WITHIN_MS = 240_000
/** Long enough for the operator to come to rest while the harness runs, which is when its counters are read. */
const LOAD = { api: { timeout: '20s' }, data: { synthetic: { input: { fixed: 32 }, output: { fixed: 8 } } }, load: { poisson: { stages: [{ name: 'main', rate: 5, duration: '3s' }] }, drain: '5s' } }

export async function benchTrials(): Promise<Figure[]> {
  return withCluster(async (cluster) => {
    const recorder = await record(cluster)
    try {
      const metricsBefore = await cluster.metrics()
      const calls = await measureCalls(cluster, recorder)
      await runToEnd(cluster, recorder, { name: 'ready', design: { replicates: { stacks: STACKS } } })
      await keepRaw(recorder)
      return [...figuresOf(recorder, calls), ...operatorFigures(metricsBefore, await cluster.metrics())]
    } finally {
      await recorder.stop()
    }
  })
}

const ONE_TREATMENT = { fullFactorial: { factors: [{ name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [5] }] } }

async function begin({ apply }: Cluster, { name, design }: { name: string; design: object }): Promise<void> {
  const { workloadRef: _, ...spec } = experimentSpec({ ...ONE_TREATMENT, ...design }, { workload: LOAD, execution: { trialTimeout: '2m' } })
  await apply(EXPERIMENTS, { metadata: { name }, spec })
}

async function runToEnd(cluster: Cluster, recorder: Recorder, experiment: { name: string; design: object }): Promise<void> {
  await begin(cluster, experiment)
  await untilEnded(recorder, experiment.name)
}

async function untilEnded(recorder: Recorder, name: string): Promise<void> {
  await recorder.until(() => ['Succeeded', 'Failed'].includes(recorder.phaseOf(name) ?? ''), WITHIN_MS)
}

interface Counted { readonly calls: CallsMade; readonly trials: number; readonly others: number }

/** From the second trial's harness to that of the last but two: whole trials on a stack that stands, each with all its steps. */
async function measureCalls(cluster: Cluster, recorder: Recorder): Promise<Counted> {
  await begin(cluster, { name: 'reuse', design: { replicates: { runs: RUNS } } })
  const [from, to] = [2, RUNS - 2]
  await recorder.until(() => harnessesSeen(recorder) >= from, WITHIN_MS)
  const [before, othersBefore] = [readCalls(await cluster.metrics()), await trialsElsewhere(cluster)]
  await recorder.until(() => harnessesSeen(recorder) >= to, WITHIN_MS)
  const [after, othersAfter] = [readCalls(await cluster.metrics()), await trialsElsewhere(cluster)]
  await untilEnded(recorder, 'reuse')
  return { calls: callsBetween(before, after), trials: to - from, others: othersBefore === othersAfter ? 0 : 1 }
}

/** Trials whose harness has been seen running; the collector's log tells it sooner than any status. */
function harnessesSeen({ records }: Recorder): number {
  return records.collected.size
}

/** A fingerprint of all other trials: the operator's counters do not tell theirs from ours. */
async function trialsElsewhere({ api, namespace }: Cluster): Promise<string> {
  const all = await api.list(TRIALS)
  return all.filter(({ metadata }) => metadata.namespace !== namespace).map(({ metadata }) => `${metadata.uid ?? ''}/${metadata.resourceVersion ?? ''}`).sort().join()
}

/** For whoever wants to know why. */
async function keepRaw({ records }: Recorder): Promise<void> {
  const folder = join(ROOT, '.build/bench')
  await mkdir(folder, { recursive: true })
  const plain = Object.fromEntries(Object.entries(records).map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]))
  await writeFile(join(folder, 'trials.json'), `${JSON.stringify(plain, undefined, 1)}\n`)
}

function figuresOf({ records }: Recorder, counted: Counted): Figure[] {
  const stacks = new Set([...records.trials.values()].map((t) => t.spec.stackRef.name))
  const parts = [...stacks].flatMap((stack) => partsOf(records, stack))
  return [...callFigures(counted), ...timeFigures(parts), ...reactionFigures(readyToJob(records), reactions(records))]
}

function callFigures({ calls, trials, others }: Counted): Figure[] {
  const note = `${others > 0 ? 'others ran trials meanwhile, so this is too much; ' : ''}per trial: ${describeCalls(calls.each, trials)}; not counted: ${describeCalls(calls.apart, trials)}`
  const of = (what: string, total: number, atMost: number) => ({ part: 'API', what, unit: 'a trial', values: [total / trials], goal: { by: 'max' as const, atMost } })
  return [figure({ ...of('writes on a reused stack', calls.writes, 8), note }), figure(of('calls on a reused stack', calls.all, 15)), figure(of('LISTs', calls.lists, 0))]
}

function timeFigures(parts: readonly TrialParts[]): Figure[] {
  const of = (key: Exclude<keyof TrialParts, 'trial'>, what: string, more: object = {}) => figure({ part: 'trial', what, unit: 's', values: parts.map((p) => p[key]), ...more })
  return [
    of('overhead', 'overhead: next + collect + store', { goal: { by: 'p95', atMost: 2 } }),
    of('next', '· next: stored → next Job'), of('collect', '· collect: harness ended → delivered'), of('store', '· store: delivered and told → stored'),
    of('notice', 'kubelet\'s notice beyond delivery'),    of('podStart', 'pod start: Job → harness runs'), of('prepare', '· of which prepare', { note: 'in whole seconds, as the kubelet states them' }),
    of('harness', 'harness'), of('cycle', 'whole cycle'),
  ]
}

function reactionFigures(ready: readonly number[], all: ReturnType<typeof reactions>): Figure[] {
  const kinds = [...new Set(all.map(({ what }) => what))]
  const note = kinds.map((kind) => `${kind} p99 ${statistic(all.filter((r) => r.what === kind).map((r) => r.ms), 'p99')} ms`).join(', ')
  return [
    figure({ part: 'reaction', what: 'stack ready → Job created', unit: 's', values: ready, goal: { by: 'p99', atMost: 1 } }),
    figure({ part: 'reaction', what: 'event → next action, writes to the API server included', unit: 'ms', values: all.map((r) => r.ms), goal: { by: 'p99', atMost: 250 }, note }),
  ]
}

/** From the operator's own histograms: how long a key waits for its reconcile, and how long the API server takes to write. */
function operatorFigures(before: string, after: string): Figure[] {
  const ms = (name: string, labels: string) => observationsBetween(before, after, { name, labels }).map((seconds) => seconds * 1000)
  const queued = ['trial', 'stack', 'experiment'].flatMap((name) => ms('workqueue_queue_duration_seconds', `name="${name}"`))
  const written = ['patch', 'create', 'apply'].flatMap((verb) => ms('rest_client_request_duration_seconds', `verb="${verb}"`))
  const note = 'upper bounds of the histogram\'s buckets'
  return [
    figure({ part: 'reaction', what: 'event → its reconcile', unit: 'ms', values: queued, goal: { by: 'p99', atMost: 250 }, note }),
    figure({ part: 'reaction', what: 'one write to the API server', unit: 'ms', values: written, note: `${note}; p99 ${statistic(written, 'p99')} ms` }),
  ]
}
