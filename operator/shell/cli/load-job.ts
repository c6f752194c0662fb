// SPDX-License-Identifier: Apache-2.0
/** Makes the description of a trial for an endpoint that is simply there, so that everything after it is as in a cluster. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { credentialHeader, type EndpointApi } from '../../core/model/endpoint-api.ts'
import type { TokenPrice } from '../../core/model/scenario-metrics.ts'
import { TrialJob } from '../../core/model/trial-job.ts'
import { DATA_KINDS, dataKind, type DataSource, dataSource, LOAD_KINDS } from '../../core/model/workload-profile.ts'
import { VERSION } from '../version.ts'
import { sourcePath, type ProfileFile } from './load-profile.ts'

interface LoadTarget {
  readonly url: string
  readonly model: string
  readonly headers: Readonly<Record<string, string>>
  /** The credential is in the environment variable ASSAY_CREDENTIAL, or where its like say. */
  readonly hasCredential: boolean
  readonly ca?: string
  readonly gpus: number
  readonly api: EndpointApi
  readonly price?: TokenPrice | undefined
}

export interface LoadJobInput {
  readonly profile: ProfileFile
  readonly target: LoadTarget
  readonly seed: number
  readonly folder: string
  /** results.files: forms of other tools that are wanted too. */
  readonly files: object
}

/** Writes trial.json and inline content into the folder. */
export async function writeLoadJob({ profile, target, seed, folder, files }: LoadJobInput): Promise<TrialJob> {
  const paths = { config: folder, in: join(folder, 'in'), out: join(folder, 'out'), requests: join(folder, 'in', 'requests.jsonl') }
  for (const path of [paths.in, paths.out]) await mkdir(path, { recursive: true })
  const { spec } = profile
  const kind = dataKind(spec.data)
  const data = dataSource(spec.data)
  const job = TrialJob.parse({
    trial: { name: 'load', namespace: 'local', uid: 'local', attempt: 1, job: 'load' },
    spec: {
      stackRef: { name: 'endpoint' }, workload: spec, seeds: { arrival: seed, content: seed }, caches: 'Keep',
      harness: { version: VERSION, supports: { load: LOAD_KINDS, data: DATA_KINDS }, results: { adapter: 'native' } },
      results: { files },
    },
    specDigest: 'local',
    endpoint: endpointOf(target),
    stack: {
      name: 'endpoint', deployed: false, gpus: target.gpus, scrape: [], model: { name: target.model }, engine: 'unknown', replicas: 1,
      parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 }, accelerator: {},
    },
    caches: { policy: 'Keep', how: 'the endpoint was taken as it was' },
    paths: {
      ...paths,
      tokenizer: await contentPath(spec.tokenizer.source, { profile, what: 'tokenizer.source', file: join(paths.in, 'tokenizer.json') }),
      data: await contentPath(data, { profile, what: `data.${kind}.source`, file: join(paths.in, 'data') }),
    },
    results: { url: 'none', tokenPath: 'none' },
    operatorVersion: VERSION,
  })
  await writeFile(join(folder, 'trial.json'), `${JSON.stringify(job, undefined, 2)}\n`)
  return job
}

function endpointOf({ url, api, model, headers, hasCredential, ca, price }: LoadTarget): unknown {
  const { hostname, port, protocol, pathname } = new URL(url)
  return {
    url, host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port), path: pathname === '/' ? '' : pathname, api, model, headers, ca, price,
    ...(hasCredential ? { credential: { ...credentialHeader(api), env: 'ASSAY_CREDENTIAL' } } : {}),
  }
}

interface Content { readonly profile: ProfileFile; readonly what: string; readonly file: string }

async function contentPath(source: DataSource | undefined, { profile, what, file }: Content): Promise<string | undefined> {
  if (source?.inline !== undefined) {
    await writeFile(file, source.inline)
    return file
  }
  return sourcePath(source, profile, what)
}
