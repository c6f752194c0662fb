// SPDX-License-Identifier: Apache-2.0
/** A load of numbers in words against a server of the test, from profile to findings and files, by the code that a trial runs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureTrial } from '../../../operator/core/measure/measure-trial.ts'
import { trialJob } from '../../../operator/core/measure/testdata/trial.ts'
import type { Records } from '../../../operator/core/model/record.ts'
import { toolFilesOf } from '../../../operator/core/tool-files/tool-files.ts'
import { textForm } from '../../../operator/core/model/workload-profile.ts'
import { expandRequests } from '../../../operator/core/workload/expand.ts'
import { requestsNeeded } from '../../../operator/core/workload/requests-needed.ts'
import { folderTexts } from '../../testing/folder-files.ts'
import { heldFiles } from '../../testing/held-files.ts'
import { wholeResult } from '../../reading/whole-result.ts'
import { adaptNative } from '../adapter.ts'
import { loadTokenizer } from '../load-tokenizer.ts'
import { loadClient } from '../load-client.ts'
import { runLoad } from '../run.ts'

/** `workload` is laid over a profile of numbers in words. */
export async function runNumbers(url: string, workload: object, files: object = {}) {
  const job = trialJob({
    spec: {
      workload: { api: { kind: 'chat', ignoreEos: false }, data: { synthetic: undefined, correctness: {} }, ...workload, load: { constant: undefined, ...(workload as { load: object }).load } },
      seeds: { arrival: 1, content: 117 }, results: { files },
    },
    endpoint: { url, model: 'tiny' }, stack: { scrape: [], gpus: 0, startup: undefined },
  })
  const { spec } = job
  const out = await mkdtemp(join(tmpdir(), 'numbers-'))
  try {
    const tokenizer = await loadTokenizer()
    const requests = expandRequests({ data: spec.workload.data, api: textForm(spec.workload.api.kind), tokenizer, seed: spec.seeds.content, need: requestsNeeded(spec.workload.load, 1), note: () => undefined })
    await writeFile(join(out, 'requests.jsonl'), [...requests].map((request) => `${JSON.stringify(request)}\n`).join(''))
    const client = await loadClient({ endpoint: { url, model: 'tiny', headers: {} }, api: spec.workload.api })
    await runLoad({ workload: spec.workload, client, arrivalSeed: 1, requests: join(out, 'requests.jsonl'), out, tokenizer: () => Promise.resolve(tokenizer), signal: new AbortController().signal })
    const adapter = await wholeResult(await adaptNative(heldFiles(folderTexts(out)), job))
    const { findings } = await measureTrial({ job, adapter, scrapes: [], artifacts: [], harness: { exitCode: 0, timedOut: false, oomKilled: false }, time: { startEpochMs: 0, endEpochMs: 1000 } })
    return { findings, records: adapter.records, files: await textsOf({ job, stages: adapter.stages, records: adapter.records }) }
  } finally {
    await rm(out, { recursive: true })
  }
}

async function textsOf(input: { readonly job: ReturnType<typeof trialJob>; readonly stages: Parameters<typeof toolFilesOf>[0]['stages']; readonly records: Records }): Promise<Record<string, string>> {
  const written = await toolFilesOf({ ...input, endEpochMs: 1_795_346_721_000 })
  return Object.fromEntries(written.map(({ name, text }) => [name, [...text()].join('')]))
}
