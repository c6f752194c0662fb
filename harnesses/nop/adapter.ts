// SPDX-License-Identifier: Apache-2.0
/** A trial without load: no records, and a failure where the stack's start-up facts, its only result, are missing. */
import type { AdapterResult } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'

export function adaptNop(_files: ResultFiles, job: Pick<TrialJob, 'stack' | 'spec'>): Promise<AdapterResult> {
  const pods = job.stack.startup?.pods ?? []
  if (pods.length === 0) {
    const error = new Error(`the start-up times of stack ${job.stack.name} are missing: expected pods with phases in the stack's facts, found none`)
    return Promise.reject(Object.assign(error, { hint: 'nop measures stacks that were stood up by Assay; an endpoint by URL has no start-up' }))
  }
  return Promise.resolve({ records: [], stages: [], claims: [], tool: { name: 'nop', version: job.spec.harness.version }, notes: [] })
}
