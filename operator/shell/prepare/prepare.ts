// SPDX-License-Identifier: Apache-2.0
/** Readies the work folder of a trial's pod: the frozen requests, their manifest, the folder for results. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import type { RequestsManifest } from '../../core/model/request.ts'
import type { TrialJob } from '../../core/model/trial-job.ts'
import { dataKind, dataSource, textForm } from '../../core/model/workload-profile.ts'
import { sendsNothing } from '../../core/plan/expressible.ts'
import { tokenizerFolder } from '../../core/plan/harness-context.ts'
import { expandRequests } from '../../core/workload/expand.ts'
import { promptMaker } from '../../core/workload/prompts.ts'
import { requestsNeeded } from '../../core/workload/requests-needed.ts'
import type { Tokenizer } from '../../core/workload/tokenize.ts'
import { dataFile } from './data-file.ts'
import { InputProblem, unreadable } from './input-problem.ts'
import { writeTokenizerFolder } from './tokenizer-folder.ts'
import { writeRequests } from './write-requests.ts'

export const MANIFEST_FILE = 'manifest.json'
const BUNDLED = 'bundled'

/** The manifest of the requests; undefined for a harness that sends none. */
export async function prepareTrial(job: TrialJob): Promise<RequestsManifest | undefined> {
  const { paths, spec } = job
  // For the group too: the harness is another image, which may run as another user of the pod's group.
  for (const folder of [paths.in, paths.out]) await mkdir(folder, { recursive: true, mode: 0o775 })
  if (sendsNothing(spec.harness.supports)) return undefined
  const notes: string[] = []
  const tokenizer = await tokenizerOf(job)
  await writeTokenizerFolder(tokenizerFolder(job), paths.tokenizer)
  if (spec.workload.data.toolProfile !== undefined) return writeManifest(job, await toolProfileManifest(job, tokenizer.name))
  const need = requestsNeeded(spec.workload.load, spec.seeds.arrival)
  const requests = expandRequests({
    data: spec.workload.data,
    api: textForm(spec.workload.api.kind),
    tokenizer,
    seed: spec.seeds.content,
    need,
    note: (text) => notes.push(text),
    file: fileOf(job),
  })
  await mkdir(dirname(paths.requests), { recursive: true })
  const written = await writeRequests(paths.requests, requests)
  if (written.count === 0)
    throw new InputProblem('EmptyData', `workload.data.${dataKind(spec.workload.data)} gives no request: expected at least one`)
  const manifest: RequestsManifest = {
    ...written,
    tokenizer: tokenizer.name,
    dataKind: dataKind(spec.workload.data),
    seed: spec.seeds.content,
    notes: [...need.notes, ...notes],
  }
  if (spec.harness.inputs.length === 0) return writeManifest(job, manifest)
  // Its code takes a while to load, and most trials have no use for it.
  const { writeInputs } = await import('./write-inputs.ts')
  return writeManifest(job, { ...manifest, inputs: await writeInputs(job, need, answerMaker(tokenizer, spec.seeds.content)) })
}

/** Texts by the tokens that tools count them as, special ones included. */
function answerMaker(tokenizer: Tokenizer, seed: number): (tokens: number) => string {
  const known = new Map<number, string>()
  const prompts = promptMaker(tokenizer, seed)
  return (tokens) => {
    const text = known.get(tokens) ?? prompts.make([{ name: ['answer'], tokens: Math.max(1, tokens - tokenizer.specials) }])
    known.set(tokens, text)
    return text
  }
}

async function writeManifest({ paths }: TrialJob, manifest: RequestsManifest): Promise<RequestsManifest> {
  await writeFile(join(paths.in, MANIFEST_FILE), JSON.stringify(manifest, null, 2))
  return manifest
}

/** What the tool reads by itself: nothing of it is known but that it is this file. */
async function toolProfileManifest({ paths, spec }: TrialJob, tokenizer: string): Promise<RequestsManifest> {
  const { data = '' } = paths
  const content = await readFile(data).catch((error: unknown) => {
    throw unreadable(data, 'workload.data.toolProfile', error)
  })
  return {
    sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length, count: 0, tokenizer, dataKind: 'toolProfile', seed: spec.seeds.content,
    inputTokens: { mean: 0, min: 0, max: 0 }, notes: ['the load is a profile of the tool\'s own: it was neither checked nor compared with what was offered'],
  }
}

async function tokenizerOf({ paths, spec }: TrialJob): Promise<Tokenizer> {
  const { name, source } = spec.workload.tokenizer
  const path = paths.tokenizer
  if (path === undefined && (source !== undefined || name !== BUNDLED)) {
    throw new InputProblem(
      'UnknownTokenizer',
      `workload.tokenizer: "${name}" does not come with Assay: set tokenizer.source to its tokenizer.json, or name: ${BUNDLED}`,
    )
  }
  return loadTokenizer(path, name).catch((error: unknown) => {
    throw (error as { readonly syscall?: unknown }).syscall === undefined ? error : unreadable(path ?? name, 'workload.tokenizer', error)
  })
}

function fileOf({ paths, spec }: TrialJob) {
  const kind = dataKind(spec.workload.data)
  if (dataSource(spec.workload.data) === undefined) return undefined
  if (paths.data === undefined)
    throw new InputProblem('MissingFile', `workload.data.${kind}: the pod was not told where the file is mounted`)
  return dataFile(paths.data)
}
