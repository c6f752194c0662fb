// SPDX-License-Identifier: Apache-2.0
/** What to do next for one Stack: a pure, exhaustive function from what is observed to one action. */
import { findCondition, isTrue } from '../model/conditions.ts'
import type { Stack } from '../model/kinds.ts'
import type { StackStatus } from '../model/stack.ts'
import type { ObservedStack, ReleaseState, WorkloadsView } from './stack-observed.ts'

type Phase = NonNullable<StackStatus['phase']>
export type StackAction =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly phase: Phase; readonly reason: string; readonly message: string; readonly againInMs?: number }
  | { readonly kind: 'addFinalizer' }
  | { readonly kind: 'lookUp' }
  | { readonly kind: 'install'; readonly release: number }
  /** Asks the stack before for its releases, on record. */
  | { readonly kind: 'ask'; readonly from: Stack }
  | { readonly kind: 'takeOver'; readonly from: Stack }
  /** Removes workloads of the stack before, and waits for their pods. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'upgrade'; readonly release: number }
  /** What could not be upgraded is removed and installed. */
  | { readonly kind: 'afresh'; readonly reason: string; readonly message: string }
  | { readonly kind: 'uninstall'; readonly why: string }
  | { readonly kind: 'probe' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly reason: string; readonly message: string }
  | { readonly kind: 'drifted' }
  | { readonly kind: 'reinstall'; readonly reason: string; readonly message: string }
  | { readonly kind: 'fail'; readonly reason: string; readonly message: string }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'gone'; readonly warning?: string; readonly note?: string }

/** How long helm may have been dead before `pending-*` counts as interrupted is the observer's business; this is how often we look again. */
const LOOK_AGAIN_MS = 5_000
const PROBE_AGAIN_MS = 1_000

export function decideStack(seen: ObservedStack): StackAction {
  if (seen.stack.metadata.deletionTimestamp !== undefined) return decideRemoval(seen)
  const { conditions } = seen.stack.status ?? {}
  if (seen.succession.kind === 'handedOver') return { kind: 'done' }
  if (isTrue(conditions, 'Failed')) return { kind: 'done' }
  if (seen.scenario.kind === 'refused') return { kind: 'fail', reason: seen.scenario.reason, message: seen.scenario.message }
  if (seen.scenario.kind === 'inProcess') return findCondition(conditions, 'Ready')?.status === 'True' ? { kind: 'done' } : { kind: 'ready' }
  if (seen.scenario.kind === 'deploy' && !seen.hasFinalizer) return { kind: 'addFinalizer' }
  return isTrue(conditions, 'Ready') ? decideStanding(seen) : decideRising(seen)
}

/** What a step that failed for a reason that may pass comes to: it is said and tried again, until the stack should long serve. A removal never gives up, and a stack that stands is not doubted for it. */
export function decideTrouble(seen: ObservedStack, why: { readonly reason: string; readonly message: string }): Extract<StackAction, { kind: 'wait' | 'fail' | 'done' }> {
  if (seen.stack.metadata.deletionTimestamp !== undefined) return { kind: 'wait', phase: 'TearingDown', ...why }
  if (isTrue(seen.stack.status?.conditions, 'Ready') || isTrue(seen.stack.status?.conditions, 'Failed')) return { kind: 'done' }
  if (timeLeftMs(seen) <= 0) return { kind: 'fail', ...why }
  return { kind: 'wait', phase: seen.stack.status?.phase ?? 'Pending', ...why }
}

/** Not ready yet: the releases must be its own; the first that is not ready decides; then the probe. */
function decideRising(seen: ObservedStack): StackAction {
  const early = decideSuccession(seen) ?? decideClearing(seen) ?? decideSettling(seen)
  if (early !== undefined) return early
  for (const [release, state] of seen.releases.entries()) {
    const action = decideRelease(seen, release, state)
    if (action !== undefined) return action
  }
  return decideProbe(seen)
}

/** The intent is on record before the other one lets go: whoever dies in between, one of them has the releases. */
function decideSuccession({ succession }: ObservedStack): StackAction | undefined {
  if (succession.kind === 'waits') return { kind: 'wait', phase: 'Pending', reason: 'ReleasesHeld', message: `Stack ${succession.holder} has the releases`, againInMs: PROBE_AGAIN_MS }
  if (succession.kind !== 'offered') return undefined
  return { kind: succession.asked ? 'takeOver' : 'ask', from: succession.from }
}

