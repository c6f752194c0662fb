// SPDX-License-Identifier: Apache-2.0
/** Splits the time from one stored trial to the next on the same stack into parts, and finds how long actions took to follow what caused them. */
import type { Trial } from '../operator/core/model/kinds.ts'
import type { LoggedAction, Records } from './recorder.ts'

/** All in seconds. */
export interface TrialParts {
  readonly trial: string
  /** From the store of the trial before to this one's. */
  readonly cycle: number
  /** Trial before stored → Job made: begin, ConfigMap. */
  readonly next: number
  /** Job made → harness runs, as the collector sees it: Job controller, scheduler, kubelet, images, and our prepare. */
  readonly podStart: number
  /** Of which our `prepare` ran, in whole seconds of the kubelet. */
  readonly prepare: number
  /** The harness's own time. */
  readonly harness: number
  /** Harness ended → delivered: tail, adapter, findings, checksums. */
  readonly collect: number
  /** Delivered → the kubelet tells how the harness ended, where that comes later. */
  readonly notice: number
  /** Both known → stored. */
  readonly store: number
  /** What is ours of the cycle: next + collect + store. */
  readonly overhead: number
}

const ms = (time: string | undefined) => Date.parse(time ?? '')

export function partsOf(records: Records, stack: string): TrialParts[] {
  const done = [...records.trials.values()].filter((t) => t.spec.stackRef.name === stack && t.status?.completionTime !== undefined)
  const ordered = done.sort((a, b) => ms(a.status?.completionTime) - ms(b.status?.completionTime))
  return ordered.slice(1).flatMap((trial, i) => partsOfOne(records, ordered[i], trial) ?? [])
}

function partsOfOne(records: Records, before: Trial | undefined, trial: Trial): TrialParts | undefined {
  const { name } = trial.metadata
  const attempt = trial.status?.attempts?.at(-1)
  const jobMs = records.jobSeenMs.get(name)
  // A repeated attempt is another story.
  if (before === undefined || attempt === undefined || attempt.number > 1 || jobMs === undefined) return undefined
  const [storedBefore, stored, started, ended] = [ms(before.status?.completionTime), ms(trial.status?.completionTime), ms(attempt.startTime), ms(attempt.endTime)]
  const pod = records.pods.get(name)
  const { startMs = 0, endMs = 0 } = pod?.prepare ?? {}
  const began = storeBegan(records.actions, name) ?? stored
  const delivered = Math.min(records.collected.get(name)?.deliveredMs ?? began, began)
  const told = Math.max(delivered, Math.min(pod?.harnessEndSeenMs ?? began, began))
  const seconds = { cycle: stored - storedBefore, next: jobMs - storedBefore, podStart: started - jobMs, prepare: endMs - startMs, harness: ended - started, collect: delivered - ended, notice: told - delivered, store: stored - told }
  const inSeconds = Object.fromEntries(Object.entries(seconds).map(([part, value]) => [part, value / 1000])) as Record<keyof typeof seconds, number>
  return { trial: name, ...inSeconds, overhead: inSeconds.next + inSeconds.collect + inSeconds.store }
}

const storeBegan = (actions: readonly LoggedAction[], trial: string) => actions.find((a) => a.controller === 'trial' && a.name === trial && a.action === 'store')?.atMs

/** Seconds from the moment when a stack was seen ready to that when its first Job was. */
export function readyToJob({ stackReadyMs, trials, jobSeenMs }: Records): number[] {
  return [...stackReadyMs].flatMap(([stack, readyMs]) => {
    const jobs = [...trials.values()].filter((t) => t.spec.stackRef.name === stack).flatMap((t) => jobSeenMs.get(t.metadata.name) ?? [])
    return jobs.length === 0 ? [] : [(Math.min(...jobs) - readyMs) / 1000]
  })
}

export interface Reaction { readonly what: string; readonly ms: number }

/** Times from an event to the action that follows it, where both are on record. */
export function reactions(records: Records): Reaction[] {
  const all: Reaction[] = []
  const followed = (what: string, fromMs: number | undefined, next: LoggedAction | undefined) => {
    if (fromMs !== undefined && next !== undefined && next.atMs >= fromMs) all.push({ what, ms: next.atMs - fromMs })
  }
  const ofTrial = (name: string, action: string) => records.actions.find((a) => a.controller === 'trial' && a.name === name && a.action === action)
  // A stack is claimed once for all trials of an Experiment; the others begin at once.
  const firsts = records.actions.filter((a) => a.action === 'claim' || a.action === 'begin')
  for (const trial of records.trials.values()) {
    const { name } = trial.metadata
    followed('claimed → begun', ofTrial(name, 'claim')?.atMs, ofTrial(name, 'begin'))
    followed('begun → Job', ofTrial(name, 'begin')?.atMs, ofTrial(name, 'createJob'))
    const storedMs = ms(trial.status?.completionTime)
    const next = firsts.find((a) => a.atMs >= storedMs)
    // Not after the last trial of a stack, where the next one waits for a stand-up.
    const nextStack = records.trials.get(next?.name ?? '')?.spec.stackRef.name
    if (nextStack === trial.spec.stackRef.name) followed('stored → next begun', storedMs, next)
  }
  const readied = records.actions.filter((a) => a.controller === 'stack' && a.action === 'ready')
  for (const { name: stack, atMs: readyMs } of readied) followed('stack ready → claim', readyMs, firsts.find((a) => records.trials.get(a.name)?.spec.stackRef.name === stack))
  return all
}
