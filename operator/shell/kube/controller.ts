// SPDX-License-Identifier: Apache-2.0
/** Workers that take keys from a queue, reconcile them, and say when each comes again; it knows neither kinds nor the API. */
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { isConflict } from './api-error.ts'
import { type Clock, sleep, systemClock } from './clock.ts'
import type { WorkQueue } from './work-queue.ts'

/** How a reconcile ended well; to be tried again with growing delay, it throws. */
export type Result =
  | { readonly kind: 'done' }
  | { readonly kind: 'requeue'; readonly afterMs: number }

/** Nothing to do until something changes. */
export const DONE: Result = { kind: 'done' }
/** Look again then: for time that passes, not for failures. */
export const requeueAfter = (afterMs: number): Result => ({ kind: 'requeue', afterMs })

/** A failure that no repetition can cure: reported once, tried again only when the object changes. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError'
}

export interface ReconcileContext {
  /** Carries controller, key and reconcileId. */
  readonly log: Logger
  readonly reconcileId: string
  /** Aborted when the controller must stop at once. */
  readonly signal: AbortSignal
}

export type ReconcileOutcome = 'success' | 'requeue_after' | 'error'

export interface ControllerMetrics {
  readonly started: () => void
  readonly ended: (outcome: ReconcileOutcome, ms: number, terminal: boolean) => void
}

export interface ControllerOptions {
  readonly name: string
  readonly queue: WorkQueue
  readonly workers?: number
  readonly reconcile: (key: string, context: ReconcileContext) => Promise<Result>
  readonly log: Logger
  readonly metrics?: ControllerMetrics
  readonly clock?: Clock
  readonly newId?: () => string
}

export interface Controller {
  /** Hands out no more keys, lets what runs end within the grace, then aborts it; resolves when all workers have ended. */
  readonly stop: (options?: { readonly graceMs?: number }) => Promise<void>
}

const GRACE_MS = 30_000

export function runController(options: ControllerOptions): Controller {
  const { name, queue, workers = 1, log, clock = systemClock } = options
  const stopping = new AbortController()
  const running = Promise.all(Array.from({ length: workers }, () => work(options, stopping.signal)))
  log.info({ controller: name, workers }, 'controller started')
  return {
    stop: async ({ graceMs = GRACE_MS } = {}) => {
      queue.close('drop')
      const ended = new AbortController()
      const all = running.then(() => ended.abort())
      await Promise.race([all, sleep(clock, graceMs, ended.signal)])
      stopping.abort()
      await all
      log.info({ controller: name }, 'controller stopped')
    },
  }
}

async function work(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  const { queue } = options
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    await reconcileOnce(options, key, signal)
    queue.done(key)
  }
}

/** One reconcile and what follows from it; never throws. */
async function reconcileOnce(options: ControllerOptions, key: string, signal: AbortSignal): Promise<void> {
  const { name, queue, reconcile, metrics } = options
  const clock = options.clock ?? systemClock
  const reconcileId = (options.newId ?? shortId)()
  const log = options.log.child({ controller: name, key, reconcileId })
  const began = clock.now()
  metrics?.started()
  try {
    const result = await reconcile(key, { log, reconcileId, signal })
    queue.forget(key)
    if (result.kind === 'requeue') queue.addAfter(key, result.afterMs)
    metrics?.ended(result.kind === 'requeue' ? 'requeue_after' : 'success', clock.now() - began, false)
  } catch (error) {
    metrics?.ended('error', clock.now() - began, error instanceof TerminalError)
    if (signal.aborted) log.debug({ err: error }, 'reconcile interrupted')
    else failed(queue, key, { log, error })
  }
}

function failed(queue: WorkQueue, key: string, { log, error }: { readonly log: Logger; readonly error: unknown }): void {
  if (error instanceof TerminalError) {
    queue.forget(key)
    log.error({ err: error }, 'reconcile failed for good')
    return
  }
  const retryMs = Math.round(queue.retry(key))
  const failures = queue.failures(key)
  // Somebody wrote in between: the normal price of optimistic locking, noise unless it lasts.
  if (isConflict(error) && failures < 5) log.debug({ err: error, retryMs }, 'object changed meanwhile, trying again')
  else log.error({ err: error, retryMs, failures }, 'reconcile failed, trying again')
}

const shortId = () => randomBytes(5).toString('hex')
