// SPDX-License-Identifier: Apache-2.0
/** The Trial controller: observe → decide → act, once per call. */
import type { Trial } from '../../core/model/kinds.ts'
import { decideTrial, type TrialAction } from '../../core/reconcile/trial.ts'
import { DONE, type ReconcileContext, requeueAfter, type Result, TerminalError } from '../kube/controller.ts'
import { beginAttempt, claimStack, createAttempt, endAttempt, failTrial, showWaiting, storeResults } from './trial-act.ts'
import { attemptRef, observeTrial } from './trial-observe.ts'
import { restartServers, restartToken } from './caches.ts'
import type { World } from './world.ts'

/** The next action follows at once, from what the last one returned. */
const AGAIN: Result = requeueAfter(0)

export async function reconcileTrial(world: World, key: string, context: ReconcileContext): Promise<Result> {
  const trial = world.trials.store.get(key)
  if (trial === undefined) return DONE
  const seen = observeTrial(world, trial)
  const action = decideTrial(seen)
  if (action.kind !== 'done' && action.kind !== 'wait') context.log.info({ action: action.kind, ...('number' in action && { attempt: action.number }) }, 'trial action')
  try {
    return await act(world, trial, action)
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    await giveUp(world, trial, error.message)
    return DONE
  }
}

/** What no repetition can cure ends the trial, in words on the object. */
async function giveUp(world: World, trial: Trial, message: string): Promise<void> {
  const current = trial.status?.attempts?.at(-1)
  if (current === undefined || current.outcome !== undefined) return failTrial(world, trial, { reason: 'Refused', message })
  return endAttempt(world, trial, { number: current.number, trouble: { outcome: 'HarnessFailed', class: 'deterministic', message }, retry: false })
}

async function act(world: World, trial: Trial, action: TrialAction): Promise<Result> {
  switch (action.kind) {
    case 'done':
      return DONE
    case 'wait':
      await showWaiting(world, trial, action)
      return action.againInMs === undefined ? DONE : requeueAfter(action.againInMs)
    case 'claim':
      await claimStack(world, trial, stackOf(world, trial))
      return AGAIN
    case 'restartServers':
      await restartServers(world, stackOf(world, trial), restartToken(trial, action.number))
      return DONE
    case 'begin':
      await beginAttempt(world, trial, action.number)
      return AGAIN
    case 'askDelivery':
      await world.deliveries.ask(attemptRef(trial, action.number))
      return AGAIN
    case 'createJob':
      await createAttempt(world, trial, { number: action.number, stack: stackOf(world, trial) })
      return DONE
    case 'store':
      await storeResults(world, trial, action.number)
      return DONE
    case 'endAttempt':
      await endAttempt(world, trial, action)
      return AGAIN
    case 'fail':
      await failTrial(world, trial, action)
      return DONE
  }
}

function stackOf(world: World, trial: Trial) {
  const key = `${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`
  const stack = world.stacks.store.get(key)
  if (stack === undefined) throw new Error(`Stack ${key} is gone`)
  return stack
}
