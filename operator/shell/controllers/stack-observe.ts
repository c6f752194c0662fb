// SPDX-License-Identifier: Apache-2.0
/** Boils mirrors and memory down to what decideStack sees. It reads memory only, and asks nothing. */
import { createHash } from 'node:crypto'
import { durationMs } from '../../core/model/common.ts'
import { ANNOTATIONS, FINALIZER, type Stack } from '../../core/model/kinds.ts'
import type { PodFact, ReleaseStatus } from '../../core/model/stack.ts'
import { releaseName } from '../../core/design/identity.ts'
import { releasesOf, successionOf } from '../../core/reconcile/hand-over.ts'
import { isMisconfigured, worstTrouble } from '../../core/reconcile/pod-health.ts'
import { factsText, podFact } from '../../core/reconcile/stack-facts.ts'
import type { ObservedStack, ProbeView, ReleaseState, ScenarioView, WorkloadsView } from '../../core/reconcile/stack-observed.ts'
import { REMOVING } from '../../core/reconcile/stack-status.ts'
import { workloadReadiness } from '../../core/reconcile/workload-ready.ts'
import type { Pod } from '../kube/builtin-resources.ts'
import type { RenderedStack } from './stack-render.ts'
import { isLoaded } from './trial-observe.ts'
import type { StackMemory, StoredState } from './stack-memory.ts'
import { BY_NAMESPACE, BY_RELEASE, type StackWorld, type Workload } from './stack-world.ts'

const WORKLOAD_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job'])

export function observeStack(world: StackWorld, stack: Stack, rendered: RenderedStack): ObservedStack {
  const memory = world.memories.of(stack.metadata.uid ?? '')
  const now = world.now()
  const facts = stackPods(world, stack).map((p) => factOf(world, p, false))
  return {
    stack, now, scenario: viewScenario(rendered), remains: memory.remains, probe: viewProbe(world, stack, memory), leftovers: memory.leftovers,
    succession: successionOf(stack, world.stacks.store.list().filter((s) => s.metadata.namespace === stack.metadata.namespace), (s) => isLoaded(world, s)),
    hasFinalizer: stack.metadata.finalizers?.includes(FINALIZER) === true,
    namespaceTerminating: world.namespaceTerminating(stack.metadata.namespace ?? ''),
    forceDelete: stack.metadata.annotations?.[ANNOTATIONS.forceDelete] === 'true',
    releases: releaseNames(stack, rendered).map((name) => viewRelease(world, stack, { name, memory, now })),
    factsDigest: facts.length === 0 ? undefined : digestOf(facts),
  }
}

/** A probe by pod is asked for again once the pod has something to say. */
function viewProbe(world: StackWorld, stack: Stack, { probe }: StackMemory): ProbeView {
  if (probe.kind !== 'running') return probe
  const pod = world.pods.store.get(`${stack.metadata.namespace ?? ''}/${probePodName(stack)}`)
  const { terminated, waiting } = pod?.status?.containerStatuses?.[0]?.state ?? {}
  return terminated !== undefined || isMisconfigured(waiting) ? { kind: 'none' } : probe
}

export const probePodName = (stack: Stack): string => `${stack.metadata.name}-probe`

/** Names of the scenario's releases; for a scenario that cannot be rendered (any more), those on record. */
export function releaseNames(stack: Stack, rendered: RenderedStack): string[] {
  return rendered.ok ? rendered.releases.map((r) => r.name) : (stack.status?.releases ?? []).map((r) => r.name)
}

function viewScenario(rendered: RenderedStack): ScenarioView {
  if (!rendered.ok) return { kind: 'refused', reason: rendered.reason, message: rendered.message }
  const { spec } = rendered
  const timeoutMs = durationMs(spec.readiness.timeout)
  if (spec.deploy !== undefined) return { kind: 'deploy', releases: spec.deploy.releases.length, timeoutMs, troubleGraceMs: durationMs(spec.readiness.unschedulableGrace) }
  return spec.endpoint === undefined ? { kind: 'inProcess' } : { kind: 'external', timeoutMs }
}

function viewRelease(world: StackWorld, stack: Stack, at: { name: string; memory: StackMemory; now: number }): ReleaseState {
  if (at.memory.releases === undefined) return { kind: 'unknown' }
  const stored: StoredState = at.memory.releases.get(at.name) ?? { kind: 'absent' }
  if (stored.kind !== 'deployed') return stored
  const recorded = stack.status?.releases?.find((r) => r.name === at.name)
  if (recorded?.state === REMOVING) return { kind: 'interrupted' }
  if (isInherited(stack, { recorded, revision: stored.revision })) return { kind: stack.status?.upgradeFailed === undefined ? 'inherited' : 'interrupted' }
  return { kind: 'deployed', sinceMs: stored.sinceMs, workloads: viewWorkloads(world, stack, at) }
}

