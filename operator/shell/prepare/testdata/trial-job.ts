// SPDX-License-Identifier: Apache-2.0
/** A trial.json for tests: small, complete, over folders of its own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TrialJob } from '../../../core/model/trial-job.ts'
import { TrialSpec } from '../../../core/model/trial.ts'

export interface JobOptions {
  readonly folder: string
  readonly workload?: object
  readonly harness?: object
  readonly spec?: object
  readonly paths?: object
  readonly endpoint?: object
  readonly scrape?: readonly string[]
  readonly resultsUrl?: string
}

const WORKLOAD = {
  data: { synthetic: { input: { fixed: 20 }, output: { fixed: 8 } } },
  load: { concurrent: { stages: [{ name: 'low', concurrency: 2, requests: 6 }] } },
}

export function trialJob(options: JobOptions): TrialJob {
  const { folder } = options
  const harness = { image: 'x', version: '1', supports: { load: ['concurrent'], data: ['synthetic'] }, results: { adapter: 'native' }, ...options.harness }
  const spec = TrialSpec.parse({ stackRef: { name: 's' }, workload: { ...WORKLOAD, ...options.workload }, harness, ...options.spec })
  return TrialJob.parse({
    trial: { name: 't', namespace: 'bench', uid: 'uid-t', attempt: 1, job: 't-a1', experiment: 'exp' },
    spec, specDigest: 'digest', operatorVersion: '0.1.0',
    endpoint: { url: 'http://127.0.0.1:1', host: '127.0.0.1', port: 1, path: '', model: 'm', ...options.endpoint },
    stack: { name: 's', gpus: 1, scrape: options.scrape ?? [], model: { name: 'm' }, engine: 'vllm', replicas: 1, parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 }, accelerator: {} },
    caches: { policy: 'Distinct', how: 'other prompts' },
    paths: { config: join(folder, 'config'), in: join(folder, 'run/in'), out: join(folder, 'run/out'), requests: join(folder, 'run/in/requests.jsonl'), ...options.paths },
    results: { url: options.resultsUrl ?? 'http://127.0.0.1:1', tokenPath: join(folder, 'token') },
  })
}

/** Writes it where the containers look for it. */
export function writeTrialJob(job: TrialJob): string {
  mkdirSync(job.paths.config, { recursive: true })
  const path = join(job.paths.config, 'trial.json')
  writeFileSync(path, JSON.stringify(job))
  return path
}
