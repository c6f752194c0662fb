// SPDX-License-Identifier: Apache-2.0
/** Follows the harness from its start to its end, and ends it when its time is over. It decides nothing about results. */
import { type Clock, sleep } from '../kube/clock.ts'
import { findHarness, harnessFamily } from './find-harness.ts'
import type { ProcessSeen, ProcessTable } from './process-table.ts'

interface HarnessStarted {
  readonly pid: number
  readonly startTicks: string
  readonly cgroup: string
  readonly epochMs: number
}

export interface HarnessEnded {
  readonly epochMs: number
  /** null: the kernel did not let us see it. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  readonly message?: string
}

export interface WatchOptions {
  readonly table: ProcessTable
  readonly clock: Clock
  /** The harness that an earlier run of ours saw. */
  readonly known?: HarnessStarted
  readonly timeoutMs: number
  /** Between TERM and KILL. */
  readonly graceMs: number
  readonly signal: AbortSignal
  readonly onStarted: (started: HarnessStarted) => void
  /** Each time that we look and the harness is there. */
  readonly onSeen?: () => void
}

/** A process that is not our child tells nobody of its end: it must be looked for. One small read each time. */
const LOOK_EVERY_MS = 100

/** Resolves when the harness has ended; undefined when the signal came before it was ever seen. */
export async function watchHarness(options: WatchOptions): Promise<HarnessEnded | undefined> {
  const started = options.known ?? (await waitForStart(options))
  return started === undefined ? undefined : waitForEnd(options, started)
}

async function waitForStart({ table, clock, signal, onStarted }: WatchOptions): Promise<HarnessStarted | undefined> {
  while (!signal.aborted) {
    const found = findHarness(table.list(), table.self)
    if (found !== undefined) {
      const started = { pid: found.pid, startTicks: found.startTicks, cgroup: found.cgroup, epochMs: clock.epochMs() }
      onStarted(started)
      return started
    }
    await sleep(clock, LOOK_EVERY_MS, signal)
  }
  return undefined
}

async function waitForEnd(options: WatchOptions, started: HarnessStarted): Promise<HarnessEnded> {
  const { table, clock, timeoutMs, graceMs, signal, onSeen } = options
  const ending = { termAt: started.epochMs + timeoutMs, killAt: Number.POSITIVE_INFINITY, refused: '' }
  for (;;) {
    const seen = table.find(started.pid)
    if (seen === undefined || seen.startTicks !== started.startTicks || seen.zombie)
      return describeEnd({ seen, started, clock, ending, options })
    // Told to stop: the kubelet has ended the harness, or is about to kill everything.
    if (signal.aborted)
      return { ...describeEnd({ seen: undefined, started, clock, ending, options }), message: 'the pod was ended while the harness ran' }
    onSeen?.()
    if (clock.epochMs() >= ending.termAt && ending.killAt === Number.POSITIVE_INFINITY) {
      ending.killAt = clock.epochMs() + graceMs
      if (table.signal(started.pid, 'SIGTERM') === 'refused')
        ending.refused = '; it may not be signalled: does its container run as another user?'
    }
    if (clock.epochMs() >= ending.killAt) killFamily(table, seen)
    await sleep(clock, LOOK_EVERY_MS, signal)
  }
}

function killFamily(table: ProcessTable, main: ProcessSeen): void {
  for (const pid of harnessFamily(table.list(), main, table.self)) table.signal(pid, 'SIGKILL')
}

interface End {
  readonly seen: ProcessSeen | undefined
  readonly started: HarnessStarted
  readonly clock: Clock
  readonly ending: { readonly killAt: number; readonly refused: string }
  readonly options: WatchOptions
}

function describeEnd({ seen, started, clock, ending, options }: End): HarnessEnded {
  const epochMs = clock.epochMs()
  const timedOut = ending.killAt !== Number.POSITIVE_INFINITY
  const exit = seen !== undefined && seen.startTicks === started.startTicks ? seen.exit : undefined
  // A process that a signal ended has no exit code of its own: shells and the kubelet say 128 and the signal.
  const exitCode = exit === undefined ? null : exit.signal > 0 ? 128 + exit.signal : exit.code
  if (!timedOut) return { epochMs, exitCode, timedOut }
  const how = epochMs >= ending.killAt ? `TERM and, after ${options.graceMs / 1000} s, KILL` : 'TERM'
  return { epochMs, exitCode, timedOut, message: `ended by ${how} after ${options.timeoutMs / 1000} s${ending.refused}` }
}
