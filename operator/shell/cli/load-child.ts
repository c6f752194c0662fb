// SPDX-License-Identifier: Apache-2.0
/** Runs the native harness in a process of its own, so that drawing progress cannot disturb its clock. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LiveCounts } from '../../../harnesses/native/run.ts'

const MAIN = fileURLToPath(new URL('../../../harnesses/native/main.ts', import.meta.url))

export interface HarnessRun {
  readonly trial: string
  readonly requests: string
  readonly out: string
  readonly client?: string
  /** Variables beside ours. */
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly onLive: (counts: LiveCounts) => void
}

export interface HarnessExit {
  readonly exitCode: number | null
  /** What it said, for people. */
  readonly output: string
  /** Ctrl-C was pressed: the harness has ended early, with complete files. */
  readonly interrupted: boolean
}

export async function runHarness({ trial, requests, out, client, env, onLive }: HarnessRun): Promise<HarnessExit> {
  const args = ['--trial', trial, '--requests', requests, '--out', out, ...(client === undefined ? [] : ['--client', client])]
  const child = fork(MAIN, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } })
  let output = ''
  let interrupted = false
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.on('message', (counts) => onLive(counts as LiveCounts))
  // A terminal sends it to both; the harness ends by itself and the table still comes.
  const interrupt = (signal: NodeJS.Signals) => {
    interrupted = true
    child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt)
  return { exitCode, output, interrupted }
}
