// SPDX-License-Identifier: Apache-2.0
/** Live facts of a stack's pods: images by digest, arguments, nodes, restarts, and how long each start-up phase took. */
import type { PodFact } from '../model/stack.ts'
import { maskArguments } from './mask-log.ts'

interface Conditioned { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }
export interface ServingPod {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly creationTimestamp?: string; readonly labels?: Readonly<Record<string, string>> }
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly { readonly name: string; readonly image?: string; readonly command?: readonly string[]; readonly args?: readonly string[]; readonly resources?: { readonly requests?: Readonly<Record<string, unknown>> } }[] }
  readonly status?: {
    readonly podIP?: string
    readonly conditions?: readonly Conditioned[]
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number; readonly imageID?: string; readonly state?: { readonly running?: { readonly startedAt?: string } } }[]
  }
}

export function podFact(pod: ServingPod, more: { readonly serving: boolean; readonly gpuProduct?: string }): PodFact {
  const statuses = pod.status?.containerStatuses ?? []
  return {
    pod: pod.metadata.name, uid: pod.metadata.uid, ip: pod.status?.podIP, node: pod.spec?.nodeName, serving: more.serving,
    restarts: statuses.reduce((sum, s) => sum + s.restartCount, 0),
    containers: (pod.spec?.containers ?? []).slice(0, 16).map((c) => ({
      name: c.name, image: c.image ?? '', imageID: statuses.find((s) => s.name === c.name)?.imageID, args: maskArguments([...(c.command ?? []), ...(c.args ?? [])]).slice(0, 256).map((a) => a.slice(0, 8192)),
    })),
    ...(more.gpuProduct !== undefined && { gpuProduct: more.gpuProduct }),
    phases: startupPhases(pod),
  }
}

/** The API server stamps whole seconds. */
const STAMP_SECONDS = 1

/** created → scheduled → containers started (init, image pulls) → ready. */
export function startupPhases(pod: ServingPod): NonNullable<PodFact['phases']> {
  const at = (type: string) => Date.parse(pod.status?.conditions?.find((c) => c.type === type && c.status === 'True')?.lastTransitionTime ?? '')
  const starts = (pod.status?.containerStatuses ?? []).map((s) => Date.parse(s.state?.running?.startedAt ?? ''))
  const marks = [Date.parse(pod.metadata.creationTimestamp ?? ''), at('PodScheduled'), Math.max(...starts), at('Ready')]
  return ['schedule', 'pull', 'load'].flatMap((name, i) => {
    const seconds = ((marks[i + 1] ?? Number.NaN) - (marks[i] ?? Number.NaN)) / 1000
    return Number.isFinite(seconds) ? [{ name, seconds: Math.max(0, seconds), resolution: STAMP_SECONDS }] : []
  })
}

/** What must not change while trials run; names, addresses and restarts may. The text is hashed by the caller. */
export function factsText(pods: readonly PodFact[]): string {
  const lines = pods.flatMap((p) => (p.containers ?? []).map((c) => JSON.stringify([c.name, c.image, c.imageID, c.args])))
  return lines.sort().join('\n')
}

/** Accelerators that the pods request, of any vendor's resource. */
export function acceleratorsOf(pods: readonly ServingPod[], resource: string): number {
  return pods.flatMap((p) => p.spec?.containers ?? []).reduce((sum, c) => sum + Number(c.resources?.requests?.[resource] ?? 0), 0)
}
