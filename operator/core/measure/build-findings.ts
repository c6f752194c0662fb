// SPDX-License-Identifier: Apache-2.0
/** The parts of a trial's result → Findings, checked against their schema. It computes nothing. */
import { HARNESS_IMAGE } from '../model/deployed.ts'
import { Findings, type StageFindings, type Verdict } from '../model/findings.ts'
import type { GpuSeen } from '../model/node-fact.ts'
import type { AdapterSummary } from '../model/record.ts'
import type { RequestsManifest } from '../model/request.ts'
import type { TrialJob } from '../model/trial-job.ts'
import type { z } from 'zod'
import { servedOf } from './served.ts'

export interface FindingsParts {
  readonly job: TrialJob
  readonly adapter: AdapterSummary
  readonly stages: readonly StageFindings[]
  readonly verdict: Verdict
  readonly series: Findings['server']
  readonly hitRateAtStart: number | null
  readonly gpus: readonly GpuSeen[]
  readonly artifacts: Findings['artifacts']
  readonly requests?: z.infer<typeof RequestsManifest> | undefined
  readonly time: { readonly startEpochMs: number; readonly endEpochMs: number }
  readonly notes: readonly string[]
  /** Results that no trial of ours made: what the job says beside the tool is nobody's knowledge. */
  readonly ingested?: Findings['provenance']['ingested']
}

/** Throws a ZodError when a part does not fit: that is a mistake of ours, never of the trial. */
export function buildFindings({ job, adapter, requests, time, ingested, ...parts }: FindingsParts): Findings {
  const { trial, spec, stack } = job
  return Findings.parse({
    schema: 'assay.dev/findings/v1',
    trial: { name: trial.name, uid: trial.uid, namespace: trial.namespace, attempt: trial.attempt },
    ...(trial.experiment === undefined ? {} : { experiment: trial.experiment }),
    treatment: spec.treatment,
    replicate: spec.replicate,
    stack: stack.name,
    gpus: stack.gpus,
    served: servedOf(job, adapter.served, ingested !== undefined),
    tool: adapter.tool,
    time: { start: isoTime(time.startEpochMs), end: isoTime(time.endEpochMs) },
    verdict: parts.verdict,
    stages: parts.stages,
    client: adapter.client,
    startup: stack.startup,
    claims: adapter.claims,
    scores: adapter.scores ?? [],
    server: parts.series,
    ...(ingested === undefined
      ? {
          caches: { policy: job.caches.policy, how: job.caches.how, hitRateAtStart: parts.hitRateAtStart ?? undefined },
          provenance: { ...provenance(job, requests), gpus: [...parts.gpus] },
        }
      : { provenance: { specDigest: job.specDigest, operatorVersion: job.operatorVersion, ingested } }),
    artifacts: parts.artifacts,
    notes: [...adapter.notes, ...parts.notes],
  })
}

function provenance({ specDigest, spec, stack, operatorVersion }: TrialJob, requests: FindingsParts['requests']): Omit<Findings['provenance'], 'gpus'> {
  const harness = spec.harness.image === '' ? [] : [{ name: `${HARNESS_IMAGE}${spec.harnessName}`, image: spec.harness.image }]
  return {
    specDigest,
    ...(requests === undefined ? {} : { requestsSha256: requests.sha256, requestsCount: requests.count }),
    seeds: spec.seeds,
    tokenizer: requests?.tokenizer ?? spec.workload.tokenizer.name,
    operatorVersion,
    images: [...stack.images, ...harness], charts: stack.charts,
    nodes: stack.nodes,
  }
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
