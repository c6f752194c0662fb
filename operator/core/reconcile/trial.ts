// SPDX-License-Identifier: Apache-2.0
/** What to do next for one Trial: a pure, exhaustive function from what is observed to one action. */
import { isTrue } from '../model/conditions.ts'
import { durationMs } from '../model/common.ts'
import type { Attempt } from '../model/trial.ts'
import type { ObservedTrial, PodTrouble, StackView } from './trial-observed.ts'

export type TrialAction =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly phase: 'Pending' | 'Waiting' | 'Running' | 'Collecting'; readonly reason: string; readonly message: string; readonly againInMs?: number }
  | { readonly kind: 'claim' }
  | { readonly kind: 'restartServers'; readonly number: number }
  | { readonly kind: 'begin'; readonly number: number }
  | { readonly kind: 'createJob'; readonly number: number }
  | { readonly kind: 'askDelivery'; readonly number: number }
  | { readonly kind: 'store'; readonly number: number }
  | { readonly kind: 'endAttempt'; readonly number: number; readonly trouble: PodTrouble; readonly retry: boolean }
  | { readonly kind: 'fail'; readonly reason: string; readonly message: string }

/** Beyond its own timeout an attempt gets this long to deliver before it is given up. */
const DELIVERY_GRACE_MS = 180_000
const EXIT_CODE_GRACE_MS = 4_000
/** A pod on a lost node ends without telling: it is looked at again. */
const LOOK_AGAIN_MS = 10_000

/** Decides; never looks at a clock but the one it is given. */
export function decideTrial(seen: ObservedTrial): TrialAction {
  const { trial } = seen
  if (trial.metadata.deletionTimestamp !== undefined || isFinished(trial.status?.conditions)) return { kind: 'done' }
  const current = trial.status?.attempts?.at(-1)
  if (current === undefined || current.outcome !== undefined) return decideNext(seen, current)
  return decideRunning(seen, current)
}

function isFinished(conditions: Parameters<typeof isTrue>[0]): boolean {
  return isTrue(conditions, 'Complete') || isTrue(conditions, 'Failed')
}

/** No attempt is under way: may the next one begin? */
function decideNext(seen: ObservedTrial, last: Attempt | undefined): TrialAction {
  const number = (last?.number ?? 0) + 1
  if (seen.suspended) return { kind: 'wait', phase: 'Pending', reason: 'Suspended', message: 'the Experiment is suspended' }
  const blocked = stackBlocks(seen.stack)
  if (blocked !== undefined) return blocked
  if (seen.stack.kind !== 'ready' || seen.stack.claim !== 'mine') return { kind: 'claim' }
  return seen.restartFirst ? { kind: 'restartServers', number } : { kind: 'begin', number }
}

/** Why the stack does not let the next attempt begin; undefined when it does. */
function stackBlocks(stack: StackView): TrialAction | undefined {
  switch (stack.kind) {
    case 'missing':
      return { kind: 'wait', phase: 'Pending', reason: 'StackMissing', message: 'the Stack does not exist (yet)' }
    case 'goingDown':
      return { kind: 'wait', phase: 'Pending', reason: 'StackGoingDown', message: 'the Stack is being torn down' }
    case 'comingUp':
      return { kind: 'wait', phase: 'Pending', reason: 'StackNotReady', message: stack.message }
    case 'failed':
      return { kind: 'fail', reason: 'StackFailed', message: stack.message }
    case 'ready':
      if (stack.claim === 'other' || (stack.claim === 'free' && !stack.myTurn)) return stackBusy('another Trial holds the Stack or comes first')
      return stack.loadedBy === undefined ? undefined : { ...stackBusy(`pod ${stack.loadedBy} of an earlier attempt has not ended`), againInMs: LOOK_AGAIN_MS }
  }
}

const stackBusy = (message: string) => ({ kind: 'wait', phase: 'Waiting', reason: 'StackBusy', message }) as const

/** An attempt is under way. */
function decideRunning(seen: ObservedTrial, current: Attempt): TrialAction {
  const { number } = current
  if (seen.delivery.kind === 'delivered') return decideDelivered(seen, number, seen.delivery.atMs)
  const overdue = overdueMs(seen, current)
  switch (seen.attempt.kind) {
    case 'none':
      return seen.delivery.kind === 'unknown' ? { kind: 'askDelivery', number } : { kind: 'createJob', number }
    case 'starting':
    case 'running':
    case 'collecting':
      if (overdue > 0) return giveUp(seen, number, { outcome: 'TimedOut', class: 'deterministic', message: `nothing was delivered within ${seen.trial.spec.timeout} and its grace` })
      return { ...waiting(seen.attempt), againInMs: -overdue }
    case 'ended':
      return decideEnded(seen, number)
  }
}

/** Only the kubelet knows how the harness ended (exit code, out of memory), and tells a second later than the collector delivers. */
function decideDelivered(seen: ObservedTrial, number: number, atMs: number): TrialAction {
  const left = atMs + EXIT_CODE_GRACE_MS - seen.now
  if (seen.attempt.kind !== 'running' || left <= 0) return { kind: 'store', number }
  return { kind: 'wait', phase: 'Collecting', reason: 'Delivered', message: 'results are there; how the harness ended is not known yet', againInMs: left }
}

function waiting(attempt: { kind: 'starting' | 'running' | 'collecting'; message?: string; stuck?: true }): Extract<TrialAction, { kind: 'wait' }> {
  if (attempt.kind === 'starting') return { kind: 'wait', phase: 'Running', reason: attempt.stuck === true ? 'PodStuck' : 'PodStarting', message: attempt.message ?? '' }
  if (attempt.kind === 'running') return { kind: 'wait', phase: 'Running', reason: 'HarnessRunning', message: 'the harness runs' }
  return { kind: 'wait', phase: 'Collecting', reason: 'Collecting', message: attempt.message ?? '' }
}

/** The pod has ended: with a receipt, with trouble, or with neither. */
function decideEnded(seen: ObservedTrial, number: number): TrialAction {
  const attempt = seen.attempt
  if (attempt.kind !== 'ended') return { kind: 'done' }
  if (attempt.receipt?.kind === 'delivered') return { kind: 'store', number }
  if (seen.delivery.kind === 'unknown') return { kind: 'askDelivery', number }
  const trouble = attempt.trouble
    ?? { outcome: 'NotDelivered', class: 'transient', message: attempt.receipt?.message ?? 'the pod ended and delivered nothing' } as const
  return giveUp(seen, number, trouble)
}

function giveUp(seen: ObservedTrial, number: number, trouble: PodTrouble): TrialAction {
  return { kind: 'endAttempt', number, trouble, retry: trouble.class === 'transient' && number <= seen.trial.spec.retries }
}

/** Milliseconds past the moment at which the attempt is given up; negative before it. */
function overdueMs(seen: ObservedTrial, current: Attempt): number {
  const begun = Date.parse(current.startTime ?? current.createdTime ?? '')
  if (Number.isNaN(begun)) return -durationMs(seen.trial.spec.timeout)
  return seen.now - (begun + durationMs(seen.trial.spec.timeout) + DELIVERY_GRACE_MS)
}
