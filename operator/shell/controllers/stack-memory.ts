// SPDX-License-Identifier: Apache-2.0
/** What this process knows of a stack beyond the mirrors: Helm's storage as last read, the last probe, since when a pod is in trouble. All of it can be read again. */
import type { ProbeView } from '../../core/reconcile/stack-observed.ts'

export type StoredState = { readonly kind: 'absent' | 'busy' | 'interrupted' } | { readonly kind: 'failed'; readonly message: string } | { readonly kind: 'deployed'; readonly sinceMs: number; readonly revision: number }

export interface StackMemory {
  /** By release name within the scenario; undefined until Helm's storage was read. */
  releases: Map<string, StoredState> | undefined
  probe: ProbeView
  troubleSince: Map<string, number>
  leftovers: readonly string[] | undefined
  /** Workloads and pods of the stack before. */
  remains: readonly string[] | undefined
  /** Stops the helm that runs for this stack, so that a deletion need not wait for its hooks. */
  stop: AbortController | undefined
}

export interface StackMemories {
  readonly of: (uid: string) => StackMemory
  readonly forget: (uid: string) => void
  /** Whether another pod served this model on this node before; remembers this one. It lasts as long as the process. */
  readonly servedBefore: (place: { readonly node: string; readonly model: string; readonly pod: string }) => boolean
  /** Tells every helm that runs to stop: we are about to hand over. */
  readonly stopAll: () => void
}

export function createStackMemories(): StackMemories {
  const memories = new Map<string, StackMemory>()
  const first = new Map<string, string>()
  return {
    of: (uid) => {
      const known = memories.get(uid)
      if (known !== undefined) return known
      const fresh: StackMemory = { releases: undefined, probe: { kind: 'none' }, troubleSince: new Map(), leftovers: undefined, remains: undefined, stop: undefined }
      memories.set(uid, fresh)
      return fresh
    },
    servedBefore: ({ node, model, pod }) => {
      const known = first.get(`${node}/${model}`)
      if (known === undefined) first.set(`${node}/${model}`, pod)
      return known !== undefined && known !== pod
    },
    forget: (uid) => void memories.delete(uid),
    stopAll: () => { for (const memory of memories.values()) memory.stop?.abort() },
  }
}
