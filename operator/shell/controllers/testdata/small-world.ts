// SPDX-License-Identifier: Apache-2.0
/** A cluster in memory for tests of the Experiment controller: objects are kept, stacks come up and trials run as time is moved on. No clock, no network. */
import { HARNESS, SCENARIO, WORKLOAD } from '../../../core/design/testdata/bases.ts'
import type { Condition } from '../../../core/model/common.ts'
import type { Experiment, Stack, Trial } from '../../../core/model/kinds.ts'
import type { KubeObject } from '../../kube/api-resource.ts'
import type { ReconcileContext } from '../../kube/controller.ts'
import { reconcileExperiment } from '../experiment-controller.ts'
import { createPlanBook } from '../plan-book.ts'
import { createPlanGrowth } from '../plan-growth.ts'
import type { World } from '../world.ts'

export const BEGIN = Date.parse('2026-01-01T00:00:00Z')
/** What a stand-up, a trial and a removal take, in seconds. */
const TAKES = { standUp: 60, trial: 120, removal: 10 }
const yes = (type: string, at: string): Condition => ({ type, status: 'True', reason: type, message: '', lastTransitionTime: at })

export interface SmallWorld {
  readonly world: World
  readonly told: string[]
  readonly experiment: () => Experiment
  readonly stacks: () => Stack[]
  readonly trials: () => Trial[]
  readonly change: (spec: object) => void
  /** Lets it act and time pass, until it has ended or the seconds are over. */
  readonly run: (seconds: number) => Promise<Experiment>
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A merge patch, as the API server does it: null removes, lists are replaced. */
function merge<T>(object: T, patch: object): T {
  const merged = { ...object } as Record<string, unknown>
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = isPlain(value) ? merge(isPlain(merged[key]) ? merged[key] : {}, value) : value
  }
  return merged as T
}

interface Shelf<T extends KubeObject> { readonly objects: Map<string, T>; readonly mirror: object }

