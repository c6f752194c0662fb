// SPDX-License-Identifier: Apache-2.0
/** What a hub answers to those who download a model: its list of files, and each file with its hash. Knows requests and a folder of models, no sockets. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface HubAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Hub {
  /** A folder for each model; the owner in a model's name is not looked at. */
  readonly models: string
  /** Asked of everybody, where it is set. */
  readonly token?: string
}

const LIST = /^\/api\/models\/[^/]+\/(?<model>[\w.-]+)(?:\/(?<view>revision|tree)\/[^/]+)?$/
const FILE = /^\/[^/]+\/(?<model>[\w.-]+)\/resolve\/[^/]+\/(?<file>[\w.-]+)$/

export function answerHub({ models, token }: Hub, path: string, authorization: string | undefined): HubAnswer {
  const { model, file, view } = (LIST.exec(path) ?? FILE.exec(path))?.groups ?? {}
  const folder = join(models, model ?? '.')
  if (model === undefined || model.startsWith('.') || !existsSync(folder) || !statSync(folder).isDirectory()) return refusal(404, 'RepoNotFound', 'Repository not found')
  if (token !== undefined && authorization !== `Bearer ${token}`) return refusal(401, 'GatedRepo', `Access to model ${model} is restricted. You must have access to it and be authenticated to access it.`)
  const names = globSync('*', { cwd: folder }).sort()
  const commit = hash('sha1', Buffer.concat(names.map((name) => readFileSync(join(folder, name)))))
  if (view === 'tree') return json(200, names.map((path) => ({ type: 'file', path, size: statSync(join(folder, path)).size, oid: hash('sha1', readFileSync(join(folder, path))) })))
  if (file === undefined) return json(200, { id: `assay/${model}`, modelId: `assay/${model}`, sha: commit, private: false, gated: false, tags: [], siblings: names.map((rfilename) => ({ rfilename })) })
  if (!names.includes(file)) return refusal(404, 'EntryNotFound', 'Entry not found')
  const body = readFileSync(join(folder, file))
  return { status: 200, headers: { 'content-type': 'application/octet-stream', etag: `"${hash('sha256', body)}"`, 'x-repo-commit': commit }, body }
}

function refusal(status: number, code: string, message: string): HubAnswer {
  const { headers, body } = json(status, { error: message })
  return { status, headers: { ...headers, 'x-error-code': code, 'x-error-message': message }, body }
}

function json(status: number, value: object): HubAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) }
}

function hash(algorithm: string, data: Buffer): string {
  return createHash(algorithm).update(data).digest('hex')
}
