// SPDX-License-Identifier: Apache-2.0
/** Reads the native harness's own files into the common form. It measures nothing and forgives only a line that was cut off: that note begins with `truncated`. */
import { z } from 'zod'
import { RequestRecord, type AdapterResult } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { NativeResult, RECORDS_FILE, RESULT_FILE, TOOL } from './native-result.ts'

export async function adaptNative(files: ResultFiles, job: Pick<TrialJob, 'spec'>): Promise<AdapterResult> {
  const names = await files.list()
  if (!names.includes(RECORDS_FILE)) throw new Error(`${RECORDS_FILE} is missing: the harness ended before its first request; its log says why`)
  const result = names.includes(RESULT_FILE) ? await readResult(files) : undefined
  const notes = [...completeness(result), ...(result?.notes ?? [])]
  const cutOff: string[] = []
  return {
    records: readRecords(files, (note) => cutOff.push(note)),
    stages: result?.stages ?? [],
    client: result?.client,
    claims: [],
    tool: { name: TOOL.name, version: result?.tool.version ?? job.spec.harness.version },
    notes,
    afterRecords: () => ({ notes: [...cutOff, ...notes] }),
  }
}

function completeness(result: NativeResult | undefined): string[] {
  if (result === undefined) return [`truncated: ${RESULT_FILE} is missing, so the harness was killed within its first stage`]
  return result.complete ? [] : ['truncated: the harness was killed, and what follows its last finished stage is incomplete']
}

/** A process that is killed leaves half a line at the end; anything else that is no record is an error. */
async function* readRecords(files: ResultFiles, note: (text: string) => void): AsyncGenerator<RequestRecord> {
  let line = 0
  let broken: Error | undefined
  for await (const text of files.lines(RECORDS_FILE)) {
    if (broken !== undefined) throw broken
    line++
    if (text === '') continue
    const record = parseRecord(text)
    if (typeof record === 'string') broken = new Error(`${RECORDS_FILE}:${line}: ${record}`)
    else yield record
  }
  if (broken !== undefined) note(`truncated: the last line of ${RECORDS_FILE} is cut off and was left out`)
}

function parseRecord(text: string): RequestRecord | string {
  try {
    const parsed = RequestRecord.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : z.prettifyError(parsed.error)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function readResult(files: ResultFiles): Promise<NativeResult> {
  const parsed = NativeResult.safeParse(JSON.parse(await files.text(RESULT_FILE)))
  if (!parsed.success) throw new Error(`${RESULT_FILE}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
