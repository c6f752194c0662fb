// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { reportPlan } from '../../core/plan/plan-report.ts'
import { CliError } from './cli-error.ts'
import { planFiles, registerPlan } from './plan.ts'
import { checkPlan } from './plan-preflight.ts'
import { planLines } from './plan-view.ts'

const EXPERIMENTS = join(import.meta.dirname, '..', '..', '..', 'experiments')
const QUICKSTART = join(EXPERIMENTS, 'quickstart.yaml')
const EXAMPLE = join(import.meta.dirname, 'testdata', 'plan-example.yaml')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-plan-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function changed(name: string, change: (text: string) => string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, change(await readFile(QUICKSTART, 'utf8')))
  return path
}

async function run(...args: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  registerPlan(program)
  await program.parseAsync(['plan', ...args], { from: 'user' })
  return written.join('')
}
let written: string[] = []
beforeEach(() => {
  written = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  return () => vi.restoreAllMocks()
})

describe('the gallery', async () => {
  const files = (await readdir(EXPERIMENTS)).filter((name) => name.endsWith('.yaml'))
  it.each(files)('%s can be planned', async (name) => {
    const plans = await planFiles({ file: [join(EXPERIMENTS, name)], library: [], run: 1 })
    expect(plans.length).toBeGreaterThan(0)
    for (const { plan } of plans) {
      expect(plan.trials.length).toBeGreaterThan(0)
      expect((await checkPlan(plan, undefined)).refused).toEqual([])
    }
  })
})

