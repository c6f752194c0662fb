// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { plainExperiment } from '../../core/report/testdata/plain.ts'
import { formatHistoryLine, type HistoryLine, readHistory } from '../../core/trend/history-line.ts'
import { nightly } from '../../core/trend/testdata/nightly.ts'
import type { Collected } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { registerHistory } from './history.ts'
import { appendHistory } from './history-files.ts'
import { registerTrends } from './trends.ts'
import { saveData, saveReports } from './work-folder.ts'

let folder = ''
const place = (name: string) => join(folder, name)
const step = (runs: number, at: number, factor: number) => nightly({ runs, values: (n) => ({ ttft: 100 * (n < at ? 1 : factor) }) }).map(formatHistoryLine).join('')

async function collected(name: string): Promise<Collected> {
  const { experiment: { namespace, spec, status }, trials } = plainExperiment({ factors: [], values: () => ({ ttft: 100, output_throughput: 900, itl: 3 }), stacks: 3, name })
  return { experiment: { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name, namespace }, spec: spec as never, status }, trials, failed: [], reports: [] }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-trends-'))
  for (const name of ['one', 'two']) {
    const run = await collected(name)
    await saveData(place(name), run)
    await saveReports(place(name), run, { formats: ['json'] })
  }
  await saveData(place('empty'), { ...(await collected('empty')), trials: [] })
  await writeFile(place('worse.jsonl'), step(40, 34, 1.3))
  await writeFile(place('steady.jsonl'), step(40, 99, 1))
  await writeFile(place('torn.jsonl'), `${step(2, 99, 1)}{"schema":`)
})
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
  }
})

async function assay(...args: readonly string[]): Promise<{ readonly out: string; readonly code: number; readonly told: string }> {
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => void told.push(text) })
  for (const register of [registerHistory, registerTrends]) register(program)
  try {
    await program.parseAsync(args.map((a) => a.replaceAll('@/', `${folder}/`)), { from: 'user' })
  } catch (error) {
    const { exitCode, message, hint } = error as Error & { exitCode: number; hint?: string }
    return { out: `${told.join('')}${message}\n${hint ?? ''}`, code: exitCode, told: '' }
  }
  return { out: written.join(''), code: Number(process.exitCode ?? 0), told: told.join('') }
}

async function runsIn(file: string): Promise<readonly HistoryLine[]> {
  const read = readHistory(await readFile(place(file), 'utf8'), file)
  return read.ok ? read.value : []
}

describe('assay history append', () => {
  it('begins a file, adds each run once, and says what it did', async () => {
    expect((await assay('history', 'append', '@/new/h.jsonl', '@/one', '@/two', '--commit', 'abc', '--label', 'branch=main', '--label', 'node=3')).told).toContain('2 runs added')
    told = []
    expect((await assay('history', 'append', '@/new/h.jsonl', '@/one')).told).toContain('0 runs added, 1 there already')
    const runs = await runsIn('new/h.jsonl')
    expect(runs.map((r) => r.experiment).sort((a, b) => a.localeCompare(b))).toEqual(['one', 'two'])
    for (const { commit, labels } of runs) expect([commit, labels]).toEqual(['abc', { branch: 'main', node: '3' }])
    expect(runs.find((r) => r.experiment === 'one')).toMatchObject({ environment: { harness: 'native 0.1.0' }, responses: [{ metric: 'ttft', statistic: 'p50', mean: 100 }, { statistic: 'p99' }, { metric: 'output_throughput' }] })
  })
  it('writes a file for each run into a folder, and merges other histories', async () => {
    await assay('history', 'append', '@/folder', '@/one', '@/steady.jsonl')
    await assay('history', 'append', '@/folder', '@/steady.jsonl', '@/two')
    const files = await readdir(place('folder'))
    expect([files.length, files[0]]).toEqual([42, expect.stringMatching(/^20260901T020000Z-[0-9a-f]{16}\.jsonl$/)])
  })
  it('keeps a line whole that follows one without an end', async () => {
    await writeFile(place('open.jsonl'), step(1, 9, 1).trimEnd())
    await assay('history', 'append', '@/open.jsonl', '@/one')
    expect(await runsIn('open.jsonl')).toHaveLength(2)
  })
  it('loses nothing where several append at once', async () => {
    const lines = nightly({ runs: 24 })
    await Promise.all(lines.map((line) => appendHistory(place('busy.jsonl'), [line])))
    expect(new Set((await runsIn('busy.jsonl')).map((r) => r.id)).size).toBe(24)
  })
  it('takes exported results, says what they lack, and a name, a time and metrics of one’s own', async () => {
    const { told } = await assay('history', 'append', '@/j.jsonl', '@/one/results.json', '--as', 'series', '--time', '2026-12-01T00:00:00Z', '--metrics', 'p50(itl)')
    expect(told).toContain('the history has no environment of it')
    expect(await runsIn('j.jsonl')).toMatchObject([{ experiment: 'series', time: '2026-12-01T00:00:00.000Z', environment: {}, responses: [{ metric: 'itl' }] }])
  })
  it.each<[string, readonly string[], number, RegExp]>([
    ['a run in which nothing was measured', ['@/x.jsonl', '@/empty'], EXIT.invalidExperiment, /nothing was measured in it/],
    ['a label without a value', ['@/x.jsonl', '@/one', '--label', 'main'], EXIT.usage, /expected KEY=VALUE/],
    ['a time that is none', ['@/x.jsonl', '@/one', '--time', 'noon'], 1, /expected a time as ISO 8601/],
    ['a mistyped metric', ['@/x.jsonl', '@/one', '--metrics', 'p50(tfft)'], EXIT.invalidExperiment, /did you mean "ttft"/],
    ['a history with a bad line', ['@/torn.jsonl', '@/one'], EXIT.invalidExperiment, /torn\.jsonl:3: it is no JSON, or was cut off/],
  ])('refuses %s', async (_, args, code, text) => {
    expect(await assay('history', 'append', ...args)).toMatchObject({ code, out: expect.stringMatching(text) })
  })
})

