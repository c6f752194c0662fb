// SPDX-License-Identifier: Apache-2.0
/** One folder of a tool's results → records, findings and reports, by the code that trials run. */
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { findAdapter } from '../../../harnesses/adapters.ts'
import { measureTrial, type TrialMeasurement } from '../../core/measure/measure-trial.ts'
import { settle, type RawResults } from '../collector/raw-results.ts'
import { createRedactor } from '../collector/redact.ts'
import { writeRecords } from '../collector/write-records.ts'
import { writeToolFiles, type WrittenToolFile } from '../collector/write-tool-files.ts'
import { ingestJob, type IngestSetting } from './ingest-job.ts'
import type { Source } from './ingest-sources.ts'

export interface ReadSource {
  readonly source: Source
  readonly raw: RawResults
}

/** Reads everything once; records go to the file `spool`. */
export async function readSource(source: Source, spool: string, setting: IngestSetting): Promise<ReadSource> {
  const job = ingestJob({ source, ...setting })
  const adapter = await findAdapter(job.spec.harness.results.adapter)
  // Nobody knows the workload, and the files need not be of this machine.
  const result = await adapter(source.files, job, { stages: [] })
  await mkdir(dirname(spool), { recursive: true })
  return { source, raw: await settle(result, spool, source.tool) }
}

/** Records stay packed beside the findings, without what looks like a secret, and so do the files in other tools' forms. */
export async function measureSource({ source, raw }: ReadSource, treatment: Readonly<Record<string, string>>, setting: IngestSetting): Promise<TrialMeasurement & { readonly written: readonly WrittenToolFile[] }> {
  const { adapter, problem } = raw
  const { time, note } = await timeOf(source, adapter)
  const job = ingestJob({ source, served: adapter.served, treatment, ...setting })
  const measurement = await measureTrial({
    job,
    adapter: { ...adapter, notes: [...adapter.notes, ...note] },
    scrapes: [], artifacts: [], time, ingested: { from: source.from, command: setting.command },
    harness: { exitCode: null, timedOut: false, oomKilled: false, unreadable: problem },
  })
  const redactor = createRedactor([])
  const written = await writeToolFiles({ job, ...adapter, endEpochMs: time.endEpochMs }, dirname(adapter.records.path), redactor)
  await keepRecords(adapter.records.path, redactor)
  return { ...redactor.value(measurement), written }
}

async function keepRecords(spool: string, redactor: ReturnType<typeof createRedactor>): Promise<void> {
  if ((await stat(spool)).size > 0) await writeRecords(`${spool}.gz`, { path: spool }, redactor)
  await rm(spool)
}

interface Timed { readonly time: { readonly startEpochMs: number; readonly endEpochMs: number }; readonly note: readonly string[] }

/** By the tool's clock; without one, by when its newest file was written. */
async function timeOf({ files, tool }: Source, { client, stages }: RawResults['adapter']): Promise<Timed> {
  const lengthMs = Math.max(0, ...stages.map((s) => s.endMs))
  if (client !== undefined) return { time: { startEpochMs: client.clock.epochMs, endEpochMs: client.clock.epochMs + lengthMs }, note: [] }
  const written = await Promise.all((await files.list()).map((name) => files.modified(name)))
  const endEpochMs = Math.max(0, ...written.map((ms) => ms ?? 0))
  return { time: { startEpochMs: endEpochMs - lengthMs, endEpochMs }, note: [`${tool} says no date: the time is when its newest file was written`] }
}
