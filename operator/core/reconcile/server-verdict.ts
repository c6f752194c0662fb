// SPDX-License-Identifier: Apache-2.0
/** What the controller saw of the stack while a trial ran, added to the trial's own verdict: the collector sees the server only through its metrics. */
import { HARNESS_IMAGE } from '../model/deployed.ts'
import type { Findings, Verdict } from '../model/findings.ts'
import type { StackStatus } from '../model/stack.ts'
import type { Attempt } from '../model/trial.ts'

export interface ServerHistory {
  /** The stack is not ready now, or became ready again after the attempt had begun. */
  readonly lost: boolean
  readonly drifted: boolean
}

export function serverHistory(status: StackStatus | undefined, ready: boolean, attempt: Pick<Attempt, 'createdTime'>): ServerHistory {
  const readyAt = Date.parse(status?.readyTime ?? '')
  return { lost: !ready || readyAt > Date.parse(attempt.createdTime ?? ''), drifted: status?.driftedTime !== undefined }
}

/** Reasons are added, never removed; a valid verdict becomes suspect. */
export function amendVerdict(findings: Findings, { lost, drifted }: ServerHistory): Findings {
  const said = new Set(findings.verdict.reasons.map((r) => r.reason))
  const added: Verdict['reasons'] = [
    ...(lost && !said.has('ServerRestarted') ? [{ reason: 'ServerRestarted' as const, message: 'the stack was not ready throughout the trial' }] : []),
    ...(drifted && !said.has('StackDrifted') ? [{ reason: 'StackDrifted' as const, message: 'images, arguments or templates of the serving pods changed after the stack was ready' }] : []),
  ]
  if (added.length === 0) return findings
  const result = findings.verdict.result === 'valid' ? 'suspect' : findings.verdict.result
  return { ...findings, verdict: { result, reasons: [...findings.verdict.reasons, ...added] } }
}

/** How the harness ended, which the collector cannot see: out of memory spoils the trial; an exit code alone does not, counts decide. */
export function amendByExit(findings: Findings, end: { readonly exitCode: number; readonly reason?: string } | undefined): Findings {
  if (end === undefined || end.exitCode === 0 || findings.verdict.reasons.some((r) => r.reason === 'HarnessTimedOut')) return findings
  const oom = end.reason === 'OOMKilled'
  const message = oom ? 'the harness was killed: out of memory (raise harness.pod.resources.limits.memory)' : `the harness ended with exit code ${end.exitCode}`
  const result = oom ? 'invalid' : findings.verdict.result === 'valid' ? 'suspect' : findings.verdict.result
  return { ...findings, verdict: { result, reasons: [...findings.verdict.reasons, { reason: 'HarnessFailed', message }] } }
}

/** The digest of the harness that ran: only the kubelet knows it. */
export function withHarnessDigest(findings: Findings, digest: string | undefined): Findings {
  if (digest === undefined) return findings
  const { provenance } = findings
  return { ...findings, provenance: { ...provenance, images: provenance.images.map((i) => (i.name.startsWith(HARNESS_IMAGE) ? { ...i, digest } : i)) } }
}

/** Invalid because the server went away: another attempt on a stack that stands again may succeed. */
export function isServersFault(findings: Findings, history: ServerHistory): boolean {
  return findings.verdict.result === 'invalid' && (history.lost || findings.verdict.reasons.some((r) => r.reason === 'ServerRestarted'))
}
