// SPDX-License-Identifier: Apache-2.0
/** Fetches the files of trials from the results server: checksums verified, broken connections taken up where they broke. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ResultsClient } from '../results/client.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'
import { openResults } from './results-link.ts'

export interface RawTrial { readonly trial: string; readonly uid: string; readonly attempt: number }
export interface Downloaded { readonly files: number; readonly bytes: number }

const ATTEMPTS = 4

/** Into `<folder>/<trial>/…`, one after another; what is there already and unharmed is not fetched again. */
export async function downloadRaw(cluster: Cluster, trials: readonly RawTrial[], folder: string): Promise<Downloaded> {
  const link = await openResults(cluster)
  if (link === undefined) throw new CliError(EXIT.clusterUnreachable, 'there is no results server in this cluster', 'findings and reports are in ConfigMaps; raw files and records need the server: assay doctor')
  let [files, bytes] = [0, 0]
  try {
    for (const trial of trials) {
      const fetched = await downloadTrial(link.client, { ...trial, namespace: cluster.namespace }, resolve(folder, trial.trial))
      files += fetched.files
      bytes += fetched.bytes
    }
    return { files, bytes }
  } finally {
    await link.close()
  }
}

type Place = RawTrial & { readonly namespace: string }

async function downloadTrial(client: ResultsClient, place: Place, folder: string): Promise<Downloaded> {
  const { attempts } = await client.trial(place)
  const files = attempts.find((a) => a.attempt === place.attempt)?.files ?? []
  for (const file of files) await downloadFile(client, place, { ...file, path: pathWithin(folder, file.name) })
  return { files: files.length, bytes: files.reduce((sum, f) => sum + f.bytes, 0) }
}

/** Names were given by a tool: none may lead out of the folder. */
export function pathWithin(folder: string, name: string): string {
  const path = resolve(folder, name)
  if (!path.startsWith(resolve(folder) + sep)) throw new CliError(EXIT.unexpected, `the results server names a file "${name}", which would lie outside of ${folder}`)
  return path
}

interface Wanted { readonly name: string; readonly bytes: number; readonly sha256?: string; readonly path: string }

async function downloadFile(client: ResultsClient, place: Place, wanted: Wanted): Promise<void> {
  if (await isUnharmed(wanted.path, wanted)) return
  await mkdir(dirname(wanted.path), { recursive: true })
  const partial = `${wanted.path}.part`
  await rm(partial, { force: true })
  for (let attempt = 1; ; attempt++) {
    const from = await sizeOf(partial)
    try {
      await pipeline(await client.download(place, wanted.name, { from }), createWriteStream(partial, { flags: 'a' }))
      break
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
  if (!(await isUnharmed(partial, wanted))) throw new CliError(EXIT.unexpected, `${wanted.name} of trial ${place.trial} arrived damaged: its checksum is not the recorded one`, 'try again; if it stays so, the file on the results server is damaged')
  await rename(partial, wanted.path)
}

/** Without a recorded checksum (the server's own files), the size must do. */
async function isUnharmed(path: string, { bytes, sha256 }: Wanted): Promise<boolean> {
  if (await sizeOf(path) !== bytes) return false
  if (sha256 === undefined) return (await stat(path).catch(() => undefined)) !== undefined
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex') === sha256
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}
