// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { compared } from '../../core/report/analyze.ts'
import { compareResults } from '../../core/report/compare/compare-results.ts'
import { PRIMARY } from '../../core/report/primary.ts'
import { type Sample, sampleExperiment } from '../../core/report/testdata/experiment.ts'
import { registerCheck } from './check.ts'
import type { Collected } from './collect.ts'
import { registerCompare } from './compare.ts'
import { comparisonJson, comparisonText } from './compare-view.ts'
import { EXIT } from './exit-codes.ts'
import { registerExport } from './export.ts'
import { compareFacts, experimentFacts } from './facts.ts'
import { registerReport } from './report.ts'
import { saveData, saveReports } from './work-folder.ts'

const golden = (name: string) => join(import.meta.dirname, 'testdata', name)
let folder = ''
const place = (name: string) => join(folder, name)

async function collect(sample: Sample): Promise<Collected> {
  const { experiment: { name, namespace, spec, status }, trials } = await sampleExperiment({ rates: [24], requests: 140, ...sample })
  return { experiment: { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name, namespace }, spec: spec as never, status }, trials, failed: [], reports: [], library: { workload: { data: { n: sample.seed ?? 0 } } } }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-compare-'))
  const [base, again, slow] = await Promise.all([collect({ stacks: 4 }), collect({ stacks: 4, seed: 400 }), collect({ stacks: 4, seed: 800, slower: 1.5, name: 'slow' })])
  await saveData(place('base'), base)
  await saveData(place('again'), again)
  await saveData(place('slow'), slow)
  await saveReports(place('base'), base, { formats: ['json'] })
  await writeFile(place('gate.yaml'), 'onInsufficient: Pass\nrules:\n  - { name: latency, expr: "p50(ttft) <= 10s" }\n  - { name: drift, expr: "regression(p50(tpot), baseline=nightly) <= 5%" }\n')
  await writeFile(place('typo.yaml'), 'rules:\n  - { name: a, exp: "p50(ttft) <= 10s" }\n')
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

let written: string[] = []
let told: string[] = []
beforeEach(() => {
  written = []
  told = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (told.push(String(text)), true))
  return () => {
    process.exitCode = undefined
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  }
})

async function assay(...args: readonly string[]): Promise<{ readonly out: string; readonly code: number }> {
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => void told.push(text) })
  for (const register of [registerCompare, registerCheck, registerExport, registerReport]) register(program)
  try {
    await program.parseAsync(args.map((a) => a.replaceAll('@/', `${folder}/`)), { from: 'user' })
  } catch (error) {
    const { exitCode, message, hint } = error as Error & { exitCode: number; hint?: string }
    return { out: `${told.join('')}${message}\n${hint ?? ''}`, code: exitCode }
  }
  return { out: written.join(''), code: Number(process.exitCode ?? 0) }
}

describe('assay compare', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['nothing worse and nothing open', ['@/base', '@/base', '--metrics', 'p50(tpot)'], EXIT.ok, /^0 worse, 0 better, 4 the same, 0 undecided of 4\./],
    ['something worse', ['@/base', '@/slow', '--metrics', 'p50(tpot)'], EXIT.gateFailed, /^4 worse/],
    ['something better', ['@/slow', '@/base', '--metrics', 'p50(tpot)'], EXIT.ok, /^0 worse, 4 better/],
    ['something open', ['@/base', '@/again', '--metrics', 'p50(ttft)', '--margin', '0.1%'], EXIT.insufficientData, /4 undecided of 4/],
    ['one stage, one treatment', ['@/base', '@/slow', '--metrics', 'p50(tpot)', '--stage', 'low', '--treatment', 'batch=8'], EXIT.gateFailed, /^1 worse, .* of 1\./],
    ['two treatments of one run', ['@/base', '@/base', '--metrics', 'p50(ttft)', '--stage', 'high', '--treatment', 'base:batch=32', '--treatment', 'new:batch=8'], EXIT.gateFailed, /within blocks/],
    ['results in JSON', ['@/base/results.json', '@/slow', '--metrics', 'p50(tpot)'], EXIT.gateFailed, /^4 worse/],
    ['an unknown metric', ['@/base', '@/slow', '--metrics', 'p50(tpt)'], EXIT.invalidExperiment, /there is no metric "tpt"; did you mean "tpot"\?/],
    ['an unknown treatment', ['@/base', '@/slow', '--treatment', 'batch=9'], EXIT.invalidExperiment, /no treatment of BASE has batch=9 \(expected one of 8, 32\)/],
    ['no folder', ['@/bse', '@/slow'], EXIT.usage, /is no work folder/],
    ['a margin without its unit', ['@/base', '@/slow', '--margin', '3'], 1, /expected a percentage/],
  ])('%s', async (...[, args, code, text]) => {
    const found = await assay('compare', ...args)
    expect(found.out).toMatch(text)
    expect(found.code).toBe(code)
  })

  it('reads well', async () => {
    const [base, fresh] = [await collect({ stacks: 3 }), await collect({ stacks: 3, seed: 800, slower: 1.3, name: 'slow' })]
    const input = ({ experiment: { metadata, spec, status }, trials }: Collected) => compared({ experiment: { name: metadata.name, namespace: 'bench', spec, status }, trials, failed: [] }, PRIMARY)
    const found = compareResults(input(base), input(fresh))
    if (!found.ok) throw new Error('refused')
    const view = { comparison: found.value, differences: compareFacts(experimentFacts(base), experimentFacts(fresh)), names: { base: 'work/base-1', fresh: 'slow' } }
    await expect(comparisonText(view, { markdown: false })).toMatchFileSnapshot(golden('compare.golden.txt'))
    await expect(comparisonText(view, { markdown: true })).toMatchFileSnapshot(golden('compare.golden.md'))
    const json = JSON.parse(comparisonJson(view)) as { schema: string; rows: unknown[]; summary: { key: string; text: string }; differences: unknown }
    expect(json).toMatchObject({ schema: 'assay.dev/comparison/v1', summary: { key: 'compare.summary', text: expect.stringMatching(/ worse, /) } })
    expect(json.rows.length).toBe(found.value.rows.length)
  })
})

