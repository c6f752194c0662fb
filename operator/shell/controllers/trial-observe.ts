// SPDX-License-Identifier: Apache-2.0
/** Boils the mirrors down to what decideTrial sees. It reads memory only, and asks nothing. */
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import { LABELS, type Stack, type Trial } from '../../core/model/kinds.ts'
import { mayStillLoad, viewAttempt } from '../../core/reconcile/trial-pod-view.ts'
import type { ObservedTrial, StackView } from '../../core/reconcile/trial-observed.ts'
import type { Job, Pod } from '../kube/builtin-resources.ts'
import { keyOf } from '../kube/api-resource.ts'
import { restartToken } from './caches.ts'
import { type AttemptRef, BY_STACK, BY_TRIAL, type World } from './world.ts'

export interface AttemptObjects { readonly job: Job | undefined; readonly pod: Pod | undefined }

export function observeTrial(world: World, trial: Trial): ObservedTrial {
  const current = trial.status?.attempts?.at(-1)
  const now = world.now()
  return {
    trial, now,
    stack: viewStack(world, trial),
    attempt: current === undefined ? { kind: 'none' } : viewAttempt({ ...attemptObjects(world, trial, current.number), now }),
    delivery: current === undefined ? { kind: 'none' } : world.deliveries.known(attemptRef(trial, current.number)),
    suspended: isSuspended(world, trial),
    restartFirst: needsRestart(world, trial),
  }
}

export const attemptRef = ({ metadata }: Trial, attempt: number): AttemptRef => ({ namespace: metadata.namespace ?? '', trial: metadata.name, uid: metadata.uid ?? '', attempt })

/** The Job and the pod of one attempt, as the mirrors have them. */
export function attemptObjects(world: World, trial: Trial, attempt: number): AttemptObjects {
  const { namespace = '', name } = trial.metadata
  const job = world.jobs.store.get(`${namespace}/${name}-a${attempt}`)
  const pods = world.pods.store.byIndex(BY_TRIAL, `${namespace}/${name}`).filter((p) => p.metadata.labels?.[LABELS.attempt] === String(attempt))
  return { job, pod: pods.find((p) => p.metadata.deletionTimestamp === undefined) ?? pods[0] }
}

function viewStack(world: World, trial: Trial): StackView {
  const stack = world.stacks.store.get(`${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`)
  if (stack === undefined) return { kind: 'missing' }
  if (isGoing(stack)) return { kind: 'goingDown' }
  const { conditions } = stack.status ?? {}
  if (isTrue(conditions, 'Failed')) return { kind: 'failed', message: findCondition(conditions, 'Failed')?.message ?? '' }
  const ready = findCondition(conditions, 'Ready')
  if (ready?.status !== 'True') return { kind: 'comingUp', message: ready?.message ?? 'the Stack has not been seen by its controller' }
  const loading = world.pods.store.byIndex(BY_STACK, keyOf(stack)).find((pod) => mayStillLoad(pod, world.now()))
  return { kind: 'ready', stack, claim: claimOf(world, stack, trial), myTurn: isFirst(world, trial), ...(loading && { loadedBy: loading.metadata.name }) }
}

/** Its own object, or its releases, which another stack has. */
const isGoing = ({ metadata, status }: Stack): boolean => metadata.deletionTimestamp !== undefined || status?.handedOver !== undefined

type Holder = Pick<NonNullable<NonNullable<Stack['status']>['claim']>, 'kind' | 'name' | 'uid'>

/** Whom the claim of a trial names: the Experiment that made the stack for its trials, else the trial itself. */
export function holderOf({ metadata }: Trial, stack: Stack): Holder {
  const owner = metadata.ownerReferences?.find((o) => o.kind === 'Experiment')
  const shared = owner !== undefined && stack.metadata.ownerReferences?.some((o) => o.uid === owner.uid) === true
  return shared ? { kind: 'Experiment', name: owner.name, uid: owner.uid } : { kind: 'Trial', name: metadata.name, uid: metadata.uid ?? '' }
}

/** A claim counts as long as its holder exists and has not ended. What an Experiment holds, its trials have in turn. */
function claimOf(world: World, stack: Stack, trial: Trial): 'mine' | 'free' | 'other' {
  const claim = stack.status?.claim
  if (claim === undefined || claim === null) return 'free'
  if (claim.uid === holderOf(trial, stack).uid) return claim.kind === 'Trial' || isFirst(world, trial) ? 'mine' : 'other'
  return isHeld(world, claim, trial.metadata.namespace ?? '') ? 'other' : 'free'
}

function isHeld(world: World, claim: NonNullable<NonNullable<Stack['status']>['claim']>, namespace: string): boolean {
  const key = `${namespace}/${claim.name}`
  const [trialHolder, experimentHolder] = claim.kind === 'Trial' ? [world.trials.store.get(key)] : [undefined, world.experiments.store.get(key)]
  const stands = trialHolder === undefined ? experimentHolder?.status?.completionTime === undefined : !hasEnded(trialHolder)
  return (trialHolder ?? experimentHolder)?.metadata.uid === claim.uid && stands
}

/** An attempt is on record and has not ended. */
const isRunning = ({ status }: Trial): boolean => status?.attempts !== undefined && status.attempts.length > 0 && status.attempts.at(-1)?.outcome === undefined

/** Whether a trial runs on it, or a pod of one may still send requests. */
export function isLoaded(world: World, stack: Stack): boolean {
  const key = keyOf(stack)
  return world.trials.store.byIndex(BY_STACK, key).some((t) => isRunning(t) && !hasEnded(t)) || world.pods.store.byIndex(BY_STACK, key).some((pod) => mayStillLoad(pod, world.now()))
}

export function hasEnded({ status }: Trial): boolean {
  return isTrue(status?.conditions, 'Complete') || isTrue(status?.conditions, 'Failed')
}

/** Whether no open trial of the same stack runs or comes before this one. */
function isFirst(world: World, trial: Trial): boolean {
  const rivals = world.trials.store.byIndex(BY_STACK, `${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`)
  return rivals.every((rival) => rival.metadata.uid === trial.metadata.uid || hasEnded(rival) || rival.metadata.deletionTimestamp !== undefined || (!isRunning(rival) && comesBefore(trial, rival)))
}

function comesBefore(a: Trial, b: Trial): boolean {
  if (a.spec.position !== b.spec.position) return a.spec.position < b.spec.position
  const [created, other] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
  return created === other ? keyOf(a) < keyOf(b) : created < other
}

/** Not before the first trial of a fresh stand-up: nothing is cached yet. */
function needsRestart(world: World, trial: Trial): boolean {
  if (trial.spec.caches !== 'Restart') return false
  const stack = world.stacks.store.get(`${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`)
  const next = (trial.status?.attempts?.at(-1)?.number ?? 0) + 1
  const others = world.trials.store.byIndex(BY_STACK, `${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`).some((t) => t !== trial && hasEnded(t))
  return (others || next > 1) && stack?.status?.restartedFor !== restartToken(trial, next)
}

function isSuspended(world: World, trial: Trial): boolean {
  const owner = trial.metadata.ownerReferences?.find((o) => o.kind === 'Experiment')
  return owner !== undefined && world.experiments.store.get(`${trial.metadata.namespace ?? ''}/${owner.name}`)?.spec.suspend === true
}
