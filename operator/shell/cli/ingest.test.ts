// SPDX-License-Identifier: Apache-2.0
import { cpSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { BenchmarkReport } from '../../core/model/benchmark-report.ts'
import { RequestRecord } from '../../core/model/record.ts'
import { toTable } from '../../core/report/to-table.ts'
import { resultsOf } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { registerIngest } from './ingest.ts'
import { objectNames, shortestLabels } from './ingest-sources.ts'
import { readWorkFolder } from './work-folder.ts'

/** Relative to the root of the repository, where tests run. */
const sample = (path: string) => `harnesses/${path.replace('/', '/testdata/')}`
const [VLLM, GUIDELLM, AIPERF] = ['vllm-bench/detailed', 'guidellm/concurrent', 'aiperf/sweep'].map(sample) as [string, string, string]
let folder = ''
let count = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'assay-ingest-')) })
afterAll(() => rm(folder, { recursive: true }))

async function ingest(...args: readonly string[]) {
  const out = args.includes('--out') ? '' : join(folder, `out-${count++}`)
  const written = { out: '', err: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) => vi.spyOn(process[name], 'write').mockImplementation((text) => {
    written[name === 'stdout' ? 'out' : 'err'] += String(text)
    return true
  }))
  try {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
    registerIngest(program)
    await program.parseAsync(['node', 'assay', 'ingest', ...args, ...(out === '' ? [] : ['--out', out])])
    return { ...written, folder: out, code: process.exitCode }
  } finally {
    process.exitCode = undefined
    for (const spy of spies) spy.mockRestore()
  }
}

