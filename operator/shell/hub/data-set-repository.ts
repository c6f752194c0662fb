// SPDX-License-Identifier: Apache-2.0
/** A data set repository on a hub, by its HTTP API: made where there is none, and written by one commit. Small texts go into the commit, what the hub calls large goes to its LFS store first. */
import { createHash } from 'node:crypto'
import type { DataFile } from '../../core/leaderboard/data-set.ts'
import { ask, type Hub } from './hub-request.ts'

export type { Hub } from './hub-request.ts'

const BRANCH = 'main'
/** As much of a file as the hub wants to see to tell text from what is not. */
const SAMPLE_BYTES = 512

/** Whether it was made: false where it was there already. */
export async function createRepository(hub: Hub, repository: string, isPrivate: boolean): Promise<boolean> {
  const [organization, name] = repository.split('/')
  const { status } = await ask(hub, { what: `making ${repository}`, path: '/api/repos/create', json: { type: 'dataset', name, organization, private: isPrivate }, allow: [409] })
  return status !== 409
}

interface Commit { readonly files: readonly DataFile[]; readonly summary: string }
interface Upload { readonly path: string; readonly bytes: Uint8Array; readonly oid: string }

export async function commitFiles(hub: Hub, repository: string, { files, summary }: Commit): Promise<{ readonly url?: string }> {
  const uploads = files.map(({ path, content }): Upload => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return { path, bytes, oid: createHash('sha256').update(bytes).digest('hex') }
  })
  const modes = await uploadModes(hub, repository, uploads)
  const large = uploads.filter(({ path }) => modes.get(path) === 'lfs')
  await storeLarge(hub, repository, large)
  const lines = [
    { key: 'header', value: { summary, description: '' } },
    ...uploads.map((upload) => (large.includes(upload)
      ? { key: 'lfsFile', value: { path: upload.path, algo: 'sha256', oid: upload.oid, size: upload.bytes.byteLength } }
      : { key: 'file', value: { path: upload.path, encoding: 'base64', content: base64(upload.bytes) } })),
  ]
  const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
  const { json } = await ask(hub, { what: `the commit to ${repository}`, path: `/api/datasets/${repository}/commit/${BRANCH}`, body, type: 'application/x-ndjson' })
  const url = member(json, 'commitUrl')
  return typeof url === 'string' ? { url } : {}
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const member = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** What the hub wants each file as: whatever is no text, and large texts, as LFS objects. */
async function uploadModes(hub: Hub, repository: string, uploads: readonly Upload[]): Promise<ReadonlyMap<string, string>> {
  const files = uploads.map(({ path, bytes }) => ({ path, size: bytes.byteLength, sample: base64(bytes.subarray(0, SAMPLE_BYTES)) }))
  const { json } = await ask(hub, { what: `asking how files go to ${repository}`, path: `/api/datasets/${repository}/preupload/${BRANCH}`, json: { files } })
  const modes = new Map(list(member(json, 'files')).map((file) => [String(member(file, 'path')), String(member(file, 'uploadMode'))]))
  const unanswered = uploads.find(({ path }) => !['lfs', 'regular'].includes(modes.get(path) ?? ''))
  if (unanswered !== undefined) throw new Error(`the hub did not say how ${unanswered.path} is to be sent (${modes.get(unanswered.path) ?? 'no answer'}): expected lfs or regular`)
  return modes
}

async function storeLarge(hub: Hub, repository: string, uploads: readonly Upload[]): Promise<void> {
  if (uploads.length === 0) return
  const objects = uploads.map(({ oid, bytes }) => ({ oid, size: bytes.byteLength }))
  const { json } = await ask(hub, {
    what: `asking where large files of ${repository} go`, path: `/datasets/${repository}.git/info/lfs/objects/batch`,
    json: { operation: 'upload', transfers: ['basic'], hash_algo: 'sha256', ref: { name: BRANCH }, objects }, type: 'application/vnd.git-lfs+json',
  })
  const answers = new Map(list(member(json, 'objects')).map((object) => [String(member(object, 'oid')), object]))
  for (const upload of uploads) await storeOne(hub, upload, answers.get(upload.oid))
}

/** Without an action the store has it already. */
async function storeOne(hub: Hub, { path, oid, bytes }: Upload, answer: unknown): Promise<void> {
  const failure = member(answer, 'error')
  if (answer === undefined || failure !== undefined) throw new Error(`the hub does not take ${path}: ${failure === undefined ? 'it gave no answer for it' : JSON.stringify(failure)}`)
  const actions = member(answer, 'actions')
  const [upload, verify] = [member(actions, 'upload'), member(actions, 'verify')]
  if (upload === undefined) return
  if (member(member(upload, 'header'), 'chunk_size') !== undefined) throw new Error(`the hub wants ${path} (${bytes.byteLength} bytes) in parts, which Assay does not do: push the folder that --to DIR writes with the hub's own client`)
  await ask(hub, { what: `storing ${path}`, url: String(member(upload, 'href')), method: 'PUT', body: bytes, headers: headersOf(upload) })
  if (verify === undefined) return
  await ask(hub, { what: `checking ${path}`, url: String(member(verify, 'href')), json: { oid, size: bytes.byteLength }, type: 'application/vnd.git-lfs+json', headers: headersOf(verify) })
}

function headersOf(action: unknown): Record<string, string> {
  const header = member(action, 'header')
  return typeof header === 'object' && header !== null ? Object.fromEntries(Object.entries(header).map(([name, value]) => [name, String(value)])) : {}
}
