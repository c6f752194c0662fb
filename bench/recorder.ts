// SPDX-License-Identifier: Apache-2.0
/** Writes down when things happened in a namespace while an Experiment runs: what the operator and the collectors log, and what the API server tells. */
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { LABELS, type Stack, type Trial } from '../operator/core/model/kinds.ts'
import { isTrue } from '../operator/core/model/conditions.ts'
import type { KubeObject } from '../operator/shell/kube/api-resource.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../operator/shell/kube/assay-resources.ts'
import { JOBS, type Pod, PODS } from '../operator/shell/kube/builtin-resources.ts'
import { createReflector } from '../operator/shell/kube/reflector.ts'
import { type Cluster, OPERATOR } from './cluster.ts'

export interface LoggedAction { readonly atMs: number; readonly controller: string; readonly name: string; readonly action: string }
export interface PodTimes {
  /** Whole seconds, as the kubelet states them. */
  prepare?: { readonly startMs: number; readonly endMs: number }
  /** When we were told that the harness had ended: the kubelet's notice. */
  harnessEndSeenMs?: number
}
export interface Records {
  /** Lines of the controllers, oldest first. */
  readonly actions: LoggedAction[]
  readonly trials: Map<string, Trial>
  readonly stackReadyMs: Map<string, number>
  /** By trial, first seen. */
  readonly jobSeenMs: Map<string, number>
  readonly pods: Map<string, PodTimes>
  /** By trial: when the collector logged it. */
  readonly collected: Map<string, { endedMs?: number; deliveredMs?: number }>
}

export interface Recorder {
  readonly records: Records
  /** Resolves when the test is true; it is asked at every change. */
  readonly until: (test: () => boolean, timeoutMs: number) => Promise<void>
  /** The phase of an Experiment, as last seen. */
  readonly phaseOf: (experiment: string) => string | undefined
  readonly stop: () => Promise<void>
}

export async function record(cluster: Cluster): Promise<Recorder> {
  const { api, namespace } = cluster
  const records: Records = { actions: [], trials: new Map(), stackReadyMs: new Map(), jobSeenMs: new Map(), pods: new Map(), collected: new Map() }
  const stopping = new AbortController()
  const waiting = new Set<() => void>()
  const changed = () => { for (const look of waiting) look() }
  const of = <T extends KubeObject>(resource: Parameters<typeof createReflector<T>>[0]['resource'], seen: (object: T) => void) => {
    const mirror = createReflector<T>({ api, resource, namespaces: [namespace] })
    const tell = (object: T) => {
      seen(object)
      changed()
    }
    mirror.subscribe({ add: tell, update: tell, delete: tell })
    mirror.start()
    return mirror
  }
  const followed = new Set<string>()
  const experiments = of(EXPERIMENTS, () => {})
  const mirrors = [
    experiments,
    of<Trial>(TRIALS, (trial) => void records.trials.set(trial.metadata.name, trial)),
    of<Stack>(STACKS, ({ metadata, status }) => { if (isTrue(status?.conditions, 'Ready')) first(records.stackReadyMs, metadata.name) }),
    of(JOBS, ({ metadata }) => first(records.jobSeenMs, metadata.labels?.[LABELS.trial] ?? '')),
    of<Pod>(PODS, (pod) => {
      const trial = pod.metadata.labels?.[LABELS.trial]
      if (trial === undefined) return
      readPod(pod, records.pods, trial)
      if (followed.has(trial) || !isUp(pod, 'collector')) return
      followed.add(trial)
      followCollector(cluster, pod.metadata.name, { trial, records, signal: stopping.signal }).catch(() => followed.delete(trial))
    }),
  ]
  await Promise.all(mirrors.map((mirror) => mirror.hasSynced()))
  await followLeader(cluster, records, stopping.signal)
  return {
    records,
    until: (test, timeoutMs) => untilTrue(waiting, test, timeoutMs),
    phaseOf: (name) => experiments.store.get(`${namespace}/${name}`)?.status?.phase,
    stop: async () => {
      stopping.abort()
      await Promise.all(mirrors.map((mirror) => mirror.stop()))
    },
  }
}

function first(times: Map<string, number>, name: string): void {
  if (!times.has(name)) times.set(name, Date.now())
}

function untilTrue(waiting: Set<() => void>, test: () => boolean, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error(`what was waited for did not come within ${timeoutMs / 1000} s`))), timeoutMs)
    const look = () => { if (test()) end(resolve) }
    const end = (then: () => void) => {
      clearTimeout(timer)
      waiting.delete(look)
      then()
    }
    waiting.add(look)
    look()
  })
}

function isUp(pod: Pod, container: string): boolean {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].some((s) => s.name === container && s.state?.running !== undefined)
}

function readPod(pod: Pod, pods: Map<string, PodTimes>, trial: string): void {
  const known = pods.get(trial) ?? {}
  pods.set(trial, known)
  const prepare = pod.status?.initContainerStatuses?.find((s) => s.name === 'prepare')?.state?.terminated
  if (prepare !== undefined) known.prepare = { startMs: Date.parse(prepare.startedAt ?? ''), endMs: Date.parse(prepare.finishedAt ?? '') }
  const harness = pod.status?.containerStatuses?.find((s) => s.name === 'harness')?.state?.terminated
  if (harness !== undefined) known.harnessEndSeenMs ??= Date.now()
}

interface Line { readonly time: number; readonly msg?: string; readonly controller?: string; readonly key?: string; readonly action?: string; readonly first?: string }

/** Returns once the log is open; its lines come from then on. */
async function followLeader({ api, leader, namespace }: Cluster, records: Records, signal: AbortSignal): Promise<void> {
  const log = await api.logs({ namespace: OPERATOR, name: await leader() }, { follow: true, sinceSeconds: 1, signal })
  readLines(log, ({ time, controller, key, action, first: head }) => {
    const did = action ?? head
    if (controller === undefined || did === undefined || key?.startsWith(`${namespace}/`) !== true) return
    records.actions.push({ atMs: time, controller, name: key.slice(namespace.length + 1), action: did })
  }).catch(() => undefined)
}

async function followCollector({ api, namespace }: Cluster, name: string, at: { trial: string; records: Records; signal: AbortSignal }): Promise<void> {
  const log = await api.logs({ namespace, name }, { container: 'collector', follow: true, signal: at.signal })
  const times: { endedMs?: number; deliveredMs?: number } = {}
  at.records.collected.set(at.trial, times)
  await readLines(log, ({ time, msg }) => {
    if (msg === 'the harness has ended') times.endedMs = time
    if (msg === 'delivered') times.deliveredMs = time
  })
}

async function readLines(log: Readable, take: (line: Line) => void): Promise<void> {
  for await (const line of createInterface({ input: log })) if (line.startsWith('{')) take(JSON.parse(line) as Line)
}