describe('assay ingest', () => {
  it.each<[string, string, readonly string[]]>([
    ['vllm-bench/detailed', 'vllm-bench', ['concurrent-4']], ['guidellm/0.5.3', 'guidellm', ['concurrent-1', 'concurrent-2']], ['inference-perf/constant', 'inference-perf', ['constant-2', 'constant-5']],
    ['aiperf/sweep', 'aiperf', ['concurrent-1', 'concurrent-2']], ['genai-bench/run1', 'genai-bench', ['concurrent-1', 'concurrent-2']], ['fmperf/sweep', 'fmperf', ['concurrent-1', 'concurrent-2']],
    ['lm-eval/three-tasks', 'lm-eval', []], ['benchmark-report/two-stages', 'inference-perf', ['rate-2', 'rate-5']], ['native/run', 'native', ['low', 'high']],
  ])('knows who wrote %s, and leaves a folder that a report is made of', async (path, tool, stages) => {
    const { code, out, folder: made } = await ingest(sample(path))
    // Of our own run the sample has two requests: too few of a stage that had more.
    expect(code).toBe(tool === 'native' ? EXIT.experimentFailed : EXIT.ok)
    const collected = await readWorkFolder(made)
    expect(collected.trials.map((t) => [t.tool.name, t.stages.map((s) => s.stage), t.provenance.ingested?.from])).toEqual([[tool, stages, sample(path)]])
    expect(out).toContain(toTable(resultsOf(collected)))
    expect(collected.reports.map((r) => r.stage)).toEqual([...stages].sort())
    for (const { text } of collected.reports) expect(BenchmarkReport.parse(parse(text))).not.toHaveProperty('scenario')
    expect((await readdir(made)).filter((name) => /^re(port|sults)/.test(name))).toEqual(['report.html', 'report.md', 'reports', 'results.csv', 'results.json', 'results.parquet'])
  })

  it('keeps records packed, of one form for all', async () => {
    const { folder: made } = await ingest(VLLM)
    const lines = gunzipSync(await readFile(join(made, 'data/detailed/records.jsonl.gz'))).toString().trimEnd().split('\n')
    expect(lines.map((line) => RequestRecord.parse(JSON.parse(line)).status)).toEqual(Array.from({ length: 20 }, () => 'ok'))
  })

  it('writes LLMPerf\'s files of another tool\'s requests', async () => {
    const { folder: made } = await ingest(VLLM, '--files', 'llmperf', '--metadata', 'run=r1', 'hw=cpu')
    const at = join(made, 'data/detailed/llmperf/concurrent-4')
    const names = (await readdir(at)).sort()
    expect(names).toEqual([expect.stringMatching(/_individual_responses\.json$/), expect.stringMatching(/_summary\.json$/)])
    const [rows, summary] = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(at, name), 'utf8')) as unknown)) as [readonly { readonly number_input_tokens: number }[], Readonly<Record<string, unknown>>]
    expect(rows).toHaveLength(20)
    const mean = rows.reduce((sum, row) => sum + row.number_input_tokens, 0) / rows.length
    // Nobody knows which lengths were asked for: they are said as they were.
    expect(summary).toMatchObject({ num_concurrent_requests: 4, results_num_completed_requests: 20, mean_input_tokens: Math.round(mean), run: 'r1', hw: 'cpu' })
    expect(Object.keys(summary).filter((name) => name.startsWith('additional_sampling_params'))).toEqual([])
  })

  it('says where there is nothing to write such files of, and refuses their metadata without them', async () => {
    const { err } = await ingest(sample('lm-eval/three-tasks'), '--files', 'llmperf')
    expect(err).toContain('tells of no request that succeeded')
    await expect(ingest(VLLM, '--metadata', 'a=b')).rejects.toThrow('no such file is asked for')
  })

  it('compares several runs in one report', async () => {
    const { out } = await ingest(VLLM, GUIDELLM, AIPERF, '-o', 'markdown')
    await expect(out).toMatchFileSnapshot(new URL('testdata/ingest-compare.golden.md', import.meta.url).pathname)
  })

  it('reads a file alone, whatever lies beside it', async () => {
    const { folder: made } = await ingest(join(AIPERF, 'concurrency_2/profile_export.jsonl'))
    expect((await readWorkFolder(made)).trials[0]?.claims).toEqual([])
  })

  it('gives figures per GPU when it is told of GPUs', async () => {
    const rates = async (...args: string[]) => {
      const scalars = (await readWorkFolder((await ingest(VLLM, ...args)).folder)).trials[0]?.stages[0]?.scalars
      return [scalars?.['output_throughput']?.value, scalars?.['output_throughput_per_gpu']?.value]
    }
    const [[whole, none], [, half]] = [await rates(), await rates('--gpus', '2')]
    expect([none ?? null, half]).toEqual([null, expect.closeTo((whole as number) / 2, 6)])
  })

  it('reads files of any tool by a Harness: that of the guide', async () => {
    const [example = ''] = /apiVersion: assay.dev\/v1alpha1\nkind: Harness\n[\s\S]*?(?=```)/.exec(await readFile('docs/guides/harnesses.md', 'utf8')) ?? []
    await writeFile(join(folder, 'llmperf.yaml'), example)
    const { folder: made, err } = await ingest(sample('mapping/llmperf'), '--harness', join(folder, 'llmperf.yaml'))
    const [trial] = (await readWorkFolder(made)).trials
    // As llmperf's own summary has them, in seconds: 0.03306944, 0.04864470, 0.07571867.
    expect(trial?.stages[0]?.distributions).toMatchObject({ ttft: { mean: expect.closeTo(33.06944, 4), p99: expect.closeTo(48.6447, 4) }, e2e: { mean: expect.closeTo(75.71867, 4) } })
    expect([trial?.tool, err]).toEqual([{ name: 'llmperf', version: 'f1d6bed' }, expect.stringContaining('no date')])
  })
})

describe('what goes wrong', () => {
  it('nothing that succeeded is exit code 4, and the reason is said', async () => {
    const { code, out } = await ingest(sample('vllm-bench/down'))
    expect([code, out]).toEqual([EXIT.experimentFailed, expect.stringContaining('none of 12 requests succeeded')])
  })

  it('what cannot be read fails beside what can', async () => {
    await writeFile(join(folder, 'broken.json'), '{"endpoint_type":"x","max_concurrency":1,"completed":"one"}')
    const { code, out } = await ingest(VLLM, join(folder, 'broken.json'))
    expect(code).toBe(EXIT.experimentFailed)
    expect(out).toMatch(/1 valid, 1 failed/)
    expect(out).toMatch(/failed: ResultsUnreadable.*broken\.json: completed: .*expected number/)
  })

  it('a file that was cut off gives what was whole of it, and doubt', async () => {
    const copy = join(folder, 'cut')
    cpSync(AIPERF, copy, { recursive: true })
    await truncate(join(copy, 'concurrency_1/profile_export.jsonl'), 5000)
    const { out, folder: made } = await ingest(copy)
    expect(out).toContain('RecordsTruncated')
    expect((await readWorkFolder(made)).trials[0]?.stages[0]).toMatchObject({ requests: { ok: 6 }, distributions: { ttft: { n: 2 } } })
  })

  it('secrets go into no file', async () => {
    const brought = ['inference-perf/constant', 'genai-bench/run1', 'aiperf/concurrency2', 'guidellm/concurrent'].map(sample)
    const { folder: made, out, err } = await ingest(...brought)
    const files = (await readdir(made, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
    const texts = await Promise.all(files.map(async (file) => (file.endsWith('.gz') ? gunzipSync(await readFile(file)).toString() : readFile(file, 'utf8'))))
    expect(texts.length).toBeGreaterThan(12)
    for (const secret of ['sk-perf-0123456789abcdefgh', 'sk-genai-0123456789abcdef', 'sk-aiperf-0123456789abcdef', 'sk-guidellm-0123456789abcdef']) expect([...texts, out, err].filter((text) => text.includes(secret))).toEqual([])
  })

  it.each<[string, readonly string[], RegExp]>([
    ['a path that is not there', ['nowhere'], /^nowhere: there is no such file or folder$/],
    ['the same folder twice', [VLLM, `${VLLM}/../detailed`], /is named twice$/],
    ['files of nobody', ['docs/guides'], /^docs\/guides: no tool that is known wrote this: found .* and \d+ more files$/],
    ['files of several tools', ['harnesses'], /^harnesses: several tools wrote this: aiperf \(aiperf\/testdata\/.*; .*vllm-bench \(/],
    ['a folder of findings', ['FOLDER'], /holds findings already$/],
    ['results over results', [VLLM, '--out', 'FOLDER'], /holds results already$/],
    ['a tool that is none', [VLLM, '--tool', 'vlm-bench'], /Allowed choices are native, /],
    ['a tool and a harness', [VLLM, '--tool', 'aiperf', '--harness', 'x.yaml'], /cannot be used with option/],
    ['no whole GPUs', [VLLM, '--gpus', 'two'], /expected a whole number from 0/],
  ])('%s is wrong usage', async (_, args, message) => {
    await writeFile(join(folder, 'findings.json'), '{}')
    await expect(ingest(...args.map((a) => (a === 'FOLDER' ? folder : a)))).rejects.toThrow(message)
  })
})

describe('names of runs', () => {
  it.each([
    [['/a/run1'], ['run1']], [['/a/x', '/a/y'], ['x', 'y']], [['/a/x/out', '/a/y/out'], ['x/out', 'y/out']], [['/x', '/a/x'], ['x', 'a/x']], [['/'], ['']],
  ])('%j are called %j', (paths, labels) => {
    expect(shortestLabels(paths)).toEqual(labels)
  })

  it('are names of objects, and never the same', () => {
    expect(objectNames(['Run_1.json', 'run 1 json', '…', 'x'.repeat(60)])).toEqual(['run-1-json', 'run-1-json-2', 'run', 'x'.repeat(50)])
  })
})
