// SPDX-License-Identifier: Apache-2.0
/** Sends the tool's files while they grow, so that what a pod loses by force is small; at the end it makes every file whole. */
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { Artifact } from '../../core/model/findings.ts'
import type { AttemptRef } from '../results/api.ts'
import { type ResultsClient, ResultsError, type Sending } from '../results/client.ts'
import type { Redactor } from './redact.ts'
import { openStored, type Packing, packingOf } from './stored-form.ts'
import { storedName } from './stored-name.ts'
import { createTailFile, type TailFile } from './tail-file.ts'
import { type FoundFile, walkFiles } from './walk-files.ts'
import { zipProblem } from './zip-secrets.ts'

export interface TailOptions {
  readonly folder: string
  readonly client: ResultsClient
  readonly ref: AttemptRef
  readonly redactor: Redactor
  /** Packed streams are looked into only where there is a secret to be found; archives always. */
  readonly hasSecrets: boolean
  readonly onRead?: (name: string, bytes: Buffer) => void
}

interface TailResult {
  readonly artifacts: readonly Artifact[]
  readonly notes: readonly string[]
}

export interface Tail {
  /** Sends what has grown. Throws a ResultsError when the server does not take it; the next call goes on. */
  readonly poll: (sending: Sending) => Promise<void>
  /** To be called when nothing writes any more: every file is stored as it is now, or a note says why not. */
  readonly finish: (sending: Sending) => Promise<TailResult>
}

/** Code of an error that says why a file must not be stored. */
const UNSTORABLE = 'Unstorable'
/** No packed file is shorter than its magic number. */
const LEAST_PACKED_BYTES = 4

export function createTail(options: TailOptions): Tail {
  const { folder, client, ref, redactor, hasSecrets, onRead } = options
  const tails = new Map<string, TailFile>()
  /** Files that the server will not take, and why. */
  const refused = new Map<string, string>()
  const tailOf = ({ name, path }: FoundFile) => {
    const tail =
      tails.get(name) ??
      createTailFile({ path, name: storedName(name), client, ref, redactor, onRead: onRead && ((bytes) => onRead(name, bytes)) })
    tails.set(name, tail)
    return tail
  }
  const packed = new Map<string, Packing>()
  const isPacked = ({ name, path, bytes }: FoundFile) => {
    if (bytes < LEAST_PACKED_BYTES) return false
    const known = packed.get(name) ?? packingOf(path)
    packed.set(name, known)
    return known === 'zip' || (hasSecrets && known !== 'plain')
  }
  const attempt = async <T>(file: FoundFile, run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await run()
    } catch (error) {
      const why = lastingProblem(error)
      if (why === undefined) throw error
      refused.set(file.name, why)
      return undefined
    }
  }
  return {
    poll: async (sending) => {
      for (const file of walkFiles(folder).files) {
        if (!refused.has(file.name) && file.bytes > 0)
          await attempt(file, async () => (isPacked(file) ? undefined : tailOf(file).send(sending)))
      }
    },
    finish: async (sending) => {
      const { files, skipped } = walkFiles(folder)
      const artifacts: Artifact[] = []
      for (const file of files) {
        const artifact = refused.has(file.name)
          ? undefined
          : await attempt(file, () => finishFile({ ...options, sending, tail: isPacked(file) ? undefined : tailOf(file) }, file))
        if (artifact !== undefined) artifacts.push(artifact)
      }
      // A file that the tool itself removed again is nothing to speak of.
      const missing = files.filter(({ name }) => refused.has(name)).map(({ name }) => `${name}: ${refused.get(name)}`)
      const notes = [...skipped, ...missing].map((text) => `not stored: ${text}`)
      return { artifacts, notes }
    },
  }
}

interface Finishing extends TailOptions {
  readonly sending: Sending
  readonly tail: TailFile | undefined
}

/** Compares what the server has with what the file is now; sends it as a whole where they differ. */
async function finishFile({ client, ref, redactor, sending, tail }: Finishing, { name, path }: FoundFile): Promise<Artifact> {
  const stored = storedName(name)
  const packing = tail === undefined ? packingOf(path) : 'plain'
  const problem = packing === 'zip' ? zipProblem(path, redactor) : undefined
  if (problem !== undefined) throw Object.assign(new Error(problem), { code: UNSTORABLE })
  const sent = await tail?.end(sending)
  // Read through once before it is sent: a damaged packed file shows itself here, where it is not taken for a broken connection.
  const now = await fingerprint(path, packing, redactor)
  if (sent !== undefined && sent.sha256 === now) return { name: stored, ...sent }
  return { name: stored, ...(await client.put(ref, stored, { open: () => openStored(path, packing, redactor) }, sending)) }
}

async function fingerprint(path: string, packing: Packing, redactor: Redactor): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(openStored(path, packing, redactor), hash)
  return hash.digest('hex')
}

/** What trying again would not change: too much, a name that is not taken, a file that is damaged or gone. */
function lastingProblem(error: unknown): string | undefined {
  if (error instanceof ResultsError)
    return ['QuotaExceeded', 'BadName', 'NameTaken', 'ReservedName'].includes(error.code) ? error.message : undefined
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (code === UNSTORABLE) return String(message)
  return typeof code === 'string' && /^(E[A-Z]+|Z\w+)$/.test(code) ? `${String(message)} (${code})` : undefined
}
