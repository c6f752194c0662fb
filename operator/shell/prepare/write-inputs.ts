// SPDX-License-Identifier: Apache-2.0
/** Writes the files that a tool reads its prompts from, out of the frozen requests, a stage's share into each. */
import { join } from 'node:path'
import { formatProblem } from '../../core/model/problem.ts'
import { PlannedRequest, type RequestsManifest } from '../../core/model/request.ts'
import type { TrialJob } from '../../core/model/trial-job.ts'
import { type InputFile, inputSets, type Pile } from '../../core/plan/render-inputs.ts'
import { type Conversation, deal, partOfTrace } from '../../core/workload/deal.ts'
import { jsonItems } from '../../core/workload/data-text.ts'
import type { RequestsNeeded } from '../../core/workload/requests-needed.ts'
import { traceWarmupMs } from '../../core/workload/shares.ts'
import { dataFile } from './data-file.ts'
import { InputProblem } from './input-problem.ts'
import { writeHashed } from './write-hashed.ts'

type WrittenInputs = NonNullable<RequestsManifest['inputs']>

export async function writeInputs(job: TrialJob, need: RequestsNeeded, answer: (tokens: number) => string): Promise<WrittenInputs> {
  const sets = inputSets(job, { answer })
  if (!sets.ok) throw new InputProblem('InvalidTrial', `the harness cannot be rendered: ${sets.problems.map(formatProblem).join('; ')}`)
  const written: WrittenInputs = []
  // Every set is dealt anew, so that all that a tool is given of one stage is of the same requests.
  for (const files of sets.value) {
    const piles = dealt(job, need)
    for (const file of files) written.push(await writeInput(job, file, piles))
  }
  return written
}

/** What each of the runs is given, in their order. */
function* dealt({ paths, spec: { workload: { load } } }: TrialJob, need: RequestsNeeded): Generator<Pile, undefined> {
  const requests = () => requestsIn(paths.requests)
  let run = 0
  for (const conversations of load.trace === undefined ? deal(requests, need.shares) : tracePiles(requests, traceWarmupMs(load))) yield { run: run++, conversations }
}

function* tracePiles(requests: () => Iterable<PlannedRequest>, warmupMs: number): Generator<Iterable<Conversation>> {
  if (warmupMs > 0) yield partOfTrace(requests(), warmupMs, 'before')
  yield partOfTrace(requests(), warmupMs, 'after')
}

async function writeInput(job: TrialJob, file: InputFile, piles: Iterator<Pile, undefined>): Promise<WrittenInputs[number]> {
  const counted = { count: 0 }
  const written = await writeHashed(join(job.paths.in, file.name), file.text(counting(next(piles, file.runs.length), counted)))
  return { name: file.name, ...written, ...counted }
}

/** The next n: a loop over the iterator itself would close it. */
function* next<T>(iterator: Iterator<T, undefined>, n: number): Generator<T> {
  for (let i = 0; i < n; i++) {
    const { done, value } = iterator.next()
    if (done === true || value === undefined) return
    yield value
  }
}

function* counting(piles: Iterable<Pile>, counted: { count: number }): Generator<Pile> {
  for (const { run, conversations } of piles) yield { run, conversations: counts(conversations, counted) }
}

function* counts(conversations: Iterable<Conversation>, counted: { count: number }): Generator<Conversation> {
  for (const conversation of conversations) {
    counted.count += conversation.length
    yield conversation
  }
}

/** They were written by us a moment ago. */
function* requestsIn(path: string): Generator<PlannedRequest> {
  for (const { value } of jsonItems(dataFile(path))) yield PlannedRequest.parse(value)
}
