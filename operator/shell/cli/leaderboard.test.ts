// SPDX-License-Identifier: Apache-2.0
/** `assay leaderboard`, `publish`, and `plan --measured`, from files to files; what they refuse. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { boardInput, type BoardSample } from '../../core/leaderboard/testdata/board-sample.ts'
import { sampleExperiment } from '../../core/report/testdata/experiment.ts'
import type { ExperimentInput } from '../../core/report/results.ts'
import { type StandInHub, standInHub } from '../hub/testdata/stand-in-hub.ts'
import { registerLeaderboard } from './leaderboard.ts'
import { registerPlan } from './plan.ts'
import { registerReport } from './report.ts'
import { readInput, withoutMeasured } from './run-input.ts'
import { saveData } from './work-folder.ts'

let folder = ''
let hub: StandInHub | undefined
const place = (...names: readonly string[]) => join(folder, ...names)
const out: string[] = []
const err: string[] = []

async function save(name: string, { experiment, trials, library }: ExperimentInput): Promise<void> {
  const { name: own, namespace, spec, status } = experiment
  await saveData(place(name), { experiment: { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: own, namespace }, spec: spec as never, status }, trials, failed: [], reports: [], ...(library && { library }) })
}

const SAMPLE: BoardSample = { models: [['org/a', 0.5], ['org/b', 2]], stacks: 2, failing: ['org/b', 'float32'] }
const EXPERIMENT = {
  apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'again' },
  spec: {
    scenario: { model: { name: 'org/a', dtype: 'float32' }, serving: { engine: 'pytorch', args: { attn_implementation: 'sdpa', no_weights: true } } },
    workload: { data: { synthetic: { input: { fixed: 256 }, output: { fixed: 64 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 1, requests: 10 }] } } },
    harness: {
      image: 'example.org/tool:1', version: '0.6.0', inProcess: true, supports: { load: ['concurrent'], data: ['synthetic'], features: ['requests', 'stages'] }, command: ['tool'], results: { adapter: 'optimum-benchmark' },
    },
    design: { fullFactorial: { factors: [{ name: 'model', path: 'scenario.model.name', levels: ['org/a', 'org/b', 'org/c'] }, { name: 'dtype', path: 'scenario.model.dtype', levels: ['float32', 'bfloat16'] }] } },
  },
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-leaderboard-'))
  await save('first-1', await boardInput(SAMPLE))
  await save('http-1', await sampleExperiment({ rates: [24], requests: 140 }))
  await writeFile(place('scores.csv'), 'Model,Average ⬆️\norg/a,7.5\norg/b,9\n')
  await writeFile(place('typo.csv'), 'Modle,Average\norg/a,7.5\n')
  await writeFile(place('again.yaml'), stringify(EXPERIMENT))
  await mkdir(place('empty'))
}, 60_000)
afterAll(async () => {
  await hub?.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  out.length = 0
  err.length = 0
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out.push(String(text)); return true })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true })
})

async function assay(...args: readonly string[]): Promise<string> {
  const program = new Command('assay').exitOverride()
  for (const register of [registerLeaderboard, registerPlan, registerReport]) register(program)
  await program.parseAsync(['node', 'assay', ...args])
  return out.join('')
}

describe('assay leaderboard', () => {
  it.each([
    ['table', /^MODEL +DTYPE +AVERAGE ⬆️[\s\S]*Failed: 1 of 4 combinations:\n[\s\S]*org\/b +float32 +HarnessFailed +MemoryError/],
    ['markdown', /^\| model \| dtype \| Average ⬆️ \|/], ['csv', /^experiment,model,backend,[\s\S]*\r\nllm-perf,org\/b,pytorch,cpu,bfloat16,/], ['html', /^<!doctype html>[\s\S]*Quality against latency: Decode p50/],
  ])('writes %s', async (form, wanted) => expect(await assay('leaderboard', place('first-1'), '--quality', place('scores.csv'), '-o', form)).toMatch(wanted))

  it('writes JSON, and Chinese', async () => {
    expect(JSON.parse(await assay('leaderboard', place('first-1'), '-o', 'json'))).toMatchObject({ schema: 'assay.dev/leaderboard/v1', rows: [{ trials: { length: 2 } }, {}, {}, { failure: { reason: 'HarnessFailed' } }] })
    out.length = 0
    expect(await assay('leaderboard', place('first-1'), '--lang', 'zh')).toContain('失败：4 个组合中的 1 个')
  })

  it.each<[string, readonly string[], RegExp, number]>([
    ['results of a load over HTTP', ['leaderboard', 'http-1'], /holds no results of an engine in the tool's own process: it was measured with native/, 3],
    ['a table without models', ['leaderboard', 'first-1', '--quality', 'typo.csv'], /typo.csv: no column holds the model's name/, 3],
    ['a table that is not there', ['leaderboard', 'first-1', '--quality', 'none.csv'], /there is no such file/, 3],
    ['a hub without a data set', ['leaderboard', 'publish', 'first-1', '--to', 'hf://models/a/b'], /names no data set/, 2],
    ['a hub without a token', ['leaderboard', 'publish', 'first-1', '--to', 'hf://datasets/a/b'], /HF_TOKEN is not set/, 2],
    ['measured rows of a folder without any', ['plan', '-f', 'again.yaml', '--measured', 'empty'], /neither a work folder nor one with tables/, 2],
    ['measured rows of a table of something else', ['plan', '-f', 'again.yaml', '--measured', 'scores.csv'], /it is no leaderboard: there is no column config.backend.model/, 3],
    ['measured rows of results over HTTP', ['plan', '-f', 'again.yaml', '--measured', 'http-1'], /holds no results of an engine/, 3],
    ['measured rows that are not there', ['plan', '-f', 'again.yaml', '--measured', 'none'], /there is no such file or folder/, 2],
  ])('refuses %s', async (_, args, message, exitCode) => {
    vi.stubEnv('HF_TOKEN', '')
    const files = new Set(['http-1', 'first-1', 'typo.csv', 'none.csv', 'again.yaml', 'empty', 'scores.csv', 'none'])
    await expect(assay(...args.map((a) => (files.has(a) ? place(a) : a)))).rejects.toMatchObject({ message: expect.stringMatching(message) as string, exitCode })
  })
})

describe('assay report --quality', () => {
  it('puts published scores into the report', async () => {
    await assay('report', place('first-1'), '--out', place('report'), '--format', 'markdown', '--quality', place('scores.csv'))
    expect(await readFile(place('report', 'report.md'), 'utf8')).toMatch(/## Leaderboard\n\n\| model \| dtype \| Average ⬆️ \|/)
  })
})

describe('publish', () => {
  it('writes a folder that says how it was made, and an Experiment that can be planned', async () => {
    await assay('leaderboard', 'publish', place('first-1'), '--quality', place('scores.csv'), '--license', 'mit', '--to', place('set'))
    expect((await readdir(place('set', 'data'))).sort()).toEqual(['llm-df.csv', 'llm-df.parquet', 'perf-df-pytorch-cpu-unquantized-8vCPU.csv', 'perf-df-pytorch-cpu-unquantized-8vCPU.parquet'])
    const card = await readFile(place('set', 'README.md'), 'utf8')
    expect(card).toContain('license: mit')
    expect(card).toContain('    assay leaderboard publish first-1 --quality scores.csv --license mit --to set')
    expect(card).not.toContain(folder)
    const experiment = parse(await readFile(place('set', 'experiments', 'llm-perf.yaml'), 'utf8')) as { readonly spec: object }
    expect(experiment.spec).toMatchObject({ scenario: { model: { name: 'openai-community/gpt2' } }, harness: { inProcess: true } })
    expect(experiment.spec).not.toHaveProperty('harnessRef')
  })

  it('only names files in a dry run, and needs no token for it', async () => {
    vi.stubEnv('HF_TOKEN', '')
    expect(await assay('leaderboard', 'publish', place('first-1'), '--to', 'hf://datasets/org/board', '--dry-run')).toMatch(/^hf:\/\/datasets\/org\/board\/README.md {2}\d+ bytes\n/)
    await assay('leaderboard', 'publish', place('first-1'), '--to', place('nowhere'), '--dry-run')
    await expect(readdir(place('nowhere'))).rejects.toThrow('ENOENT')
  })

  it('pushes to the hub that the environment names, and prints no token', async () => {
    hub = await standInHub({ token: 'hf_secret' })
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    vi.stubEnv('HF_ENDPOINT', `${hub.endpoint}/`)
    await assay('leaderboard', 'publish', place('first-1'), '--to', 'hf://datasets/org/board', '--private', '--quality', place('scores.csv'))
    const repository = hub.repositories.get('org/board')
    expect(repository?.private).toBe(true)
    expect([...(repository?.files.keys() ?? [])]).toEqual(['README.md', 'data/perf-df-pytorch-cpu-unquantized-8vCPU.csv', 'data/perf-df-pytorch-cpu-unquantized-8vCPU.parquet', 'data/llm-df.csv', 'data/llm-df.parquet', 'experiments/llm-perf.yaml'])
    expect(err.join('')).toContain('pushed 6 files to org/board: https://hub/datasets/org/board/commit/abc')
    expect([...out, ...err].join('')).not.toContain('hf_secret')
  })
})

describe('--measured', () => {
  const treatments = (text: string) => (parse(text) as { readonly treatments: readonly { readonly label: string }[] }).treatments.map((t) => t.label)

  it.each([['a work folder', 'first-1'], ['a published folder', 'set'], ['one of its tables', join('set', 'data', 'perf-df-pytorch-cpu-unquantized-8vCPU.csv')]])('leaves out what %s has, says so, and measures again what failed', async (_, name) => {
    const plan = await assay('plan', '-f', place('again.yaml'), '--measured', place(name), '-o', 'yaml')
    expect(treatments(plan)).toEqual(['model=org/b dtype=float32', 'model=org/c dtype=float32', 'model=org/c dtype=bfloat16'])
    expect(err.join('').match(/left out, measured already: /g)).toHaveLength(3)
    expect(err.join('')).toContain('measured again, since it failed: model=org/b dtype=float32')
    expect(plan).toContain('3 of 6 combinations are left out, since they were measured already')
  })

  it('leaves out what failed too, when asked', async () => {
    expect(treatments(await assay('plan', '-f', place('again.yaml'), '--measured', place('first-1'), '--skip-failed', '-o', 'yaml'))).toEqual(['model=org/c dtype=float32', 'model=org/c dtype=bfloat16'])
  })

  it('writes into the Experiment that run applies what is left out and where it was measured', async () => {
    const input = await readInput({ files: [place('again.yaml')], library: [] })
    const { experiments: [experiment] } = await withoutMeasured(input, { measured: [place('first-1')], skipFailed: false })
    const { design } = (experiment as NonNullable<typeof experiment>).spec as { readonly design: { readonly measured: readonly unknown[] } }
    expect(design.measured).toHaveLength(3)
    expect(design.measured).toContainEqual({ levels: { model: 'org/a', dtype: 'float32' }, from: place('first-1') })
  })

  it('has nothing left to do where everything was measured', async () => {
    const { spec } = EXPERIMENT
    const whole = { ...EXPERIMENT, spec: { ...spec, design: { fullFactorial: { factors: [{ name: 'model', path: 'scenario.model.name', levels: ['org/a'] }, { name: 'dtype', path: 'scenario.model.dtype', levels: ['float32', 'bfloat16'] }] } } } }
    await writeFile(place('whole.yaml'), stringify(whole))
    const input = await readInput({ files: [place('whole.yaml')], library: [] })
    expect((await withoutMeasured(input, { measured: [place('first-1')], skipFailed: false })).experiments).toEqual([])
    expect(err.join('')).toContain('again: all of its 2 treatments were measured already, so that nothing is left to do')
  })
})