/** Taken over, and Helm's storage has it still as it was then. */
function isInherited({ status }: Stack, { recorded, revision }: { recorded: ReleaseStatus | undefined; revision: number }): boolean {
  return status?.takenFrom !== undefined && (recorded === undefined || revision < (recorded.revision ?? 0))
}

function viewWorkloads(world: StackWorld, stack: Stack, { name, memory, now }: { name: string; memory: StackMemory; now: number }): WorkloadsView {
  const workloads = workloadsOf(world, stack, name)
  const missing = expectedWorkloads(stack).filter((id) => !allWorkloads(world, stack).some((w) => `${w.kind ?? ''}/${w.metadata.name}` === id))
  if (missing.length > 0) return { kind: 'progressing', message: `not seen yet: ${missing.slice(0, 5).join(', ')}` }
  const states = workloads.map((w) => workloadReadiness(w))
  const failed = states.find((s) => s.kind === 'failed')
  if (failed !== undefined) return failed
  const open = states.find((s) => s.kind === 'progressing')
  if (open === undefined) return ready(memory, name)
  // What a pod says while it is removed is no trouble of the one that comes in its place.
  const trouble = worstTrouble(workloads.flatMap((w) => podsOf(world, w)).filter((p) => p.metadata.deletionTimestamp === undefined))
  if (trouble?.class === 'deterministic') return { kind: 'failed', reason: trouble.reason, message: `pod ${trouble.pod}: ${trouble.message}` }
  if (trouble === undefined) return open
  const since = memory.troubleSince.get(name) ?? now
  memory.troubleSince.set(name, since)
  return { kind: 'troubled', reason: trouble.reason, message: `pod ${trouble.pod}: ${trouble.message}`, sinceMs: since }
}

function ready(memory: StackMemory, name: string): WorkloadsView {
  memory.troubleSince.delete(name)
  return { kind: 'ready' }
}

/** Workloads on record in the inventory, as kind/name: the mirror may be behind what Helm just made. */
function expectedWorkloads(stack: Stack): string[] {
  return (stack.status?.inventory ?? []).map((entry) => entry.split('/').slice(-2)).filter(([kind]) => WORKLOAD_KINDS.has(kind ?? '')).map((parts) => parts.join('/'))
}

export function workloadsOf(world: StackWorld, stack: Stack, release: string): Workload[] {
  return world.workloads.flatMap((r) => r.store.byIndex(BY_RELEASE, `${stack.metadata.namespace ?? ''}/${releaseName(releasesOf(stack), release)}`))
}

function allWorkloads(world: StackWorld, stack: Stack): Workload[] {
  return (stack.status?.releases ?? []).flatMap((r) => workloadsOf(world, stack, r.name))
}

/** Pods of one workload, by its selector. */
export function podsOf(world: StackWorld, workload: Workload): Pod[] {
  const selector = workload.spec?.selector?.matchLabels
  if (selector === undefined) return []
  return podsBySelector(world, workload.metadata.namespace ?? '', selector)
}

export function podsBySelector(world: StackWorld, namespace: string, selector: Readonly<Record<string, string>>): Pod[] {
  const wanted = Object.entries(selector)
  return world.pods.store.byIndex(BY_NAMESPACE, namespace).filter((p) => wanted.every(([k, v]) => p.metadata.labels?.[k] === v))
}

/** All pods of the stack's workloads that are not on their way out. */
export function stackPods(world: StackWorld, stack: Stack): Pod[] {
  return allWorkloads(world, stack).flatMap((w) => podsOf(world, w)).filter((p) => p.metadata.deletionTimestamp === undefined && p.status?.phase !== 'Succeeded')
}

export function factOf(world: StackWorld, pod: Pod, serving: boolean): PodFact {
  const node = world.nodes.store.get(pod.spec?.nodeName ?? '')
  return podFact(pod, { serving, gpuProduct: node?.metadata.labels?.['nvidia.com/gpu.product'] })
}

/** Digest of what must not change; until every container has an image digest there is none. */
export function digestOf(facts: readonly PodFact[]): string | undefined {
  if (facts.some((f) => f.containers?.some((c) => c.imageID === undefined || c.imageID === ''))) return undefined
  return createHash('sha256').update([...new Set(factsText(facts).split('\n'))].join('\n')).digest('hex')
}

