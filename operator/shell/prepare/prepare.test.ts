// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PlannedRequest, RequestsManifest } from '../../core/model/request.ts'
import { BAD_INPUT_EXIT_CODE, runPrepare } from './command.ts'
import { dataFile } from './data-file.ts'
import { type JobOptions, trialJob, writeTrialJob } from './testdata/trial-job.ts'

let folder: string
let log: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-prepare-'))
  log = join(folder, 'termination-log')
  vi.stubEnv('ASSAY_TERMINATION_LOG', log)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const prepare = (options: Omit<JobOptions, 'folder'> = {}) => runPrepare(writeTrialJob(trialJob({ folder, ...options })))
const requests = () => readFileSync(join(folder, 'run/in/requests.jsonl'), 'utf8').trim().split('\n').map((line) => PlannedRequest.parse(JSON.parse(line)))
const manifest = () => RequestsManifest.parse(JSON.parse(readFileSync(join(folder, 'run/in/manifest.json'), 'utf8')))
const inFile = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const prompts = { data: { prompts: { source: { configMap: { name: 'c', key: 'k' } } } } }

describe('prepare', () => {
  it('freezes the requests, with their checksum and what a reader should know', async () => {
    expect(await prepare()).toBe(0)
    expect(requests()).toHaveLength(6)
    const { sha256, ...rest } = manifest()
    expect(sha256).toBe(createHash('sha256').update(readFileSync(join(folder, 'run/in/requests.jsonl'))).digest('hex'))
    expect(rest).toMatchObject({ count: 6, tokenizer: 'bundled', dataKind: 'synthetic', seed: 1, inputTokens: { mean: 20, min: 20, max: 20 }, notes: [] })
    expect(existsSync(join(folder, 'run/out'))).toBe(true)
    expect(existsSync(log)).toBe(false)
  })

  it('gives the same for the same seed, and other prompts for another', async () => {
    await prepare()
    const first = manifest().sha256
    await prepare()
    expect(manifest().sha256).toBe(first)
    await prepare({ spec: { seeds: { arrival: 1, content: 2 } } })
    expect(manifest().sha256).not.toBe(first)
  })

  it('reads a data file', async () => {
    const data = inFile('prompts.jsonl', '{"prompt":"one two","output_tokens":5}\n{"prompt":"three"}\n')
    expect(await prepare({ workload: prompts, paths: { data } })).toBe(0)
    expect(requests().map((r) => r.prompt).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(['one two', 'three'])
  })

  it('gives a harness that sends nothing only its folders', async () => {
    expect(await prepare({ harness: { supports: { load: [], data: [] } } })).toBe(0)
    expect([existsSync(join(folder, 'run/out')), existsSync(join(folder, 'run/in/requests.jsonl'))]).toEqual([true, false])
  })

  it.each<[string, () => Omit<JobOptions, 'folder'>, RegExp]>([
    ['a key that is not there', () => ({ workload: prompts, paths: { data: join(folder, 'nothing') } }), /^MissingFile: workload.data: there is no .*nothing: is the key/],
    ['a folder', () => ({ workload: prompts, paths: { data: folder } }), /^MissingFile: workload.data: .* is a folder: name a file/],
    ['a file that was not mounted', () => ({ workload: prompts }), /^MissingFile: workload.data.prompts: the pod was not told/],
    ['a line that is not JSON', () => ({ workload: prompts, paths: { data: inFile('x', '{"prompt":"a"}\nnonsense\n') } }), /^InvalidData: .*x:2.*expected JSON/],
    ['an empty file', () => ({ workload: prompts, paths: { data: inFile('x', '\n') } }), /^(EmptyData|InvalidData): .*at least one/],
    ['a tokenizer that nobody brought', () => ({ workload: { tokenizer: { name: 'llama' } } }), /^UnknownTokenizer: workload.tokenizer: "llama" does not come with Assay/],
    ['a tokenizer file that is none', () => ({ workload: { tokenizer: { name: 'llama', source: { inline: 'x' } } }, paths: { tokenizer: inFile('t', 'x') } }), /^TokenizerUnreadable: tokenizer llama: expected a tokenizer.json/],
    ['a tokenizer file that is not there', () => ({ paths: { tokenizer: join(folder, 'gone') } }), /^MissingFile: workload.tokenizer: there is no .*gone/],
  ])('says what is wrong with %s', async (_, options, message) => {
    expect(await prepare(options())).toBe(BAD_INPUT_EXIT_CODE)
    expect(readFileSync(log, 'utf8')).toMatch(message)
    expect(existsSync(join(folder, 'run/in/manifest.json'))).toBe(false)
  })

  it.each([['no file', undefined, /^MissingFile: the trial: there is no/], ['no JSON', 'x', /^InvalidTrial: .*expected JSON/], ['no trial', '{}', /^InvalidTrial: .*specDigest/s]])('says what is wrong with a trial.json that is %s', async (_, content, message) => {
    mkdirSync(join(folder, 'config'))
    if (content !== undefined) writeFileSync(join(folder, 'config/trial.json'), content)
    expect(await runPrepare(join(folder, 'config/trial.json'))).toBe(BAD_INPUT_EXIT_CODE)
    expect(readFileSync(log, 'utf8')).toMatch(message)
  })

  it('takes failures of its own for no fault of the input', async () => {
    expect(await prepare({ paths: { requests: join(inFile('file', ''), 'requests.jsonl') } })).toBe(1)
  })
})

describe('dataFile', () => {
  it('keeps characters whole that lie across pieces, and may be read twice', () => {
    const text = `${'x'.repeat((1 << 20) - 1)}€uro`
    const file = dataFile(inFile('big', text))
    expect([...file.chunks()].join('') === text).toBe(true)
    expect([...file.chunks()]).toHaveLength(2)
  })
})
