// SPDX-License-Identifier: Apache-2.0
/** From files on the disk to a receipt: native files, records, scrapes, findings, reports. Repeating it is harmless. */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { measureTrial, type TrialMeasurement } from '../../core/measure/measure-trial.ts'
import type { Artifact } from '../../core/model/findings.ts'
import { RequestsManifest } from '../../core/model/request.ts'
import type { Receipt, TrialJob } from '../../core/model/trial-job.ts'
import { MANIFEST_FILE } from '../prepare/prepare.ts'
import type { AttemptRef } from '../results/api.ts'
import type { ResultsClient, Sending } from '../results/client.ts'
import { type AskedPrometheus, askPrometheus } from './ask-prometheus.ts'
import type { CgroupSeen } from './cgroup-watch.ts'
import { readResults } from './raw-results.ts'
import type { Redactor } from './redact.ts'
import { readScrapes } from './scrape-log.ts'
import type { CollectorState } from './state.ts'
import type { Tail } from './tail.ts'
import { writeRecords } from './write-records.ts'

export interface DeliveryOptions {
  readonly job: TrialJob
  readonly ref: AttemptRef
  readonly client: ResultsClient
  readonly redactor: Redactor
  readonly tail: Tail
  readonly state: CollectorState
  /** Folder of our own in the pod's work volume. */
  readonly work: string
  readonly scrapes: string
  readonly cgroup: CgroupSeen | undefined
  readonly nowEpochMs: number
  readonly sending: Sending
  readonly onStep: (step: string) => void
}

const RECORDS = 'records.jsonl.gz'
/** The same as they were read, for ourselves. */
const SPOOL = 'records.jsonl'
const REQUESTS_MANIFEST = 'requests.manifest.json'

export async function deliver(options: DeliveryOptions): Promise<Receipt> {
  const { job, ref, client, redactor, tail, sending, onStep } = options
  onStep("sending the tool's files")
  const { keepRaw } = job.spec.results
  const raw = keepRaw ? await tail.finish(sending) : { artifacts: [], notes: [] }
  onStep("reading the tool's files")
  const results = await readResults(job, join(options.work, SPOOL))
  onStep('asking Prometheus')
  const asked = await askPrometheus({ job, redactor, folder: options.scrapes, time: timeOf(options) })
  onStep('sending records and scrapes')
  const artifacts = [...raw.artifacts, ...(await sendOwn(options, results.adapter.records))].sort((a, b) => (a.name < b.name ? -1 : 1))
  onStep('measuring')
  const adapter = { ...results.adapter, notes: [...results.adapter.notes, ...raw.notes] }
  const { findings, reports } = redactor.value(await measure(options, { ...results, adapter, asked }, artifacts))
  onStep('completing the delivery')
  return client.complete(ref, { findings, reports, files: artifacts }, sending)
}

async function measure(
  options: DeliveryOptions,
  results: Awaited<ReturnType<typeof readResults>> & { readonly asked: AskedPrometheus },
  artifacts: Artifact[],
): Promise<TrialMeasurement> {
  const { job, state, scrapes, cgroup } = options
  const { ended } = state
  const { adapter, problem, asked } = results
  return measureTrial({
    job,
    artifacts,
    adapter: { ...adapter, client: withCgroup(adapter.client, cgroup) },
    scrapes: [...(await readScrapes(scrapes)), ...asked.scrapes],
    queried: asked.queried,
    sourceNotes: asked.notes,
    requests: await requestsOf(job),
    harness: {
      exitCode: ended?.exitCode ?? null,
      timedOut: ended?.timedOut ?? false,
      oomKilled: ended?.oomKilled ?? false,
      message: ended?.message,
      unreadable: problem,
    },
    time: timeOf(options),
  })
}

function timeOf({ state: { started, ended, firstEpochMs }, nowEpochMs }: Pick<DeliveryOptions, 'state' | 'nowEpochMs'>) {
  return { startEpochMs: started?.epochMs ?? firstEpochMs, endEpochMs: ended?.epochMs ?? nowEpochMs }
}

/** What the kernel says stands in for what the tool does not say of itself. */
function withCgroup<C extends { readonly cpuSeconds?: number; readonly throttledSeconds?: number }>(
  client: C | undefined,
  cgroup: CgroupSeen | undefined,
): C | undefined {
  return client === undefined
    ? undefined
    : {
        ...client,
        cpuSeconds: client.cpuSeconds ?? cgroup?.cpuSeconds,
        throttledSeconds: client.throttledSeconds ?? cgroup?.throttledSeconds,
      }
}

/** Records, scrapes and the manifest of the requests: small in number, sent as a whole. */
async function sendOwn(
  { job, ref, client, redactor, work, scrapes, sending }: DeliveryOptions,
  records: Parameters<typeof writeRecords>[1],
): Promise<Artifact[]> {
  const path = join(work, RECORDS)
  await writeRecords(path, records, redactor)
  const files: OwnFile[] = [
    { name: RECORDS, path },
    ...scrapeFiles(scrapes),
    ...((await requestsOf(job)) === undefined ? [] : [{ name: REQUESTS_MANIFEST, path: join(job.paths.in, MANIFEST_FILE) }]),
  ]
  const artifacts: Artifact[] = []
  for (const file of files)
    artifacts.push({
      name: file.name,
      ...(await client.put(
        ref,
        file.name,
        { open: () => (file.pack === true ? createReadStream(file.path).pipe(createGzip()) : createReadStream(file.path)) },
        sending,
      )),
    })
  return artifacts
}

interface OwnFile {
  readonly name: string
  readonly path: string
  readonly pack?: boolean
}

/** Texts are packed as they were taken; lines are packed now. */
function scrapeFiles(folder: string): OwnFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((file) => ({
    name: `scrapes/${file}${file.endsWith('.gz') ? '' : '.gz'}`,
    path: join(folder, file),
    pack: !file.endsWith('.gz'),
  }))
}

/** What `prepare` wrote; a harness that sends nothing has none. */
async function requestsOf(job: TrialJob): Promise<RequestsManifest | undefined> {
  const text = await readFile(join(job.paths.in, MANIFEST_FILE), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : RequestsManifest.parse(JSON.parse(text))
}