function shelf<T extends KubeObject>(): Shelf<T> {
  const objects = new Map<string, T>()
  const key = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`
  const all = () => [...objects.values()]
  return { objects, mirror: { store: { get: (name: string) => objects.get(name), list: all, byIndex: all }, learn: (object: T) => objects.set(key(object), object) } }
}

interface Facts {
  readonly gpus?: number
  /** What a trial leaves behind when it ends; nothing by default. */
  readonly findings?: (spec: Trial['spec']) => object
}

export function smallWorld(spec: object, facts: Facts = {}): SmallWorld {
  const told: string[] = []
  const [experiments, stacks, trials, maps] = [shelf<Experiment>(), shelf<Stack>(), shelf<Trial>(), shelf<KubeObject>()]
  const shelves: Readonly<Record<string, Shelf<KubeObject>>> = { experiments, stacks, trials, configmaps: maps }
  const time = { seconds: 0 }
  const now = () => BEGIN + time.seconds * 1000
  const iso = () => new Date(now()).toISOString()
  const library = (name: string, spec_: object) => ({ store: { get: (key: string) => (key === `bench/${name}` ? { spec: spec_ } : undefined), list: () => [{ metadata: { name, namespace: 'bench' }, spec: spec_ }] } })
  const node = { metadata: { name: 'node', labels: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' } }, status: { allocatable: { 'nvidia.com/gpu': String(facts.gpus ?? 8) } } }
  const named = (plural: string, { namespace, name }: { namespace?: string; name: string }) => [shelves[plural]?.objects, `${namespace ?? ''}/${name}`] as const
  const api = {
    create: async ({ plural }: { plural: string }, object: KubeObject) => {
      const made = { ...object, metadata: { ...object.metadata, uid: object.metadata.name, creationTimestamp: iso().replace(/\.\d+Z/, 'Z') } }
      shelves[plural]?.objects.set(`${object.metadata.namespace ?? ''}/${object.metadata.name}`, made)
      return made
    },
    find: async ({ plural }: { plural: string }, ref: { namespace?: string; name: string }) => named(plural, ref)[0]?.get(named(plural, ref)[1]),
    list: async () => [],
    patchMerge: async ({ plural }: { plural: string }, ref: { namespace?: string; name: string }, patch: { metadata?: object }) => {
      const [objects, key] = named(plural, ref)
      const { metadata: _, ...rest } = patch
      const patched = merge(objects?.get(key) as KubeObject, rest)
      objects?.set(key, patched)
      return patched
    },
    delete: async ({ plural }: { plural: string }, ref: { namespace?: string; name: string }) => {
      const [objects, key] = named(plural, ref)
      const found = objects?.get(key)
      if (found === undefined) return false
      if (plural === 'stacks') objects?.set(key, { ...found, metadata: { ...found.metadata, deletionTimestamp: iso() } })
      else objects?.delete(key)
      return true
    },
  }
  const world = {
    api, experiments: experiments.mirror, stacks: stacks.mirror, trials: trials.mirror, pods: { store: { list: () => [], byIndex: () => [] } }, nodes: { store: { list: () => [node] } },
    library: { scenarios: library('llama', SCENARIO), workloads: library('chatbot', WORKLOAD), harnesses: library('tool', { ...HARNESS, supports: { ...HARNESS.supports, features: ['stages', 'requests', 'duration', 'warmup'] } }) },
    story: { normal: (_: object, reason: string) => told.push(reason), warning: (_: object, reason: string, note: string) => told.push(`${reason}: ${note}`) }, now, config: {},
  } as unknown as World
  const first = { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'exp', namespace: 'bench', uid: 'u', generation: 1 }, spec } as unknown as Experiment
  experiments.objects.set('bench/exp', first)
  const experiment = () => experiments.objects.get('bench/exp') as Experiment
  const plans = { book: createPlanBook(), growth: createPlanGrowth() }
  const context = { log: { info: () => undefined } } as unknown as ReconcileContext

  const passes = (seconds: number, since: string | undefined) => (now() - Date.parse(since ?? '')) / 1000 >= seconds
  const moveStacks = () => {
    for (const [key, stack] of stacks.objects) {
      if (stack.metadata.deletionTimestamp !== undefined && passes(TAKES.removal, stack.metadata.deletionTimestamp)) stacks.objects.delete(key)
      else if (stack.status?.readyTime === undefined && passes(TAKES.standUp, stack.metadata.creationTimestamp)) stacks.objects.set(key, { ...stack, status: { readyTime: iso(), startupSeconds: TAKES.standUp, conditions: [yes('Ready', iso())] } })
    }
  }
  const moveTrials = () => {
    for (const stack of stacks.objects.values()) {
      if (stack.status?.readyTime === undefined || stack.metadata.deletionTimestamp !== undefined) continue
      const own = [...trials.objects.entries()].filter(([, t]) => t.spec.stackRef.name === stack.metadata.name && t.status?.completionTime === undefined).sort(([, a], [, b]) => a.spec.position - b.spec.position)
      const [key, next] = own[0] ?? []
      if (key === undefined || next === undefined) continue
      if (next.status?.startTime === undefined) trials.objects.set(key, { ...next, status: { startTime: iso(), attempts: [{ number: 1, job: 'j' }] } })
      else if (passes(TAKES.trial, next.status.startTime)) {
        if (facts.findings !== undefined) maps.objects.set(key, { metadata: next.metadata, data: { 'findings.json': JSON.stringify(facts.findings(next.spec)) } } as unknown as KubeObject)
        trials.objects.set(key, { ...next, status: { ...next.status, phase: 'Succeeded', verdict: 'valid', completionTime: iso(), conditions: [yes('Complete', iso())] } })
      }
    }
  }

  return {
    world, told, experiment, stacks: () => [...stacks.objects.values()], trials: () => [...trials.objects.values()],
    change: (changed) => void experiments.objects.set('bench/exp', merge({ ...experiment(), metadata: { ...experiment().metadata, generation: (experiment().metadata.generation ?? 1) + 1 } }, { spec: changed })),
    run: async (seconds) => {
      for (const until = time.seconds + seconds; time.seconds < until; time.seconds += 5) {
        moveStacks()
        moveTrials()
        for (let again = 0; again < 6; again += 1) await reconcileExperiment(world, plans, 'bench/exp', context)
        if (experiment().status?.completionTime !== undefined || experiment().status?.startTime === undefined) break
      }
      return experiment()
    },
  }
}
