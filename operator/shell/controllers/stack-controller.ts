// SPDX-License-Identifier: Apache-2.0
/** The Stack controller: observe → decide → act, once per call. */
import type { Stack } from '../../core/model/kinds.ts'
import { decideStack, decideTrouble, type StackAction } from '../../core/reconcile/stack.ts'
import { DONE, type ReconcileContext, requeueAfter, type Result } from '../kube/controller.ts'
import type { ObservedStack } from '../../core/reconcile/stack-observed.ts'
import { askForReleases, failStack, holdStack, markAfresh, markDrifted, markReady, markReinstall, markUnready, releaseStack, showWaitingStack, takeReleases } from './stack-act.ts'
import { clearBefore } from './stack-clear.ts'
import { installRelease, lookUpReleases, uninstallReleases } from './stack-helm.ts'
import { observeStack } from './stack-observe.ts'
import { probeStack } from './stack-probe.ts'
import { type RenderedStack, renderStack } from './stack-render.ts'
import { standingFacts } from './stack-standing.ts'
import { sweepLeftovers } from './stack-sweep.ts'
import { type Trouble, troubleOf } from './stack-trouble.ts'
import type { StackWorld } from './stack-world.ts'

const AGAIN: Result = requeueAfter(0)

export async function reconcileStack(world: StackWorld, key: string, context: ReconcileContext): Promise<Result> {
  const stack = world.stacks.store.get(key)
  if (stack === undefined) return DONE
  const rendered = renderStack(world, stack)
  const seen = observeStack(world, stack, rendered)
  const action = decideStack(seen)
  if (action.kind !== 'done' && action.kind !== 'wait') context.log.info({ action: action.kind, ...('reason' in action && { reason: action.reason }) }, 'stack action')
  try {
    return await act(world, stack, { action, rendered })
  } catch (error) {
    await showTrouble(world, seen, await troubleOf(world, stack, error))
    throw error
  }
}

/** Said on the object before it is tried again: a log of ours is no place where a user looks. */
async function showTrouble(world: StackWorld, seen: ObservedStack, why: Trouble | undefined): Promise<void> {
  const { stack } = seen
  if (why === undefined) return
  const action = decideTrouble(seen, why)
  if (action.kind === 'fail') return failStack(world, stack, action)
  if (action.kind === 'wait' && (await showWaitingStack(world, stack, action))) world.story.warning(stack, why.reason, why.message)
}

async function act(world: StackWorld, stack: Stack, { action, rendered }: { action: StackAction; rendered: RenderedStack }): Promise<Result> {
  switch (action.kind) {
    case 'done':
      return DONE
    case 'wait':
      await showWaitingStack(world, stack, action)
      return action.againInMs === undefined ? DONE : waitAgain(world, stack, action.againInMs)
    case 'addFinalizer':
      await holdStack(world, stack)
      return AGAIN
    case 'lookUp':
      await lookUpReleases(world, stack)
      return AGAIN
    case 'install':
    case 'upgrade':
      if (rendered.ok) await installRelease(world, stack, { rendered, index: action.release, upgrade: action.kind === 'upgrade' })
      return AGAIN
    case 'ask':
    case 'takeOver':
    case 'clear':
    case 'afresh':
    case 'reinstall':
      await beginOtherwise(world, stack, { action, rendered })
      return AGAIN
    case 'uninstall':
      await uninstallReleases(world, stack, rendered)
      return AGAIN
    case 'probe':
      return probe(world, stack, rendered)
    case 'ready':
      await markReady(world, stack, await standingFacts(world, stack, rendered))
      return DONE
    case 'unready':
      await markUnready(world, stack, action)
      return AGAIN
    case 'drifted':
      await markDrifted(world, stack, await standingFacts(world, stack, rendered))
      return DONE
    case 'fail':
      await failStack(world, stack, action)
      return DONE
    case 'sweep':
      await sweepLeftovers(world, stack)
      return AGAIN
    case 'gone':
      await releaseStack(world, stack, action)
      return DONE
  }
}

type OtherBeginning = Extract<StackAction, { kind: 'ask' | 'takeOver' | 'clear' | 'afresh' | 'reinstall' }>

/** Steps of a stack that takes another one's releases over, or is installed once more. */
async function beginOtherwise(world: StackWorld, stack: Stack, { action, rendered }: { action: OtherBeginning; rendered: RenderedStack }): Promise<void> {
  switch (action.kind) {
    case 'ask':
      return askForReleases(world, stack, action.from)
    case 'takeOver':
      return takeReleases(world, stack, action.from)
    case 'clear':
      return clearBefore(world, stack, rendered)
    case 'afresh':
      return uninstallReleases(world, await markAfresh(world, stack, action), rendered)
    case 'reinstall':
      return uninstallReleases(world, await markReinstall(world, stack, action), rendered)
  }
}

/** While leftovers remain they are looked for anew each time. */
function waitAgain(world: StackWorld, stack: Stack, ms: number): Result {
  const memory = world.memories.of(stack.metadata.uid ?? '')
  memory.leftovers = undefined
  memory.remains = undefined
  if (memory.releases !== undefined && [...memory.releases.values()].some((r) => r.kind === 'busy')) memory.releases = undefined
  return requeueAfter(ms)
}

async function probe(world: StackWorld, stack: Stack, rendered: RenderedStack): Promise<Result> {
  if (!rendered.ok || rendered.endpoint === undefined) return DONE
  // The clock of a server that is there already starts with the first question.
  if (stack.status?.startTime === undefined) {
    await showWaitingStack(world, stack, { phase: 'Probing', reason: 'Probing', message: 'asking for the model list and one completion' })
    return AGAIN
  }
  await probeStack(world, stack, { spec: rendered.spec, endpoint: rendered.endpoint })
  return AGAIN
}
