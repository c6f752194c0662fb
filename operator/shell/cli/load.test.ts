// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { chunk, event, scriptedServer, STREAM_END, STREAM_HEAD, textChunk, usageChunk, whole } from '../../../harnesses/native/testing/scripted-server.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'load-'))
const server = await scriptedServer(async ({ write }, { method, body }) => {
  if (method === 'GET') return await write(whole(200, '{"data":[{"id":"tiny"}]}'))
  if (!body.includes('"tiny"')) return await write(whole(404, '{"error":{"message":"The model does not exist."}}'))
  await write(STREAM_HEAD)
  for (const text of ['a', 'b', 'c']) await write(chunk(event(textChunk(text))))
  await write(chunk(event(usageChunk(8, 3)) + event('[DONE]')))
  return await write(STREAM_END)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function load(args: readonly string[]) {
  await writeFile(join(folder, 'prompts.jsonl'), Array.from({ length: 12 }, (_, i) => `${JSON.stringify({ prompt: `question ${i}` })}\n`).join(''))
  await writeFile(join(folder, 'p.yaml'), 'data: { prompts: { source: { path: prompts.jsonl }, output: { fixed: 3 } } }\nload: { concurrent: { stages: [{ name: one, concurrency: 2, requests: 12 }] } }\n')
  const child = spawn(process.execPath, [MAIN, 'load', '--url', `${server.url}/v1`, '--workload', 'p.yaml', ...args], { cwd: folder })
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => { out += data.toString() })
  child.stderr.on('data', (data: Buffer) => { err += data.toString() })
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, err }
}

describe('assay load', { timeout: 30_000 }, () => {
  it('asks for the model, measures, shows a table and leaves all files', async () => {
    const { code, out, err } = await load(['--harness-out', 'files'])
    expect(err).toContain('12 requests prepared')
    expect(out).toMatch(/^one \(concurrent, 2 at once, [\d.]+ s\): 12 of 12 requests succeeded\n/)
    expect(out).toMatch(/^ {2}Time to first token +[\d.]+~? +[\d.]+~?.* ms$/m)
    expect(out).toMatch(/^ {2}Output length +3\.00 .* tokens$/m)
    expect(code).toBe(0)
    expect((await readdir(join(folder, 'files'))).toSorted()).toEqual(['findings.json', 'in', 'out', 'report.one.yaml', 'trial.json'])
    expect(JSON.parse(await readFile(join(folder, 'files', 'findings.json'), 'utf8'))).toMatchObject({ stages: [{ stage: 'one', requests: { ok: 12 } }], provenance: { requestsCount: 12, seeds: { arrival: 1 } } })
  })

  it('writes LLMPerf\'s files where they are asked for', async () => {
    const { code, err } = await load(['--harness-out', 'llmperf', '--files', 'llmperf', '--metadata', 'run=r1'])
    expect([code, err]).toEqual([0, expect.any(String)])
    const names = (await readdir(join(folder, 'llmperf', 'llmperf', 'one'))).toSorted()
    expect(names).toEqual([expect.stringMatching(/^tiny_\d+_3_individual_responses\.json$/), expect.stringMatching(/^tiny_\d+_3_summary\.json$/)])
    const summary: unknown = JSON.parse(await readFile(join(folder, 'llmperf', 'llmperf', 'one', names[1] ?? ''), 'utf8'))
    expect(summary).toMatchObject({ version: '2023-08-31', run: 'r1', num_concurrent_requests: 2, results_num_completed_requests: 12, results_number_errors: 0, additional_sampling_params_ignore_eos: true })
  })

  it('takes variables from a file, and refuses files of checked answers where none are checked', async () => {
    await writeFile(join(folder, '.env'), 'ASSAY_CREDENTIAL=tok-123456\n')
    const before = server.seen.length
    expect((await load(['--harness-out', 'env', '--env-file', '.env'])).code).toBe(0)
    expect(new Set(server.seen.slice(before).map((seen) => seen.headers['authorization']))).toEqual(new Set(['Bearer tok-123456']))
    expect(await load(['--env-file', 'none.env'])).toMatchObject({ code: 9, err: expect.stringContaining('none.env: not found') as string })
    expect(await load(['--files', 'llmval'])).toMatchObject({ code: 3, err: expect.stringContaining('--files: llmval\'s files are of checked answers, and the workload checks none') as string })
  })

  it('gives findings to programs, and fails when nothing succeeded', async () => {
    const { code, out, err } = await load(['--harness-out', 'failed', '--model', 'nope', '-o', 'json', '--seed', '7'])
    expect(JSON.parse(out)).toMatchObject({ verdict: { result: 'invalid' }, stages: [{ requests: { failed: 12, errors: { http4xx: 12 } } }], provenance: { seeds: { content: 7 } } })
    expect(err.trim()).toBe(`files: ${join(folder, 'failed')}`)
    expect(code).toBe(4)
  })

  it.each([
    [['--url', 'localhost'], 2, 'expected an address such as http://127.0.0.1:8000'],
    [['--url', 'http://127.0.0.1:1'], 2, 'http://127.0.0.1:1/v1/models cannot be asked for its models'],
    [['--workload', 'none.yaml'], 2, 'none.yaml cannot be read'],
    [['--stage', 'two'], 2, '--stage two: expected one of one'],
    [['--seed', '-1'], 2, 'expected a whole number from 0 on'],
  ])('refuses %o', async (args, exit, message) => {
    const { code, err } = await load(args)
    expect(err).toContain(message)
    expect(code).toBe(exit)
  })
})
