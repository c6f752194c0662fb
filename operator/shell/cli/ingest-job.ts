// SPDX-License-Identifier: Apache-2.0
/** The description of a trial that was none of ours. What it says beside tool, model and accelerators stands for nothing, and goes into no result. */
import type { z } from 'zod'
import type { Results } from '../../core/model/experiment.ts'
import type { HarnessSpec } from '../../core/model/harness.ts'
import type { AdapterSummary } from '../../core/model/record.ts'
import type { Signature } from '../../../harnesses/reading/signature.ts'
import { SIGNATURES } from '../../../harnesses/signatures.ts'
import { TrialJob } from '../../core/model/trial-job.ts'
import { VERSION } from '../version.ts'
import type { Source } from './ingest-sources.ts'

export interface IngestSetting {
  /** How files of a tool that is not known are read. */
  readonly harness?: HarnessSpec | undefined
  /** The command that is running. */
  readonly command: string
  /** Accelerators that served; else what the files say. */
  readonly gpus?: number | undefined
  /** In whose form results are written too. */
  readonly files?: z.infer<typeof Results>['files']
}

export interface IngestJobInput extends Omit<IngestSetting, 'command'> {
  readonly source: Pick<Source, 'name' | 'tool'>
  readonly served?: AdapterSummary['served']
  readonly treatment?: Readonly<Record<string, string>>
}

export function ingestJob({ source: { name, tool }, harness, gpus, files, served, treatment = {} }: IngestJobInput): TrialJob {
  // Files in other tools' forms say fixed lengths as they are asked for, and of others what they were.
  const length = { uniform: { min: 1, max: 1 } }
  return TrialJob.parse({
    trial: { name, namespace: 'local', uid: `ingested-${name}`, attempt: 1, job: name },
    spec: {
      stackRef: { name }, treatment, caches: 'Keep', harnessName: tool,
      // No stage of it has the name of one that a tool ran, so nothing is held against it.
      workload: { api: { ignoreEos: false, sampling: {} }, data: { synthetic: { input: length, output: length } }, load: { throughput: { requests: 1 } } },
      harness: harness ?? { version: 'unknown', inProcess: isInProcess(tool), supports: { load: [], data: [] }, results: { adapter: tool } },
      ...(files !== undefined && { results: { files } }),
    },
    specDigest: 'none',
    endpoint: { url: 'http://unknown', host: 'unknown', port: 80, path: '', model: served?.model ?? 'unknown' },
    stack: {
      name, gpus: gpus ?? served?.gpus ?? 0, scrape: [], model: { name: served?.model ?? 'unknown' }, engine: served?.engine ?? 'unknown', replicas: 1,
      parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 }, accelerator: {}, deployed: false,
    },
    caches: { policy: 'Keep', how: '' },
    paths: { config: '', in: '', out: '', requests: '' },
    results: { url: 'none', tokenPath: 'none' },
    operatorVersion: VERSION,
  })
}

function isInProcess(tool: string): boolean {
  return Object.hasOwn(SIGNATURES, tool) && (SIGNATURES as Readonly<Record<string, Signature>>)[tool]?.inProcess === true
}
