// SPDX-License-Identifier: Apache-2.0
/** A tool's native files → records and what goes with them. A tool that failed has results too: few, or none, and a reason. */
import type { Adapter } from '../../../harnesses/adapters.ts'
import { findAdapter } from '../../../harnesses/adapters.ts'
import type { AdapterResult } from '../../core/model/record.ts'
import type { TrialJob } from '../../core/model/trial-job.ts'
import { toolFiles, toolFolder } from './tool-files.ts'

export interface RawResults {
  readonly adapter: AdapterResult
  /** Why the files could not be read. */
  readonly problem?: string
}

export async function readResults(job: TrialJob, find: (name: string) => Promise<Adapter> = findAdapter): Promise<RawResults> {
  const { harness, harnessName } = job.spec
  try {
    const adapter = await find(harness.results.adapter)
    return { adapter: await adapter(toolFiles(toolFolder(job.paths.out, harness.results.folder)), job) }
  } catch (error) {
    const { message, hint } = error as Error & { readonly hint?: string }
    const problem = `the results of ${harnessName} cannot be read: ${message}${hint === undefined ? '' : ` (${hint})`}`
    return {
      adapter: { records: [], stages: [], claims: [], tool: { name: harnessName, version: harness.version }, notes: [problem] },
      problem,
    }
  }
}
