// SPDX-License-Identifier: Apache-2.0
/** The picture of one Trial that decideTrial sees: plain values, already boiled down from cluster objects. */
import type { Stack, Trial } from '../model/kinds.ts'
import type { Receipt } from '../model/trial-job.ts'

/** What the stack of a trial looks like to it; `loadedBy` is a pod of an earlier attempt, of this trial or another, that may still send requests. */
export type StackView =
  | { readonly kind: 'missing' }
  | { readonly kind: 'comingUp'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'goingDown' }
  | { readonly kind: 'ready'; readonly stack: Stack; readonly claim: 'mine' | 'free' | 'other'; readonly myTurn: boolean; readonly loadedBy?: string }

/** Trouble of a pod that ends an attempt; the class says whether another try may help. */
export interface PodTrouble {
  readonly outcome: 'Evicted' | 'NodeLost' | 'ImagePull' | 'HarnessFailed' | 'OutOfMemory' | 'NotDelivered' | 'TimedOut' | 'StackLost'
  readonly class: 'transient' | 'deterministic'
  readonly message: string
}

/** The Job and the pod of the current attempt. */
export type AttemptView =
  | { readonly kind: 'none' }
  /** Stuck: in trouble that may pass by itself. */
  | { readonly kind: 'starting'; readonly message: string; readonly stuck?: true }
  | { readonly kind: 'running'; readonly harnessStarted?: string }
  | { readonly kind: 'collecting'; readonly message: string }
  | { readonly kind: 'ended'; readonly receipt?: Receipt; readonly trouble?: PodTrouble }

/** What the results server has of the current attempt. */
export type DeliveryView = { readonly kind: 'unknown' } | { readonly kind: 'none' } | { readonly kind: 'delivered'; readonly atMs: number }

export interface ObservedTrial {
  readonly trial: Trial
  readonly now: number
  readonly stack: StackView
  readonly attempt: AttemptView
  readonly delivery: DeliveryView
  /** Whether the Experiment that owns it is suspended; a trial that runs is not touched. */
  readonly suspended: boolean
  /** Whether the serving pods must be restarted before the next attempt (caches: Restart, and not done yet). */
  readonly restartFirst: boolean
}
