// SPDX-License-Identifier: Apache-2.0
/** The picture of one Stack that decideStack sees. */
import type { Stack } from '../model/kinds.ts'
import type { Succession } from './hand-over.ts'

/** A release as Helm's storage has it; pending ones are crashed only when no helm of ours runs and the margin has passed. */
export type ReleaseState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly message: string }
  /** As the stack left it that had it before. */
  | { readonly kind: 'inherited' }
  | { readonly kind: 'deployed'; readonly sinceMs: number; readonly workloads: WorkloadsView }

export type WorkloadsView =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progressing'; readonly message: string }
  | { readonly kind: 'troubled'; readonly reason: string; readonly message: string; readonly sinceMs: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string }

export type ProbeView =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string; readonly hopeless: boolean; readonly atMs: number }

export type ScenarioView =
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string }
  | { readonly kind: 'deploy'; readonly releases: number; readonly timeoutMs: number; readonly troubleGraceMs: number }
  /** A server that is there already, or an in-process scenario with none. */
  | { readonly kind: 'external'; readonly timeoutMs: number }
  | { readonly kind: 'inProcess' }

export interface ObservedStack {
  readonly stack: Stack
  readonly now: number
  readonly hasFinalizer: boolean
  readonly namespaceTerminating: boolean
  readonly forceDelete: boolean
  readonly scenario: ScenarioView
  /** Whose the releases are. */
  readonly succession: Succession
  /** Workloads and pods of the stack before that are still there; undefined until they were deleted and looked for. */
  readonly remains: readonly string[] | undefined
  readonly releases: readonly ReleaseState[]
  readonly probe: ProbeView
  /** What the releases made and is still there; undefined until it was looked for. */
  readonly leftovers: readonly string[] | undefined
  /** Digest of images, arguments and pod templates as they are now; undefined when no pod is there. */
  readonly factsDigest: string | undefined
}
