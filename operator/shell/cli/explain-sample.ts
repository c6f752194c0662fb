// SPDX-License-Identifier: Apache-2.0
/** The first requests of a workload as a trial would make them, as far as its data lie on this machine. */
import { resolve } from 'node:path'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { type DataSource, dataSource, textForm, type WorkloadProfileSpec } from '../../core/model/workload-profile.ts'
import { type DataText, dataText } from '../../core/workload/data-text.ts'
import { type Conversation, conversationsOf } from '../../core/workload/deal.ts'
import { expandRequests } from '../../core/workload/expand.ts'
import { requestsNeeded } from '../../core/workload/requests-needed.ts'
import { dataFile } from '../prepare/data-file.ts'

const CONVERSATIONS = 2
/** The seeds of a Trial that says none. */
const SEED = 1

/** Undefined where the data are in a cluster, or a tool reads them by itself. */
export async function sampleRequests(spec: WorkloadProfileSpec, folder: string): Promise<Conversation[] | undefined> {
  const { data, tokenizer: { name, source }, api, load } = spec
  const file = fileOf(spec, folder)
  const path = source?.path === undefined ? undefined : resolve(folder, source.path)
  if (data.toolProfile !== undefined) return undefined
  const known = (dataSource(data) === undefined || file !== undefined) && (path !== undefined || name === 'bundled')
  if (!known) return undefined
  const requests = expandRequests({ data, api: textForm(api.kind), tokenizer: await loadTokenizer(path, name), seed: SEED, need: requestsNeeded(load, SEED), note: () => undefined, file })
  return firstOf(conversationsOf(requests))
}

function firstOf(conversations: Iterable<Conversation>): Conversation[] {
  const first: Conversation[] = []
  for (const conversation of conversations) {
    first.push(conversation)
    if (first.length === CONVERSATIONS) break
  }
  return first
}

function fileOf({ data }: WorkloadProfileSpec, folder: string): DataText | undefined {
  const source = dataSource(data)
  return source === undefined ? undefined : here(source, folder)
}

function here({ inline, path }: DataSource, folder: string): DataText | undefined {
  if (inline !== undefined) return dataText('the profile', inline)
  return path === undefined ? undefined : dataFile(resolve(folder, path))
}