describe('assay trends', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['what got worse', ['@/worse.jsonl'], EXIT.ok, /^## ❌ Trends[^]*\| worse \| p50 TTFT/],
    ['what got worse, for a job', ['@/worse.jsonl', '--fail-on', 'worse'], EXIT.gateFailed, /❌ Trends/],
    ['what got worse too long ago for a job', ['@/worse.jsonl', '--fail-on', 'worse', '--recent', '3'], EXIT.ok, /worse \(earlier\)/],
    ['what stayed', ['@/steady.jsonl', '--fail-on', 'worse'], EXIT.ok, /^## ✅ Trends/],
    ['a page', ['@/worse.jsonl', '-o', 'html'], EXIT.ok, /^<!doctype html>/],
    ['JSON', ['@/worse.jsonl', '-o', 'json', '--false-alarms', '1%'], EXIT.ok, /"falseAlarms": 0\.01/],
    ['a page in Chinese', ['@/worse.jsonl', '-o', 'html', '--lang', 'zh'], EXIT.ok, /^<!doctype html>\n<html lang="zh-Hans">[^]*<h1>趋势<\/h1>/],
    ['Chinese Markdown', ['@/worse.jsonl', '--lang', 'zh'], EXIT.ok, /^## ❌ 趋势[^]*\| 变差 \| TTFT p50/],
    ['JSON, English in Chinese too', ['@/worse.jsonl', '-o', 'json', '--lang', 'zh'], EXIT.ok, /"text": "1 of 1 series got worse/],
    ['no language', ['@/worse.jsonl', '--lang', 'zn'], EXIT.invalidExperiment, /there is no report in "zn"; did you mean/],
    ['two histories', ['@/worse.jsonl', '@/steady.jsonl'], EXIT.ok, /40 runs/],
    ['one series of runs', ['@/worse.jsonl', '--experiment', 'nightly', '--metrics', 'p50(ttft)'], EXIT.ok, /40 runs/],
    ['none that is there', ['@/worse.jsonl', '--experiment', 'nightli'], EXIT.usage, /has no nightli; did you mean "nightly"\?/],
    ['a metric that was not kept', ['@/worse.jsonl', '--metrics', 'p50(tpot)'], EXIT.usage, /no p50\(tpot\)\nit has p50\(ttft\)/],
    ['no history', ['@/nowhere.jsonl'], EXIT.usage, /there is no history .*nowhere/],
    ['a bad line', ['@/torn.jsonl'], EXIT.invalidExperiment, /torn\.jsonl:3/],
    ['a rate that is none', ['@/worse.jsonl', '--false-alarms', '0%'], 1, /expected a percentage/],
  ])('shows %s', async (_, args, code, text) => {
    const found = await assay('trends', ...args)
    expect(found.out).toMatch(text)
    expect(found.code).toBe(code)
  })
})