describe('assay plan', () => {
  it('shows treatments, stacks, needs and warnings', async () => {
    await expect(await run('-f', EXAMPLE)).toMatchFileSnapshot('testdata/plan-example.golden.txt')
  })

  it('is Markdown for a pull request', async () => {
    await expect(await run('-f', EXAMPLE, '-o', 'markdown')).toMatchFileSnapshot('testdata/plan-example.golden.md')
  })

  it.each(['capacity-search', 'enough-replicates', 'successive-halving'])('explains how %s goes on, and how much it may take', async (name) => {
    await expect(await run('-f', join(EXPERIMENTS, `${name}.yaml`))).toMatchFileSnapshot(`testdata/plan-${name}.golden.txt`)
  })

  it.each([['json', JSON.parse], ['yaml', parse]])('is data as %s', async (format, read) => {
    const report = (read as (text: string) => unknown)(await run('-f', QUICKSTART, '-o', format))
    expect(report).toMatchObject({ experiment: 'quickstart', run: 1, replicates: { stacks: 2, runs: 1 }, treatments: { length: 4 }, trials: { length: 8 }, warnings: [expect.stringContaining('few requests')] })
  })

  it('shows a few of many, and all when asked', async () => {
    const file = await changed('many.yaml', (text) => text.replace('levels: [4, 12]', `levels: [${Array.from({ length: 40 }, (_, i) => i + 1).join(', ')}]`))
    const [planned] = await planFiles({ file: [file], library: [], run: 1 })
    if (planned === undefined) throw new Error('no plan')
    const lines = (wide: boolean) => planLines(reportPlan(planned.plan), { wide, markdown: false })
    expect(lines(false)).toContain('  … and 56 more (-o wide shows all)')
    expect(lines(true).length).toBeGreaterThan(80 + 160)
    expect(lines(true).join('\n')).not.toContain('-o wide shows all')
  })

  it('shows needs, cost, budget and doubts of a plan that may spend', async () => {
    await expect(await run('-f', join(import.meta.dirname, 'testdata', 'plan-budget.yaml'))).toMatchFileSnapshot('testdata/plan-budget.golden.txt')
  })

  it('writes what it would create', async () => {
    const out = join(folder, 'out')
    await run('-f', QUICKSTART, '--render', out, '--run', '3', '-n', 'bench')
    const stacks = await readdir(join(out, 'stacks'))
    expect(stacks).toHaveLength(4)
    expect((await readdir(join(out, 'trials'))).length).toBe(8)
    const stack: unknown = parse(await readFile(join(out, 'stacks', stacks[0] ?? ''), 'utf8'))
    expect(stack).toMatchObject({ apiVersion: 'assay.dev/v1alpha1', kind: 'Stack', metadata: { namespace: 'bench', name: stacks[0]?.replace('.yaml', '') }, spec: { scenario: { model: { name: 'assay/simulated-llm' } } } })
    expect(stacks[0]).toMatch(/^quickstart-3-[0-9a-f]{8}-s1\.yaml$/)
    const values: unknown = parse(await readFile(join(out, 'values', (stacks[0] ?? '').replace('.yaml', '-model.yaml')), 'utf8'))
    expect(values).toMatchObject({ replicaCount: 1, simulator: { model: { name: 'assay/simulated-llm', maxLength: 16384 } } })
  })

  it('takes a library of one\'s own before the one that comes with Assay', async () => {
    const own = join(folder, 'own-library.yaml')
    await writeFile(own, 'apiVersion: assay.dev/v1alpha1\nkind: Scenario\nmetadata: { name: simulator }\nspec: { model: { name: mine }, endpoint: { url: "http://localhost:8000" } }\n')
    const [planned] = await planFiles({ file: [QUICKSTART], library: [own], run: 1 })
    expect(planned?.plan.resolved.scenario(0).model.name).toBe('mine')
  })

  it.each([
    ['a mistyped path', (t: string) => t.replace('parallelism.tensor', 'paralelism.tensor'), /bad\.yaml:14: spec\.design\.fullFactorial\.factors\[tp\]\.path: .*did you mean scenario\.serving\.parallelism\.tensor\?/],
    ['a missing reference', (t: string) => t.replace('name: simulator', 'name: simulatr'), /bad\.yaml:8: spec\.scenarioRef\.name: there is no Scenario called simulatr.*did you mean simulator\?/],
    ['an unknown field', (t: string) => t.replace('slo:', 'sloo:'), /bad\.yaml:19: spec\.sloo: .*did you mean slo\?/],
    ['a wrong level', (t: string) => t.replace('[1, 2]', '[1, two]'), /bad\.yaml:14: spec\.design\.fullFactorial\.factors\[tp\]\.levels\[1\]: .*found text "two", expected a whole number from 1 to 1024/],
    ['broken YAML', (t: string) => t.replace('{ name: simulator }', '{ name: simulator'), /bad\.yaml:\d+: this is no valid YAML/],
    ['a name that is too long', (t: string) => t.replace('name: quickstart', 'name: quickstart-with-a-much-too-long-name'), /bad\.yaml:6: metadata\.name: .*at most 53 characters/],
    ['a budget for less than one replicate', (t: string) => t.replace('slo:', 'budget: { wallTime: 5s }\n  slo:'), /bad\.yaml:19: spec\.budget\.wallTime: the smallest block .*found 5s, expected at least/],
    ['what certainly cannot work', (t: string) => t.replace('workloadRef: { name: quickstart }', 'workload: { data: { synthetic: { input: { fixed: 20000 }, output: { fixed: 1 } } }, load: { poisson: { stages: [{ name: main, rate: 1, requests: 1 }] } } }'), /preflight: this cannot work\n {2}workload\.data\.synthetic: .*every request is longer than the context.*expected at most 16384 tokens/],
    ['another kind of object', (t: string) => t.replace('kind: Experiment', 'kind: Experimnt'), /bad\.yaml:4: kind: .*did you mean Experiment\?/],
    ['no Experiment', () => 'apiVersion: v1\nkind: ConfigMap\n', /there is no Experiment in .*bad\.yaml/],
  ])('refuses %s with exit code 3', async (_, change, message) => {
    const file = await changed('bad.yaml', change)
    const failure: unknown = await run('-f', file).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CliError)
    expect(failure).toMatchObject({ exitCode: 3, message: expect.stringMatching(message) as string })
    expect(written).toEqual([])
  })

  it.each([[[]], [['-f', QUICKSTART, '-o', 'xml']], [['-f', QUICKSTART, '--run', '0']]])('refuses %j as wrong usage', async (args) => {
    await expect(run(...args)).rejects.toMatchObject({ exitCode: 1, code: expect.stringContaining('commander') as string })
  })
})
