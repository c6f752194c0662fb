// SPDX-License-Identifier: Apache-2.0
/** The collector's life: follow the harness, stream what it writes, deliver when it has ended, stay until told to go. */
import { join } from 'node:path'
import type { Logger } from 'pino'
import { durationMs } from '../../core/model/common.ts'
import type { Receipt, TrialJob } from '../../core/model/trial-job.ts'
import { type Clock, LONGEST_TIMER_MS } from '../kube/clock.ts'
import type { AttemptRef } from '../results/api.ts'
import type { ResultsClient } from '../results/client.ts'
import { type CgroupWatch, watchCgroup } from './cgroup-watch.ts'
import { deliverPersistently } from './deliver-persistently.ts'
import { createLiveCount } from './live-count.ts'
import type { ProcessTable } from './process-table.ts'
import { createRedactor, type Redactor } from './redact.ts'
import { openState, type StateFile } from './state.ts'
import { scrape, stream } from './stream-trial.ts'
import { createTail, type Tail } from './tail.ts'
import { watchHarness } from './watch-harness.ts'

export interface CollectOptions {
  readonly job: TrialJob
  readonly table: ProcessTable
  readonly clock: Clock
  readonly client: ResultsClient
  readonly log: Logger
  readonly secrets: readonly string[]
  /** Folder of our own in the pod's work volume: it outlives us, not the pod. */
  readonly work: string
  /** Aborted when the kubelet tells us to end. */
  readonly terminate: AbortSignal
  /** From then on until we are killed. */
  readonly graceMs: number
  readonly lastWord: (receipt: Receipt) => void
}

export interface Collecting extends CollectOptions {
  readonly ref: AttemptRef
  readonly redactor: Redactor
  readonly state: StateFile
  readonly scrapes: string
  readonly makeTail: () => Tail
  readonly cgroup: () => CgroupWatch | undefined
}

/** File of the native harness whose lines are counted. */
const COUNTED = /(^|\/)native\.jsonl$/

/** 0 when everything is delivered, else 1. Returns only when told to end: a sidecar that ends by itself is started again. */
export async function collect(options: CollectOptions): Promise<number> {
  const { clock, job, terminate, work, log, lastWord } = options
  const state = openState(join(work, 'state.json'), clock.epochMs())
  const receipt = state.get().receipt ?? (await collectAndDeliver(options, state))
  lastWord(receipt)
  log.info({ receipt, attempt: job.trial.attempt }, receipt.kind === 'delivered' ? 'delivered' : 'not delivered')
  await ended(terminate)
  return receipt.kind === 'delivered' ? 0 : 1
}

async function collectAndDeliver(options: CollectOptions, state: StateFile): Promise<Receipt> {
  const { job, secrets, client, log } = options
  const { namespace, name: trial, attempt } = job.trial
  const ref = { namespace, trial, attempt }
  const redactor = createRedactor(secrets)
  const count = createLiveCount()
  const onRead = (name: string, bytes: Buffer) => {
    if (COUNTED.test(name)) count.add(bytes)
  }
  const makeTail = (listener?: typeof onRead) =>
    createTail({ folder: job.paths.out, client, ref, redactor, hasSecrets: secrets.length > 0, onRead: listener })
  const tail = makeTail(onRead)
  let cgroup: CgroupWatch | undefined
  const collecting: Collecting = {
    ...options,
    ref,
    redactor,
    state,
    scrapes: join(options.work, 'scrapes'),
    makeTail,
    cgroup: () => cgroup,
  }
  if (state.get().ended === undefined) {
    const { signal, stop } = stoppable()
    const beside = [stream(collecting, { tail, count, signal }), scrape(collecting, signal)]
    await follow(collecting, (watch) => {
      cgroup = watch
    })
    stop()
    await Promise.all(beside)
  }
  log.info({ ended: state.get().ended }, 'the harness has ended')
  const receipt = await deliverPersistently(collecting, tail)
  if (receipt.kind === 'delivered') state.update({ receipt })
  cgroup?.close()
  return receipt
}

/** Until the harness has ended, by itself or by its timeout, or the pod is ended. */
async function follow(collecting: Collecting, onCgroup: (watch: CgroupWatch) => void): Promise<void> {
  const { job, table, clock, state, terminate, log } = collecting
  const { timeout, harness } = job.spec
  const known = state.get().started
  if (known !== undefined) onCgroup(watchCgroup(known.pid))
  const end = await watchHarness({
    table,
    clock,
    known,
    timeoutMs: durationMs(timeout),
    graceMs: harness.gracePeriodSeconds * 1000,
    signal: terminate,
    onStarted: (started) => {
      state.update({ started })
      onCgroup(watchCgroup(started.pid))
      log.info({ pid: started.pid }, 'the harness runs')
    },
    onSeen: () => collecting.cgroup()?.look(),
  })
  collecting.cgroup()?.look()
  const oomKilled = (collecting.cgroup()?.seen().oomKills ?? 0) > 0
  state.update({
    ended: {
      ...(end ?? { epochMs: clock.epochMs(), exitCode: null, timedOut: false, message: 'the harness ended before it was seen' }),
      oomKilled,
    },
  })
}

function stoppable(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const abort = new AbortController()
  return { signal: abort.signal, stop: () => abort.abort() }
}

/** A signal's listener alone does not keep a process alive: the timer does. */
function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const alive = setInterval(() => undefined, LONGEST_TIMER_MS)
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(alive)
      resolve()
    },
    { once: true },
  )
  return promise
}
