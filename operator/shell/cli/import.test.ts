// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EXIT } from './exit-codes.ts'
import { registerImport } from './import.ts'
import { planFiles } from './plan.ts'

/** A small tree of the same shape as theirs, written for this test. */
const TREE: Readonly<Record<string, string>> = {
  'config/scenarios/chat.yaml': [
    'scenario:', '  - name: chat', '    common:', '      model: { name: org/m-1b, maxModelLen: 4096 }', '      vllmCommon: { flags: { enforceEager: true } }',
    '    modelservice:', '      enabled: true', '      gateway: { className: epponly }', '      decode: { replicas: 1, parallelism: { tensor: 1 } }', '    harness: { name: inference-perf, experimentProfile: prefix.yaml }',
  ].join('\n'),
  'workload/profiles/inference-perf/prefix.yaml.in': [
    'load: { type: constant, stages: [ { rate: 2, duration: 30 } ] }', 'api: { type: completion, streaming: true }', 'server: { model_name: REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL }',
    'data: { type: shared_prefix, shared_prefix: { num_groups: 4, system_prompt_len: 64, question_len: 16, output_len: 8 } }',
  ].join('\n'),
  'workload/profiles/vllm-benchmark/prefix.yaml.in': 'dataset-name: random\nrandom-input-len: 8\nnum-prompts: 4\nmax-concurrency: 1\n',
  'experiments/chat.yaml': [
    'experiment: { name: chat-sweep, harness: inference-perf, profile: prefix.yaml }', 'reset_caches: true', 'setup:', '  treatments:', '    - { name: one, decode.parallelism.tensor: 1 }', '    - { name: two, decode.parallelism.tensor: 2 }',
    'treatments:', '  - { name: g4, data.shared_prefix.num_groups: 4 }', '  - { name: g8, data.shared_prefix.num_groups: 8 }',
  ].join('\n'),
  'README.md': 'not read', 'other/values.yaml': 'replicas: 1\n', 'broken.yaml': 'a: [1\n',
}

let folder = ''
let errors: string[] = []
let written: string[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-import-'))
  for (const [path, text] of Object.entries(TREE)) {
    await mkdir(dirname(join(folder, 'theirs', path)), { recursive: true })
    await writeFile(join(folder, 'theirs', path), text)
  }
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(() => {
  errors = []
  written = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (errors.push(String(text)), true))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true))
})
afterEach(() => {
  process.exitCode = 0
  vi.restoreAllMocks()
})

async function run(...args: readonly string[]): Promise<number | string | null | undefined> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  registerImport(program)
  await program.parseAsync(['import', ...args], { from: 'user' })
  return process.exitCode
}

describe('assay import', () => {
  it('turns a folder into a library that can be planned, and tells by its exit code that something is lost', async () => {
    const out = join(folder, 'ours')
    expect(await run(join(folder, 'theirs'), '-o', out)).toBe(EXIT.importedInPart)
    expect((await readdir(out, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort()).toEqual(['experiments/chat-sweep.yaml', 'scenarios/chat.yaml', 'workload-profiles/prefix-vllm-benchmark.yaml', 'workload-profiles/prefix.yaml'])
    const [planned] = await planFiles({ file: [out], library: [], run: 1 })
    expect(planned?.plan.treatments.map((t) => t.levels)).toEqual([{ setup: 'one', groups: 'g4' }, { setup: 'one', groups: 'g8' }, { setup: 'two', groups: 'g4' }, { setup: 'two', groups: 'g8' }])
    expect(planned?.plan.treatments.map((t) => t.gpus)).toEqual([1, 1, 2, 2])
    expect(planned?.plan.experiment.execution.caches).toBe('Reset')
    const said = errors.join('')
    expect(said).toMatch(/chat\.yaml → Scenario\/chat\n {2}not expressed: gateway: .*: requests go to a Service/)
    expect(said).toMatch(/not quite the same: load\.type: constant: the tool draws exponential gaps/)
    expect(said).toMatch(/passed over 2 files that are no experiment, scenario or profile: .*broken\.yaml, .*values\.yaml/)
    expect(said).toMatch(/imported 1 Scenario, 2 WorkloadProfiles, 1 Experiment into /)
  })

  it('says above every object what it does not say', async () => {
    const theirs = join(folder, 'theirs')
    await run(join(theirs, 'config'), join(theirs, 'workload/profiles/inference-perf'), join(theirs, 'experiments'), '-o', '-')
    await expect(written.join('')).toMatchFileSnapshot('testdata/import.golden.yaml')
  })

  it('ends well where everything is expressed', async () => {
    expect(await run(join(folder, 'theirs/workload/profiles/inference-perf/prefix.yaml.in'), '-o', '-')).toBe(EXIT.ok)
    expect(written.join('')).toContain('kind: WorkloadProfile')
  })

  it('takes names for what is not given', async () => {
    const theirs = join(folder, 'theirs')
    await run(join(theirs, 'experiments/chat.yaml'), join(theirs, 'workload/profiles/inference-perf/prefix.yaml.in'), '--scenario', 'simulator', '-o', '-')
    expect(written.join('')).toMatch(/scenarioRef:\n {4}name: simulator/)
    expect(errors.join('')).not.toContain('no scenario file')
  })

  it('does not make another experiment of one whose profile is missing', async () => {
    await expect(run(join(folder, 'theirs/experiments/chat.yaml'), '-o', '-')).rejects.toMatchObject({ exitCode: EXIT.invalidExperiment })
    expect(errors.join('')).toMatch(/chat\.yaml → nothing\n[^]*not expressed: 2 treatments: they change a profile that is not given/)
  })

  it.each([[['nowhere.yaml', '-o', '-'], EXIT.usage], [['README.md', '-o', '-'], EXIT.invalidExperiment]])('refuses %j', async ([path = '', ...rest], exitCode) => {
    await expect(run(join(folder, 'theirs', path), ...rest)).rejects.toMatchObject({ exitCode })
  })
})
