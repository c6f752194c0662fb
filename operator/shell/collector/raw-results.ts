// SPDX-License-Identifier: Apache-2.0
/** A tool's native files → records and what goes with them. A tool that failed has results too: few, or none, and a reason. */
import type { Adapter } from '../../../harnesses/adapters.ts'
import { findAdapter } from '../../../harnesses/adapters.ts'
import { plannedOffers } from '../../core/measure/planned-load.ts'
import type { AdapterResult, AdapterSummary } from '../../core/model/record.ts'
import type { TrialJob } from '../../core/model/trial-job.ts'
import { monotonicEpochMs } from './monotonic-clock.ts'
import { spoolRecords, type RecordSpool } from './record-spool.ts'
import { toolFiles, toolFolder } from './tool-files.ts'

export interface RawResults {
  readonly adapter: AdapterSummary & { readonly records: RecordSpool }
  /** Why the files could not be read. */
  readonly problem?: string
}

/** Reads everything once. Records go to the file `spool`. */
export async function readResults(job: TrialJob, spool: string, find: (name: string) => Promise<Adapter> = findAdapter): Promise<RawResults> {
  const { harness, harnessName } = job.spec
  try {
    const adapter = await find(harness.results.adapter)
    const setting = { stages: plannedOffers(job.spec.workload.load), monotonicEpochMs: monotonicEpochMs() }
    const result = await adapter(toolFiles(toolFolder(job.paths.out, harness.results.folder)), job, setting)
    return await settle(result, spool, harnessName)
  } catch (error) {
    const problem = problemOf(error, harnessName)
    const { records } = await spoolRecords(spool, [])
    return { adapter: { records, stages: [], claims: [], tool: { name: harnessName, version: harness.version }, notes: [problem] }, problem }
  }
}

/** An adapter that fails in the middle of its records leaves those before it, and says so. */
export async function settle(result: AdapterResult, spool: string, harnessName: string): Promise<RawResults> {
  const { records: _records, afterRecords, ...before } = result
  const { records, error } = await spoolRecords(spool, result.records)
  const summary: AdapterSummary = { ...before, ...afterRecords?.() }
  if (error === undefined) return { adapter: { ...summary, records } }
  const problem = problemOf(error, harnessName)
  return { adapter: { ...summary, records, notes: [...summary.notes, problem] }, problem }
}

function problemOf(error: unknown, harnessName: string): string {
  const { message, hint } = error as Error & { readonly hint?: string }
  return `the results of ${harnessName} cannot be read: ${message}${hint === undefined ? '' : ` (${hint})`}`
}
