// SPDX-License-Identifier: Apache-2.0
/** One sample from native files to findings and reports, by the code that a trial runs. */
import { measureTrial, type TrialMeasurement } from '../../operator/core/measure/measure-trial.ts'
import { plannedOffers } from '../../operator/core/measure/planned-load.ts'
import { trialJob } from '../../operator/core/measure/testdata/trial.ts'
import type { AdapterSummary, RequestRecord } from '../../operator/core/model/record.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { findAdapter } from '../adapters.ts'
import { wholeResult } from '../reading/whole-result.ts'
import { heldFiles } from './held-files.ts'

export interface CaseInput {
  readonly adapter: string
  readonly files: Readonly<Record<string, string>>
  readonly load?: object | undefined
  readonly results?: object | undefined
}

export type CaseResult = AdapterSummary & { readonly records: readonly RequestRecord[] }

const NO_LOAD = { throughput: { requests: 1 } }

export function caseJob({ adapter, load, results }: CaseInput): TrialJob {
  return trialJob({
    spec: {
      harnessName: adapter, harness: { version: '9.9.9', results: { adapter, ...results } },
      workload: { api: { ignoreEos: false }, load: { constant: undefined, ...(load ?? NO_LOAD) } },
    },
    stack: { scrape: [], startup: undefined },
  })
}

export async function readCase(input: CaseInput): Promise<CaseResult> {
  const job = caseJob(input)
  const adapter = await findAdapter(input.adapter)
  return wholeResult(await adapter(heldFiles(input.files), job, { stages: input.load === undefined ? [] : plannedOffers(job.spec.workload.load) }))
}

export function measureCase(input: CaseInput, adapter: CaseResult): Promise<TrialMeasurement> {
  return measureTrial({
    job: caseJob(input), adapter, scrapes: [], artifacts: [], harness: { exitCode: 0, timedOut: false, oomKilled: false },
    time: { startEpochMs: Date.UTC(2026, 10, 22, 12), endEpochMs: Date.UTC(2026, 10, 22, 13) },
  })
}
