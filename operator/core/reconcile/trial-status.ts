// SPDX-License-Identifier: Apache-2.0
/** The status of a Trial after each step, as merge patches; the only place that words its conditions. */
import { type ConditionState, type ConditionType, setConditions } from '../model/conditions.ts'
import type { Condition } from '../model/common.ts'
import type { Findings } from '../model/findings.ts'
import { LABELS, type Trial } from '../model/kinds.ts'
import type { Receipt } from '../model/trial-job.ts'
import type { Attempt, TrialStatus } from '../model/trial.ts'
import { stamp } from './stamp.ts'
import type { PodTrouble } from './trial-observed.ts'

type Wanted = Partial<Record<ConditionType, Omit<ConditionState, 'type'> | null>>
export type StatusPatch = Partial<{ [K in keyof TrialStatus]: TrialStatus[K] | null }>

function at(trial: Trial, now: number): { now: string; generation: number } {
  return { now: stamp(now), generation: trial.metadata.generation ?? 0 }
}
const isoOf = (now: number) => new Date(now).toISOString()
const cond = (status: Condition['status'], reason: string, message: string) => ({ status, reason, message })

function patch(trial: Trial, now: number, change: { wanted: Wanted; fields: StatusPatch }): StatusPatch {
  return { ...change.fields, observedGeneration: trial.metadata.generation ?? 0, conditions: setConditions(trial.status?.conditions ?? [], change.wanted, at(trial, now)) }
}

/** Steps of an attempt that go as they should. Its beginning is on record and its end will be; what is between would cost a write each. */
const QUIET_STEPS: ReadonlySet<string> = new Set(['Running', 'PodStarting', 'HarnessRunning', 'Collecting', 'Delivered'])

/** Nothing to do yet. Returns undefined when the status says so already, or need not say it. */
export function waitingStatus(trial: Trial, now: number, wait: { phase: NonNullable<TrialStatus['phase']>; reason: string; message: string }): StatusPatch | undefined {
  const ready = trial.status?.conditions?.find((c) => c.type === 'Ready')
  if (trial.status?.phase === wait.phase && ready?.reason === wait.reason) return undefined
  if (isAsPlanned(trial, ready?.reason, wait.reason)) return undefined
  return patch(trial, now, { wanted: { Ready: cond('Unknown', wait.reason, wait.message), Reconciling: cond('True', wait.reason, wait.message) }, fields: { phase: wait.phase } })
}

/** From one good step to the next; or a trial that its Experiment made ahead of its turn, and that now waits for it. */
function isAsPlanned({ metadata, status }: Trial, before: string | undefined, now: string): boolean {
  if (status === undefined) return now === 'StackBusy' && metadata.labels?.[LABELS.experiment] !== undefined
  return QUIET_STEPS.has(now) && QUIET_STEPS.has(before ?? '')
}

/** The intent to run an attempt; it is written before its Job is made, so that nothing runs that is not on record. */
export function begunStatus(trial: Trial, now: number, attempt: Pick<Attempt, 'number' | 'job'>): StatusPatch {
  const message = `attempt ${attempt.number}: Job ${attempt.job}`
  return patch(trial, now, {
    wanted: { Ready: cond('Unknown', 'Running', message), Reconciling: cond('True', 'Running', message) },
    fields: { phase: 'Running', startTime: trial.status?.startTime ?? isoOf(now), attempts: [...(trial.status?.attempts ?? []), { ...attempt, createdTime: isoOf(now) }] },
  })
}

function withOutcome(trial: Trial, change: Partial<Attempt>): Attempt[] {
  const attempts = trial.status?.attempts ?? []
  return attempts.map((a, i) => (i === attempts.length - 1 ? { ...a, ...change } : a))
}

/** An attempt ended without a delivery; another follows, or the trial has failed. */
export function endedStatus(trial: Trial, now: number, end: { trouble: PodTrouble; retry: boolean; log: string }): StatusPatch {
  const { trouble, retry } = end
  const text = `${trouble.outcome}: ${trouble.message}`
  const message = `${text}${end.log === '' ? '' : `\n${end.log}`}`.slice(0, 4096)
  const attempts = withOutcome(trial, { outcome: trouble.outcome, endTime: isoOf(now), message })
  if (retry) {
    return patch(trial, now, { wanted: { Ready: cond('Unknown', 'Retrying', text), Reconciling: cond('True', 'Retrying', text) }, fields: { phase: 'Pending', attempts } })
  }
  return failedStatus(trial, now, { reason: trouble.outcome, message: trouble.message, attempts })
}

export function failedStatus(trial: Trial, now: number, why: { reason: string; message: string; attempts?: Attempt[] }): StatusPatch {
  const state = (status: Condition['status']) => cond(status, why.reason, why.message)
  return patch(trial, now, {
    wanted: { Ready: state('False'), Reconciling: null, Stalled: state('True'), Failed: state('True'), Complete: null },
    fields: { phase: 'Failed', completionTime: isoOf(now), ...(why.attempts && { attempts: why.attempts }) },
  })
}

export interface StoredResults {
  readonly receipt: Receipt
  readonly findings: Findings
  readonly summary: NonNullable<TrialStatus['summary']>
  readonly configMap: string
}

/** Results are stored. An invalid verdict fails the trial, with its results kept. */
export function storedStatus(trial: Trial, now: number, stored: StoredResults): StatusPatch {
  const { receipt, findings, summary } = stored
  const { result, reasons } = findings.verdict
  const why = reasons.map((r) => `${r.reason}${r.stage === undefined ? '' : ` (${r.stage})`}: ${r.message}`)
  const invalid = result === 'invalid'
  const message = why.length === 0 ? 'measured and stored' : why.join('; ').slice(0, 2048)
  return patch(trial, now, {
    wanted: {
      Reconciling: null,
      ResultsStored: cond('True', 'Stored', `in ConfigMap ${stored.configMap} and on the results server`),
      ...(invalid
        ? { Ready: cond('False', 'Invalid', message), Stalled: cond('True', 'Invalid', message), Failed: cond('True', 'Invalid', message) }
        : { Ready: cond('True', 'Measured', message), Complete: cond('True', 'Measured', message), Stalled: null }),
    },
    fields: {
      phase: invalid ? 'Failed' : 'Succeeded', completionTime: isoOf(now), verdict: result, reasons: why.slice(0, 32).map((w) => w.slice(0, 512)), summary,
      attempts: withOutcome(trial, { outcome: invalid ? 'Invalid' : 'Delivered', startTime: findings.time.start, endTime: findings.time.end, deliveredTime: isoOf(now) }),
      results: { configMap: stored.configMap, address: receipt.address ?? '', digest: receipt.digest ?? '', bytes: receipt.bytes ?? 0 },
    },
  })
}
