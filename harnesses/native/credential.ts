// SPDX-License-Identifier: Apache-2.0
/** The credential of an endpoint, from the environment, a file or a command, renewed while it is used. It is written nowhere, and no message has a part of it. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface CredentialSource {
  /** The value itself, which nothing renews. */
  readonly value?: string | undefined
  /** A file that is renewed by somebody else, such as a mounted Secret. */
  readonly file?: string | undefined
  /** A command line whose output it is; run by a shell. */
  readonly command?: string | undefined
}

export interface LiveCredential {
  readonly value: () => string
  /** The server did not accept it: it is read again soon, without anybody waiting. */
  readonly refused: () => void
  readonly close: () => void
  readonly notes: () => string[]
}

export interface CredentialTimes {
  readonly now: () => number
  /** Time between two looks at a file, in milliseconds. */
  readonly fileEveryMs?: number
  /** Time between two runs of a command, in milliseconds. */
  readonly commandEveryMs?: number
  /** Least time between two readings after a refusal, in milliseconds. */
  readonly refusedEveryMs?: number
}

/** A mounted Secret follows the cluster's within a minute or so. */
const FILE_EVERY_MS = 20_000
/** Tokens of clouds live for an hour or so, and a command takes time from the load. */
const COMMAND_EVERY_MS = 20 * 60_000
const REFUSED_EVERY_MS = 10_000
const COMMAND_TIMEOUT_MS = 30_000
const run = promisify(execFile)

export async function openCredential(source: CredentialSource, times: CredentialTimes = { now: () => performance.now() }): Promise<LiveCredential> {
  const read = readerOf(source)
  let value = await read().catch((error: unknown) => given(source, error))
  let renewed = 0
  let trouble: string | undefined
  let lastMs = times.now()
  const renew = async () => {
    lastMs = times.now()
    try {
      const fresh = await read()
      if (fresh !== value) renewed++
      value = fresh
      trouble = undefined
    } catch (error) {
      // What there is goes on to be used: it may still be good, and if not, requests show it.
      trouble = (error as Error).message
    }
  }
  const everyMs = source.file !== undefined ? (times.fileEveryMs ?? FILE_EVERY_MS) : (times.commandEveryMs ?? COMMAND_EVERY_MS)
  const timer = source.file === undefined && source.command === undefined ? undefined : setInterval(() => void renew(), everyMs)
  timer?.unref()
  return {
    value: () => value,
    refused: () => {
      if (timer !== undefined && times.now() - lastMs >= (times.refusedEveryMs ?? REFUSED_EVERY_MS)) void renew()
    },
    close: () => clearInterval(timer),
    notes: () => [
      ...(renewed > 0 ? [`the credential was renewed ${renewed} ${renewed === 1 ? 'time' : 'times'}`] : []),
      ...(trouble === undefined ? [] : [`the credential could not be renewed: ${trouble}`]),
    ],
  }
}

/** Where the file is not there yet, the value that was handed over is what it will say. */
function given({ value = '' }: CredentialSource, error: unknown): string {
  if (value.trim() === '') throw error
  return value.trim()
}

function readerOf({ value, file, command }: CredentialSource): () => Promise<string> {
  if (file !== undefined) return async () => filled(await readFile(file, 'utf8'), `the file ${file}`)
  if (command !== undefined) return async () => filled(await outputOf(command), 'the output of the command')
  return async () => await Promise.resolve(filled(value ?? '', 'its variable'))
}

/** Neither output nor errors of the command are passed on: they may have the value. */
async function outputOf(command: string): Promise<string> {
  try {
    return (await run('/bin/sh', ['-c', command], { timeout: COMMAND_TIMEOUT_MS })).stdout
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    const why = typeof code === 'number' ? `exit code ${code}` : 'it could not run, or took too long'
    // oxlint-disable-next-line preserve-caught-error -- that error has the output, which may be the value
    throw new Error(`its command failed (${why})`)
  }
}

function filled(text: string, where: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new Error(`the endpoint needs a credential: ${where} is empty`)
  return trimmed
}