/** No pod of the stack before may answer for this one, or keep its accelerators from it. */
function decideClearing(seen: ObservedStack): StackAction | undefined {
  const begun = (seen.stack.status?.releases?.length ?? 0) > 0
  if (begun || !seen.releases.some((r) => r.kind === 'inherited')) return undefined
  if (seen.remains === undefined) return { kind: 'clear' }
  if (seen.remains.length === 0) return undefined
  const message = `still there of the stack before: ${seen.remains.slice(0, 10).join(', ')}`
  if (timeLeftMs(seen) <= 0) return giveUp(seen, { reason: 'OldPodsRemain', message })
  return { kind: 'wait', phase: 'Installing', reason: 'TakingOver', message, againInMs: PROBE_AGAIN_MS }
}

/** What was begun and removed must be gone before it is made again: Helm may return while something still terminates, and what is applied to that vanishes with it. */
function decideSettling(seen: ObservedStack): StackAction | undefined {
  const begun = (seen.stack.status?.releases?.length ?? 0) > 0
  if (!begun || seen.releases.some((r) => r.kind !== 'absent')) return undefined
  if (seen.leftovers === undefined) return { kind: 'sweep' }
  if (seen.leftovers.length === 0) return undefined
  const message = `still there: ${seen.leftovers.slice(0, 10).join(', ')}`
  if (timeLeftMs(seen) <= 0) return { kind: 'fail', reason: 'LeftoversRemain', message }
  return { kind: 'wait', phase: 'Installing', reason: 'LeftoversRemain', message, againInMs: PROBE_AGAIN_MS }
}

/** Whether it comes up by an upgrade that may still be given up for an installation. */
function isUpgrade({ stack: { status }, releases }: ObservedStack): boolean {
  const fresh = status?.upgradeFailed !== undefined || status?.readyTime !== undefined
  return !fresh && (status?.upgradedFrom !== undefined || releases.some((r) => r.kind === 'inherited'))
}

function decideRelease(seen: ObservedStack, release: number, state: ReleaseState): StackAction | undefined {
  switch (state.kind) {
    case 'unknown':
      return { kind: 'lookUp' }
    case 'busy':
      return { kind: 'wait', phase: 'Installing', reason: 'Installing', message: `helm works on release ${release + 1} of ${seen.releases.length}`, againInMs: LOOK_AGAIN_MS }
    case 'absent':
      return { kind: 'install', release }
    case 'inherited':
      return { kind: 'upgrade', release }
    case 'interrupted':
      return isUpgrade(seen) ? giveUp(seen, { reason: 'Interrupted', message: 'helm was killed while it upgraded' }) : { kind: 'uninstall', why: 'Interrupted' }
    case 'failed':
      return isUpgrade(seen) ? giveUp(seen, { reason: 'HelmFailed', message: state.message }) : { kind: 'fail', reason: 'HelmFailed', message: state.message }
    case 'deployed':
      return decideWorkloads(seen, state.workloads)
  }
}

function decideWorkloads(seen: ObservedStack, workloads: WorkloadsView): StackAction | undefined {
  const left = timeLeftMs(seen)
  if (workloads.kind === 'ready') return undefined
  if (workloads.kind === 'failed') return giveUp(seen, workloads)
  if (left <= 0) return giveUp(seen, { reason: 'ReadinessTimeout', message: `not ready in time: ${workloads.message}` })
  if (workloads.kind === 'progressing') return { kind: 'wait', phase: 'Starting', reason: 'Starting', message: workloads.message, againInMs: left }
  const grace = seen.scenario.kind === 'deploy' ? seen.scenario.troubleGraceMs : 0
  const patience = workloads.sinceMs + grace - seen.now
  if (patience <= 0) return giveUp(seen, workloads)
  return { kind: 'wait', phase: 'Starting', reason: workloads.reason, message: workloads.message, againInMs: Math.min(patience, left) }
}

