// SPDX-License-Identifier: Apache-2.0
/** The status of a Trial that has ended, with texts as long as a busy cluster makes them. */
import { TrialStatus } from '../operator/core/model/trial.ts'

const AT = '2026-01-01T00:00:00.000Z'
const REASON = "ClientSaturated: the client's event loop was late by 16.7 ms at p99 (limit 5 ms)"
const condition = (type: 'Ready' | 'Complete' | 'ResultsStored', message: string) =>
  ({ type, status: 'True' as const, reason: 'Measured', message, observedGeneration: 1, lastTransitionTime: AT })

export function endedStatus(trial: string): TrialStatus {
  return TrialStatus.parse({
    observedGeneration: 1, phase: 'Succeeded', startTime: AT, completionTime: AT, verdict: 'suspect', reasons: [REASON, REASON],
    attempts: [{ number: 1, job: `${trial}-a1`, createdTime: AT, startTime: AT, endTime: AT, deliveredTime: AT, outcome: 'Delivered' }],
    results: { configMap: trial, address: `/v1/trials/bench/${trial}/files/1`, digest: '0'.repeat(64), bytes: 39_367 },
    summary: { errorRate: '0 %', tokensPerSecond: '56.2 tok/s', ttftP99: '39.6 ms' },
    conditions: [condition('Ready', `${REASON}; ${REASON}`), condition('Complete', `${REASON}; ${REASON}`), condition('ResultsStored', `in ConfigMap ${trial} and on the results server`)],
  })
}
