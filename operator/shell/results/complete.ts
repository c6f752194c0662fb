// SPDX-License-Identifier: Apache-2.0
/** Turns the files of an attempt into a delivery: verified, listed in a manifest, on the disk for good. The receipt comes last. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { stringify } from 'yaml'
import type { Artifact } from '../../core/model/findings.ts'
import { Receipt } from '../../core/model/trial-job.ts'
import { type AttemptRef, type Completion, FINDINGS, LOGS, MANIFEST, type Manifest, RECEIPT, reportName } from './api.ts'
import { deliveredName } from './names.ts'
import { Refusal } from './refusal.ts'
import type { AttemptId, Store } from './store.ts'

export interface Delivery {
  readonly store: Store
  readonly attempt: AttemptId
  readonly ref: AttemptRef
  readonly completion: Completion
  readonly now: string
}

/** The receipt of an attempt that was delivered. */
export async function receiptOf(store: Store, attempt: AttemptId): Promise<Receipt | undefined> {
  const file = await store.read({ ...attempt, name: RECEIPT })
  return file === undefined ? undefined : Receipt.parse(await json(file.body))
}

/** Repeating it after success changes nothing: the first delivery stands. */
export async function complete({
  store,
  attempt,
  ref,
  completion,
  now,
}: Delivery): Promise<{ readonly receipt: Receipt; readonly fresh: boolean }> {
  const earlier = await receiptOf(store, attempt)
  if (earlier !== undefined) return { receipt: earlier, fresh: false }
  await verify(store, attempt, completion.files)
  await removeOthers(store, attempt, completion.files)
  const own = await writeOwn(store, attempt, completion)
  const files = [...completion.files, ...own].sort((a, b) => (a.name < b.name ? -1 : 1))
  const manifest: Manifest = { schema: 'assay.dev/manifest/v1', ...ref, trialUid: attempt.trialUid, completedTime: now, files }
  const { sha256: digest } = await putText(store, { ...attempt, name: MANIFEST }, JSON.stringify(manifest, null, 2))
  await store.sync(attempt)
  const receipt: Receipt = {
    kind: 'delivered',
    digest,
    address: `/v1/trials/${ref.namespace}/${ref.trial}/files/${ref.attempt}`,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    verdict: completion.findings.verdict.result,
    message: `${files.length} files`,
  }
  await putText(store, { ...attempt, name: RECEIPT }, JSON.stringify(receipt))
  await store.sync(attempt)
  return { receipt, fresh: true }
}

/** Every file that is claimed must lie here with that size and checksum. */
async function verify(store: Store, attempt: AttemptId, files: readonly Artifact[]): Promise<void> {
  const wrong: string[] = []
  for (const { name, bytes, sha256 } of files) {
    const stored = await store.digest({ ...attempt, name: deliveredName(name) })
    if (stored?.bytes !== bytes || stored.sha256 !== sha256) wrong.push(name)
  }
  if (wrong.length === 0) return
  throw new Refusal({
    status: 409,
    code: 'ChecksumMismatch',
    message: `missing or different: ${wrong.slice(0, 10).join(', ')}`,
    details: { files: wrong },
  })
}

/** What was streamed and is not wanted any more (keepRaw: false, files that the tool removed) goes; logs are not the collector's. */
async function removeOthers(store: Store, attempt: AttemptId, files: readonly Artifact[]): Promise<void> {
  const wanted = new Set(files.map(({ name }) => name))
  for (const { name } of await store.list(attempt))
    if (!wanted.has(name) && !name.startsWith(LOGS)) await store.remove({ ...attempt, name })
}

async function writeOwn(store: Store, attempt: AttemptId, { findings, reports }: Completion): Promise<Artifact[]> {
  const texts = [
    [FINDINGS, JSON.stringify(findings)],
    ...Object.entries(reports).map(([stage, report]) => [reportName(stage), stringify(report)]),
  ] as [string, string][]
  const written: Artifact[] = []
  for (const [name, text] of texts) written.push({ name, ...(await putText(store, { ...attempt, name }, text)) })
  return written
}

async function putText(
  store: Store,
  file: AttemptId & { readonly name: string },
  text: string,
): Promise<{ bytes: number; sha256: string }> {
  const bytes = Buffer.from(text, 'utf8')
  const stored = await store.put(file, Readable.from([bytes]))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (stored.sha256 !== sha256) throw new Error(`${file.name} was not stored as it was written`)
  return stored
}