function decideProbe(seen: ObservedStack): StackAction {
  const { probe } = seen
  switch (probe.kind) {
    case 'none':
      return { kind: 'probe' }
    case 'running':
      return { kind: 'wait', phase: 'Probing', reason: 'Probing', message: 'asking for the model list and one completion', againInMs: LOOK_AGAIN_MS }
    case 'passed':
      return { kind: 'ready' }
    case 'failed': {
      if (probe.hopeless || timeLeftMs(seen) <= 0) return giveUp(seen, probe)
      const rest = probe.atMs + PROBE_AGAIN_MS - seen.now
      return rest <= 0 ? { kind: 'probe' } : { kind: 'wait', phase: 'Probing', reason: probe.reason, message: probe.message, againInMs: rest }
    }
  }
}

/** Ready: it must stay what it was. */
function decideStanding(seen: ObservedStack): StackAction {
  for (const state of seen.releases) {
    if (state.kind === 'unknown') return { kind: 'lookUp' }
    if (state.kind === 'absent' || state.kind === 'interrupted') return giveUp(seen, { reason: 'ReleaseGone', message: 'somebody removed a release of the stack' })
    if (state.kind !== 'deployed') continue
    if (state.workloads.kind === 'failed') return giveUp(seen, state.workloads)
    if (state.workloads.kind !== 'ready') return { kind: 'unready', reason: 'ServerLost', message: state.workloads.message }
  }
  const recorded = seen.stack.status?.factsDigest
  if (seen.factsDigest !== undefined && recorded !== undefined && recorded !== '' && seen.factsDigest !== recorded) return { kind: 'drifted' }
  return { kind: 'done' }
}

/** A server that died is installed again once, and so is what an upgrade did not bring up; what cannot be cured by that fails at once. */
function giveUp(seen: ObservedStack, why: { readonly reason: string; readonly message: string }): StackAction {
  if (isUpgrade(seen)) return { kind: 'afresh', reason: why.reason, message: why.message }
  const died = seen.stack.status?.readyTime !== undefined
  const used = seen.stack.status?.reinstalls ?? 0
  if (died && seen.scenario.kind === 'deploy' && used < seen.stack.spec.reinstalls) return { kind: 'reinstall', reason: why.reason, message: why.message }
  return { kind: 'fail', reason: why.reason, message: why.message }
}

function timeLeftMs(seen: ObservedStack): number {
  if (seen.scenario.kind !== 'deploy' && seen.scenario.kind !== 'external') return 0
  const began = Date.parse(seen.stack.status?.startTime ?? '')
  return Number.isNaN(began) ? seen.scenario.timeoutMs : began + seen.scenario.timeoutMs - seen.now
}

/** Deletion: releases down, inventory empty, finalizer off. A namespace that goes takes everything along. */
function decideRemoval(seen: ObservedStack): StackAction {
  if (!seen.hasFinalizer) return { kind: 'done' }
  if (seen.namespaceTerminating) return { kind: 'gone', warning: 'the namespace is going: Helm was skipped; cluster-wide objects of the releases, if any, are left' }
  if (seen.forceDelete) return { kind: 'gone', warning: `removed by annotation: left as they were: ${(seen.stack.status?.inventory ?? []).slice(0, 20).join(', ') || 'nothing known'}` }
  const { succession } = seen
  if (succession.kind === 'handedOver') return { kind: 'gone', note: `its releases are those of Stack ${succession.to} now` }
  if (succession.kind !== 'own') return { kind: 'gone', note: 'it had made nothing' }
  if (seen.releases.some((r) => r.kind === 'busy')) return { kind: 'wait', phase: 'TearingDown', reason: 'HelmRuns', message: 'a helm that is under way ends first', againInMs: LOOK_AGAIN_MS }
  if (seen.releases.some((r) => r.kind === 'unknown')) return { kind: 'lookUp' }
  if (seen.releases.some((r) => r.kind !== 'absent')) return { kind: 'uninstall', why: 'Deleted' }
  if (seen.leftovers === undefined) return { kind: 'sweep' }
  if (seen.leftovers.length > 0) return { kind: 'wait', phase: 'TearingDown', reason: 'LeftoversRemain', message: `still there: ${seen.leftovers.slice(0, 10).join(', ')}`, againInMs: PROBE_AGAIN_MS }
  return { kind: 'gone' }
}
