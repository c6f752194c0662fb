// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { PlannedRequest, RequestsManifest } from '../../core/model/request.ts'
import { prepareTrial } from './prepare.ts'
import { type JobOptions, trialJob } from './testdata/trial-job.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-inputs-'))
})
const text = (name: string) => readFileSync(join(folder, 'run/in', name), 'utf8')
const lines = (name: string) => text(name).trim().split('\n').map((line): unknown => JSON.parse(line))
const requests = () => lines('requests.jsonl').map((line) => PlannedRequest.parse(line))
const prepare = (options: Omit<JobOptions, 'folder'>) => prepareTrial(trialJob({ folder, ...options }))
const ID = { name: '{{stage.id}}.jsonl', format: 'jsonl', each: { id: '{{request.id}}' } }
const idsOf = (name: string) => (lines(name) as { readonly id: string }[]).map(({ id }) => id)

describe('inputs', () => {
  it('deals the frozen requests out to the stages, the warm-up first, none twice', async () => {
    const load = { concurrent: { stages: [{ name: 'a', concurrency: 2, requests: 3 }, { name: 'b', concurrency: 2, requests: 4 }] }, warmup: '1s' }
    const manifest = RequestsManifest.parse(await prepare({ workload: { load }, harness: { inputs: [ID, { ...ID, name: 'all.jsonl' }] } }))
    const ids = requests().map(({ id }) => id)
    expect([...idsOf('warmup.jsonl'), ...idsOf('stage-0.jsonl'), ...idsOf('stage-1.jsonl')]).toEqual(ids)
    expect([idsOf('stage-0.jsonl').length, idsOf('stage-1.jsonl').length]).toEqual([3, 4])
    expect(idsOf('all.jsonl')).toEqual(ids)
    expect(manifest.inputs?.map(({ name, count }) => [name, count])).toEqual([['warmup.jsonl', 8], ['stage-0.jsonl', 3], ['stage-1.jsonl', 4], ['all.jsonl', 15]])
    for (const { name, sha256, bytes } of manifest.inputs ?? []) {
      expect(sha256).toBe(createHash('sha256').update(readFileSync(join(folder, 'run/in', name))).digest('hex'))
      expect(bytes).toBe(text(name).length)
    }
    expect(RequestsManifest.parse(JSON.parse(text('manifest.json')))).toEqual(manifest)
  })

  it('splits a trace by time', async () => {
    const trace = '{"at":0,"input":4,"output":1}\n{"at":1,"input":4,"output":2}\n{"at":3,"input":4,"output":3}\n{"at":5,"input":4,"output":4}\n'
    writeFileSync(join(folder, 'trace'), trace)
    const workload = { data: { trace: { format: 'jsonl', source: { inline: trace } } }, load: { trace: { speed: 2 }, warmup: '1s' } }
    await prepare({ workload, harness: { inputs: [{ ...ID, each: { at: '{{request.atMs}}', n: '{{request.outputTokens}}' } }] }, paths: { data: join(folder, 'trace') } })
    expect(lines('warmup.jsonl')).toEqual([{ at: 0, n: 1 }, { at: 1000, n: 2 }])
    expect(lines('stage-0.jsonl')).toEqual([{ at: 1000, n: 3 }, { at: 3000, n: 4 }])
  })

  it('makes answers of as many tokens as are wanted', async () => {
    await prepare({ workload: { data: { synthetic: { input: { fixed: 4 }, output: { uniform: { min: 1, max: 40 } } } } }, harness: { inputs: [{ ...ID, each: { answer: '{{request.answer}}' } }] } })
    const tokenizer = await loadTokenizer()
    expect((lines('stage-0.jsonl') as { readonly answer: string }[]).map(({ answer }) => tokenizer.count(answer) + tokenizer.specials)).toEqual(requests().map(({ outputTokens }) => outputTokens))
  })

  it('says which request a tool cannot be told', async () => {
    writeFileSync(join(folder, 'data'), '{"messages":[{"role":"system","content":"a"},{"role":"user","content":"b"}]}\n')
    const workload = { api: { kind: 'chat' }, data: { prompts: { source: { inline: '' } } } }
    const options = { workload, harness: { inputs: [{ ...ID, each: { p: '{{request.text}}' } }] }, paths: { data: join(folder, 'data') } }
    await expect(prepare(options)).rejects.toMatchObject({ code: 'InvalidData', message: expect.stringMatching(/request r1 cannot be told to the tool: .*2 messages/) as string })
  })
})

describe('the tokenizer', () => {
  it('lies in a folder as Hugging Face libraries want it: the bundled one, or that of the profile', async () => {
    await prepare({})
    const [tokenizer, config] = [text('tokenizer/tokenizer.json'), JSON.parse(text('tokenizer/tokenizer_config.json')) as unknown]
    expect(config).toMatchObject({ tokenizer_class: 'PreTrainedTokenizerFast' })
    expect(JSON.parse(tokenizer)).toHaveProperty('model.vocab')
    const own = tokenizer.replace('"version":"1.0"', '"version":"1.0","x":1')
    writeFileSync(join(folder, 'own.json'), own)
    await prepare({ workload: { tokenizer: { name: 'own', source: { inline: '' } } }, paths: { tokenizer: join(folder, 'own.json') } })
    expect(text('tokenizer/tokenizer.json')).toBe(own)
  })
})

describe('a profile of the tool\'s own', () => {
  const workload = { data: { toolProfile: { harness: 'guidellm', source: { inline: '' } } }, load: { toolProfile: {} } }

  it('is left to the tool, and is on record', async () => {
    writeFileSync(join(folder, 'profile'), 'profile: 1\n')
    const manifest = await prepare({ workload, paths: { data: join(folder, 'profile') } })
    expect(manifest).toMatchObject({ sha256: createHash('sha256').update('profile: 1\n').digest('hex'), bytes: 11, count: 0, dataKind: 'toolProfile', notes: [expect.stringContaining('neither checked nor compared')] })
    expect(existsSync(join(folder, 'run/in/requests.jsonl'))).toBe(false)
    expect(existsSync(join(folder, 'run/in/tokenizer/tokenizer.json'))).toBe(true)
  })

  it('must be there', async () => {
    await expect(prepare({ workload, paths: { data: join(folder, 'nothing') } })).rejects.toMatchObject({ code: 'MissingFile' })
  })
})
