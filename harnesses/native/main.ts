// SPDX-License-Identifier: Apache-2.0
/** The load generator as a trial runs it: reads trial.json and requests.jsonl, writes native.jsonl and native.json where it stands. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { TrialJob } from '../../operator/core/model/trial-job.ts'
import type { ClientOptions } from './client.ts'
import { openCredential, type LiveCredential } from './credential.ts'
import { loadClient } from './load-client.ts'
import { runLoad, type LiveCounts } from './run.ts'
import { ENDED } from './stage-context.ts'

const USAGE = 'node harnesses/native/main.ts --trial trial.json --requests requests.jsonl [--out FOLDER] [--client MODULE]'
const TELL_EVERY_MS = 250

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { trial: { type: 'string' }, requests: { type: 'string' }, out: { type: 'string', default: '.' }, client: { type: 'string' } } })
  if (values.trial === undefined) throw new Error(`--trial is missing: ${USAGE}`)
  const job = await readTrial(values.trial)
  const { workload, seeds } = job.spec
  const end = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort(ENDED))
  const { endpoint, credential } = await endpointOf(job)
  const client = await loadClient({ endpoint, api: workload.api }, values.client)
  const result = await runLoad({
    workload, client, arrivalSeed: seeds.arrival, requests: values.requests ?? job.paths.requests, out: values.out, signal: end.signal,
    // Most runs need none, and its code takes a while to load.
    tokenizer: async () => await (await import('./load-tokenizer.ts')).loadTokenizer(job.paths.tokenizer, workload.tokenizer.name),
    onStart: tellParent,
    lateNotes: () => credential?.notes() ?? [],
  })
  credential?.close()
  for (const { name, startMs, endMs, stopped } of result.stages) {
    process.stdout.write(`stage ${name}: ${((endMs - startMs) / 1000).toFixed(1)} s${stopped === undefined ? '' : `, stopped: ${stopped}`}\n`)
  }
  for (const note of result.notes) process.stdout.write(`note: ${note}\n`)
}

/** Live numbers for a parent that opened a channel, such as the command line. */
function tellParent(live: () => LiveCounts): void {
  if (process.send === undefined) return
  setInterval(() => process.send?.(live()), TELL_EVERY_MS).unref()
  process.channel?.unref()
}

async function readTrial(path: string): Promise<TrialJob> {
  const parsed = TrialJob.safeParse(parseJson(await readFile(path, 'utf8'), path))
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path}: expected JSON, found ${text.slice(0, 60)}`, { cause })
  }
}

/** A file, or a command, comes before the variable: it is renewed. */
async function endpointOf({ endpoint }: TrialJob): Promise<{ endpoint: ClientOptions['endpoint']; credential?: LiveCredential }> {
  const { url, api, model, headers, credential, ca } = endpoint
  const plain = { url, api, model, headers, ca }
  if (credential === undefined) return { endpoint: plain }
  const { header, prefix, env } = credential
  const [value, file = credential.file, command] = [env, `${env}_FILE`, `${env}_COMMAND`].map((name) => process.env[name] || undefined)
  if (value === undefined && file === undefined && command === undefined) throw new Error(`the endpoint needs a credential: the environment variable ${env} is not set`)
  const live = await openCredential({ value, file, command })
  return { credential: live, endpoint: { ...plain, credential: { header, get value() { return prefix + live.value() }, refused: live.refused } } }
}

try {
  await main()
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`native: ${message}\n${cause instanceof Error ? `  because: ${cause.message}\n` : ''}`)
  process.exitCode = 2
}
