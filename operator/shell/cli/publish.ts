// SPDX-License-Identifier: Apache-2.0
/** `assay leaderboard publish`: the data set of a leaderboard, into a folder or onto a hub. */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { stringify } from 'yaml'
import type { DataFile } from '../../core/leaderboard/data-set.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import { commitFiles, createRepository, type Hub } from '../hub/data-set-repository.ts'
import { VERSION } from '../version.ts'
import { CliError } from './cli-error.ts'
import type { ClusterOptions } from './cluster.ts'
import type { Collected } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { readBoard } from './leaderboard-sources.ts'
import { counted, say } from './say.ts'

export interface PublishOptions extends ClusterOptions {
  readonly to: string
  readonly quality: readonly string[]
  readonly machine?: string
  readonly license: string
  readonly private: boolean
  readonly dryRun: boolean
}

const HUB = 'https://huggingface.co'
const SCHEME = 'hf://'

export async function publish(whats: readonly string[], options: PublishOptions): Promise<void> {
  // What is wrong with the place is said before anything is read.
  const repository = repositoryOf(options.to)
  const hub = repository === undefined || options.dryRun ? undefined : hubOf()
  const { board, collected } = await readBoard(whats, options)
  const { dataSet } = await import('../../core/leaderboard/data-set.ts')
  const name = repository?.split('/')[1] ?? basename(resolve(options.to))
  const files = dataSet({ board, machine: options.machine, experiments: collected.map(experimentFile), name, license: options.license, version: VERSION, command: commandOf(whats, options) })
  for (const note of board.notes) say(ENGLISH.textOf(note))
  if (options.dryRun) return preview(files, options.to)
  if (repository === undefined) return writeFolder(files, options.to)
  await push(files, { hub: hub as Hub, repository, isPrivate: options.private })
}

/** OWNER/NAME of a data set on a hub; undefined for a folder. */
export function repositoryOf(place: string): string | undefined {
  if (!place.startsWith(SCHEME)) return undefined
  const [, repository] = /^hf:\/\/datasets\/([\w.-]+\/[\w.-]+)\/?$/.exec(place) ?? []
  if (repository === undefined) throw new CliError(EXIT.usage, `--to ${place} names no data set`, 'expected a folder, or hf://datasets/OWNER/NAME')
  return repository
}

function hubOf(): Hub {
  const { HF_TOKEN: token, HF_ENDPOINT: endpoint = HUB } = process.env
  if (token === undefined || token === '') throw new CliError(EXIT.usage, 'there is no token: HF_TOKEN is not set', 'make a token that may write, and put it into the environment; --dry-run needs none')
  if (!/^https?:\/\//.test(endpoint)) throw new CliError(EXIT.usage, `HF_ENDPOINT is no address: ${endpoint}`, `expected something like ${HUB}`)
  return { endpoint: endpoint.replace(/\/+$/, ''), token }
}

async function writeFolder(files: readonly DataFile[], folder: string): Promise<void> {
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  say(`wrote ${counted(files.length, 'file')} to ${folder}`)
}

function preview(files: readonly DataFile[], to: string): void {
  const size = (content: DataFile['content']) => (typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength)
  process.stdout.write(files.map(({ path, content }) => `${to.replace(/\/$/, '')}/${path}  ${size(content)} bytes\n`).join(''))
}

interface Push { readonly hub: Hub; readonly repository: string; readonly isPrivate: boolean }

async function push(files: readonly DataFile[], { hub, repository, isPrivate }: Push): Promise<void> {
  const made = await createRepository(hub, repository, isPrivate)
  if (!made && isPrivate) say(`${repository} was there already: whether it is private stays as it is`)
  const { url } = await commitFiles(hub, repository, { files, summary: `Update the leaderboard (Assay ${VERSION})` })
  say(`pushed ${counted(files.length, 'file')} to ${repository}${url === undefined ? '' : `: ${url}`}`)
}

/** Whole, with what it referred to as it was, so that it means the same elsewhere. */
function experimentFile({ experiment: { apiVersion, kind, metadata: { name }, spec }, library = {} }: Collected): { readonly name: string; readonly text: string } {
  const { scenarioRef, workloadRef, harnessRef, ...rest } = spec
  const part = (given: unknown, reference: unknown, key: string) => (given === undefined ? { [`${key}Ref`]: reference } : { [key]: given })
  const whole = {
    ...(rest.scenario === undefined ? part(library.scenario, scenarioRef, 'scenario') : {}), ...(rest.workload === undefined ? part(library.workload, workloadRef, 'workload') : {}),
    ...(rest.harness === undefined ? part(library.harness, harnessRef, 'harness') : {}), ...rest,
  }
  return { name, text: stringify({ apiVersion, kind, metadata: { name }, spec: JSON.parse(JSON.stringify(whole)) as object }, { lineWidth: 0, aliasDuplicateObjects: false }) }
}

/** Without what is of this machine alone. */
function commandOf(whats: readonly string[], { to, quality, machine, license }: PublishOptions): string {
  const words = [...whats.map((what) => basename(what)), ...quality.flatMap((file) => ['--quality', basename(file)]), ...(machine === undefined ? [] : ['--machine', machine]), ...(license === 'unknown' ? [] : ['--license', license]), '--to', to.startsWith(SCHEME) ? to : basename(resolve(to))]
  return ['assay leaderboard publish', ...words.map((word) => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`))].join(' ')
}