describe('assay check', () => {
  const against = ['--baseline', 'nightly=@/base']
  it.each<[string, readonly string[], number, RegExp]>([
    ['the gate of the Experiment', ['@/base', '--on-insufficient', 'Pass'], EXIT.ok, /^\? latency: .*too few requests for p99/],
    ['insufficient counts as failed', ['@/base'], EXIT.insufficientData, /gate undecided: insufficient data/],
    ['a bound that holds', ['@/base', '--rule', 'p50(ttft) <= 10s'], EXIT.ok, /^✔ rule-1: .*\n✔ gate passed/],
    ['a bound that does not', ['@/base', '--rule', 'p50(ttft) <= 1ms'], EXIT.gateFailed, /^✘ rule-1: not p50\(ttft\) <= 1 ms/],
    ['a regression', ['@/slow', '--rule', 'regression(p50(tpot), baseline=nightly) <= 5%', ...against], EXIT.gateFailed, /worse by 50 %/],
    ['none', ['@/again', '--rule', 'regression(p50(tpot), baseline=nightly) <= 5%', ...against], EXIT.ok, /^✔/],
    ['a gate in a file', ['@/again', '--gate', '@/gate.yaml', ...against], EXIT.ok, /✔ latency.*\n✔ drift/],
    ['a gate with an unknown member', ['@/base', '--gate', '@/typo.yaml'], EXIT.invalidExperiment, /exp: .*did you mean expr\?/],
    ['a baseline that nobody can find', ['@/base', '--rule', 'regression(p50(tpot), baseline=nightly) <= 5%'], EXIT.usage, /where is the baseline nightly\?/],
    ['a baseline that no rule names', ['@/base', '--rule', 'p50(ttft) <= 10s', ...against], EXIT.usage, /no rule compares with nightly/],
    ['a metric that was not measured', ['@/base', '--rule', 'value(gpu_energy) <= 5 J'], EXIT.invalidExperiment, /gpu_energy was not measured in any trial/],
    ['a rule that is none', ['@/base', '--rule', 'ttft < 1'], EXIT.invalidExperiment, /is no rule/],
    ['exported results', ['@/base/results.json', '--rule', 'p50(ttft) <= 10s'], EXIT.usage, /is exported results, which keep no findings/],
  ])('%s', async (...[, args, code, text]) => {
    const found = await assay('check', ...args)
    expect(found.out).toMatch(text)
    expect(found.code).toBe(code)
  })

  it('writes JUnit, and a summary where GitHub reads it', async () => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', place('summary.md'))
    const { code } = await assay('check', '@/base', '--rule', 'p50(ttft) <= 1ms', '--junit', '@/out/junit.xml', '--github')
    expect(code).toBe(EXIT.gateFailed)
    expect(await readFile(place('out/junit.xml'), 'utf8')).toContain('<failure type="GateFailed"')
    const summary = await readFile(place('summary.md'), 'utf8')
    expect(summary).toMatch(/^## ❌ quickstart\n\nGate failed\. 8 trials: 8 valid\.\n\n\| rule \| result \| measured \|\n\|---\|---\|---\|\n\| rule-1 \| ❌ failed \|/)
    vi.stubEnv('GITHUB_STEP_SUMMARY', '')
    expect((await assay('check', '@/base', '--rule', 'p50(ttft) <= 10s', '--github')).out).toContain('## ✅ quickstart')
  })

  it('gives programs JSON', async () => {
    const { out } = await assay('check', '@/base', '--rule', 'p50(ttft) <= 1ms', '-o', 'json')
    expect(JSON.parse(out)).toMatchObject({ schema: 'assay.dev/check/v1', experiment: 'quickstart', result: 'failed', rules: [{ name: 'rule-1', result: 'failed' }], counts: { valid: 8 } })
  })
})

it('assay export baseline writes what gates can compare with', async () => {
  await assay('export', 'baseline', '@/base', '--name', 'nightly', '-o', '@/baseline.yaml')
  const map = parse(await readFile(place('baseline.yaml'), 'utf8')) as { kind: string; metadata: { name: string; labels: Record<string, string> }; data: Record<string, string> }
  expect([map.kind, map.metadata.name, map.metadata.labels['assay.dev/role'], Object.keys(map.data)]).toEqual(['ConfigMap', 'nightly', 'baseline', ['results.json']])
  expect((await assay('check', '@/slow', '--rule', 'regression(p50(tpot), baseline=nightly) <= 5%', '--baseline', 'nightly=@/baseline.yaml')).code).toBe(EXIT.gateFailed)
  told = []
  expect((await assay('export', 'baseline', '@/base', '--name', 'No Name')).out.slice(0, 300)).toContain('expected lower-case letters, digits, hyphens and dots')
})

it('assay report writes figures beside the report', async () => {
  const { out } = await assay('report', '@/base', '-o', '@/report', '--format', 'junit,parquet', '--figures', 'svg')
  expect(out.split('\n').slice(0, 3)).toEqual([place('report/junit.xml'), place('report/results.parquet'), ''])
  expect(await readFile(place('report/figures/tradeoff-latency-against-throughput.svg'), 'utf8')).toContain('xmlns=')
})
