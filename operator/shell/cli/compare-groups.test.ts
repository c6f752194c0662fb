// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { modelExperiment, type Planted } from '../../core/report/models/testdata/models.ts'
import type { Collected } from './collect.ts'
import { registerCompare } from './compare.ts'
import { EXIT } from './exit-codes.ts'
import { saveData, saveReports } from './work-folder.ts'

const golden = (name: string) => join(import.meta.dirname, 'testdata', name)
const one = (name: string, billions: number) => ({ name: `org/${name}`, billions })
let folder = ''

function collect(planted: Planted): Collected {
  const { experiment: { name, namespace, spec, status }, trials } = modelExperiment(planted)
  return { experiment: { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name, namespace }, spec: spec as never, status }, trials, failed: [], reports: [] }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-models-'))
  const all = collect({ stacks: 3, loads: [4, 64] })
  await saveData(join(folder, 'all'), all)
  await saveReports(join(folder, 'all'), all, { formats: ['json'] })
  await saveData(join(folder, 'small'), collect({ models: [one('tiny-1B', 1)], name: 'small' }))
  await saveData(join(folder, 'large'), collect({ models: [one('vast-70B', 70)], name: 'large' }))
})
afterAll(() => rm(folder, { recursive: true }))

let written: string[] = []
beforeEach(() => {
  written = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true))
  return () => {
    process.exitCode = undefined
    vi.restoreAllMocks()
  }
})

async function compare(...args: readonly string[]): Promise<{ readonly out: string; readonly code: number }> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  registerCompare(program)
  try {
    await program.parseAsync(['compare', ...args.map((a) => a.replaceAll('@/', `${folder}/`))], { from: 'user' })
  } catch (error) {
    const { exitCode, message, hint } = error as Error & { exitCode: number; hint?: string }
    return { out: `${message}\n${hint ?? ''}`, code: exitCode }
  }
  return { out: written.join(''), code: Number(process.exitCode ?? 0) }
}

describe('assay compare --by', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['models of one folder', ['@/all', '--by', 'model'], EXIT.ok, /^4 groups by model, two by two: \d+ of 84 questions decided/],
    ['models of several', ['@/small', '@/large', '--by', 'model', '--metrics', 'p50(ttft)'], EXIT.ok, /Experiment, and with it time and cluster, changes only together with the model/],
    ['against one', ['@/all', '--by', 'model', '--reference', 'sim-8B', '--metrics', 'p50(ttft)'], EXIT.ok, /^4 groups by model, two by two: 6 of 6 questions decided \(the other is better in 6,/],
    ['levels of a factor', ['@/all', '--by', 'users', '--metrics', 'p50(ttft)'], EXIT.ok, /^2 groups by users/],
    ['in Chinese', ['@/all', '--by', 'model', '--lang', 'zh'], EXIT.ok, /^按 model 分为 4 组/],
    ['an unknown reference', ['@/all', '--by', 'model', '--reference', 'sim-9B'], EXIT.invalidExperiment, /there is no model "sim-9B"; did you mean/],
    ['an unknown factor', ['@/all', '--by', 'user'], EXIT.invalidExperiment, /there is no factor "user"; did you mean "users"\?/],
    ['one model', ['@/small', '--by', 'model'], EXIT.invalidExperiment, /every trial that counts has one model, tiny-1B: there is nothing to compare/],
    ['exported results', ['@/all/results.json', '--by', 'model'], EXIT.usage, /is exported results, which keep no findings/],
    ['an option of two sides', ['@/all', '--by', 'model', '--treatment', 'users=4', '--same-stand-up'], EXIT.usage, /--treatment and --same-stand-up has no meaning with --by/],
    ['a reference without --by', ['@/all', '@/small', '--reference', 'x'], EXIT.usage, /--reference has no meaning without --by/],
    ['one side alone', ['@/all'], EXIT.usage, /NEW is missing/],
    ['three sides', ['@/all', '@/all', '@/all'], EXIT.usage, /expected two, BASE and NEW, and found 3/],
  ])('%s', async (...[, args, code, text]) => {
    const found = await compare(...args)
    expect(found.out).toMatch(text)
    expect(found.code).toBe(code)
  })

  it('reads well, as text and as Markdown', async () => {
    await expect((await compare('@/all', '--by', 'model', '--reference', 'sim-8B')).out).toMatchFileSnapshot(golden('compare-models.golden.txt'))
    written = []
    const { out } = await compare('@/all', '--by', 'model', '--stage', 'main', '-o', 'markdown')
    expect(out).toMatch(/^# Models of .*all\n\n4 groups by model/)
    expect(out).toContain('\n### Each against each\n\n| metric | unit | load | base | other | n |')
  })

  it('gives programs JSON', async () => {
    const { out } = await compare('@/all', '--by', 'model', '--reference', 'sim-8B', '--metrics', 'p50(ttft)', '-o', 'json')
    const json = JSON.parse(out) as { rows: unknown[] }
    expect(json).toMatchObject({
      schema: 'assay.dev/group-comparison/v1', by: 'model', reference: 'sim-8B', groups: [{ label: 'sim-1B', size: { parameters: 1e9, fromName: false } }, {}, {}, {}],
      summary: { key: 'models.pairs.summary' }, laws: expect.arrayContaining([expect.objectContaining({ response: 'mean(ttft)', exponent: expect.objectContaining({ kind: 'interval' }) })]),
    })
    expect(json.rows[0]).toMatchObject({ baseGroup: 'sim-8B', otherGroup: 'sim-1B', condition: 'users=4', verdict: 'better' })
  })
})
