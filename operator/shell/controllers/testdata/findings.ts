// SPDX-License-Identifier: Apache-2.0
/** Findings of a trial of which only its attainment matters, for tests of what is decided by it. */
import { Findings } from '../../../core/model/findings.ts'
import type { TrialSpec } from '../../../core/model/trial.ts'

export function findingsWith({ treatment, replicate }: TrialSpec, attainment: number): Findings {
  const requests = { total: 100, ok: 100, failed: 0, cancelled: 0, warmup: 0, drain: 0, errors: {}, firstErrors: [] }
  return Findings.parse({
    schema: 'assay.dev/findings/v1', trial: { name: 't', uid: 'u', namespace: 'ns', attempt: 1 }, treatment, replicate, stack: 's', gpus: 0, tool: { name: 'native', version: '1' },
    time: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:01:00Z' }, verdict: { result: 'valid', reasons: [] }, provenance: { specDigest: '', operatorVersion: '0' },
    stages: [{ stage: 'high', kind: 'poisson', offered: {}, window: { startEpochMs: 0, durationS: 60 }, requests, distributions: {}, scalars: { attainment: { unit: 'ratio', value: attainment } } }],
  })
}
