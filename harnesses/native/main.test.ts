// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { chunk, event, scriptedServer, STREAM_END, STREAM_HEAD, textChunk, usageChunk, whole } from './testing/scripted-server.ts'

const folder = await mkdtemp(join(tmpdir(), 'native-main-'))
afterAll(() => rm(folder, { recursive: true }))

async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url)), ...args], { cwd: folder, env: { PATH: process.env['PATH'], ...env } })
  let output = ''
  child.stdout.on('data', (data: Buffer) => { output += data.toString() })
  child.stderr.on('data', (data: Buffer) => { output += data.toString() })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }))
  return { child, ended }
}

const trial = (url: string, load: object, endpoint: object = {}) => ({
  trial: { name: 't', namespace: 'n', uid: 'u', attempt: 1, job: 'j' },
  spec: {
    stackRef: { name: 's' }, workload: { data: { synthetic: { input: { fixed: 3 }, output: { fixed: 2 } } }, load },
    harness: { version: '0.1.0', supports: { load: [], data: [] }, results: { adapter: 'native' } },
  },
  specDigest: 'd', endpoint: { url, host: '127.0.0.1', port: 1, path: '', model: 'm', ...endpoint },
  stack: { name: 's', gpus: 1, scrape: [], model: { name: 'm' }, engine: 'simulator', replicas: 1, parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 }, accelerator: {} },
  caches: { policy: 'Distinct', how: 'x' }, paths: { config: 'x', in: 'x', out: 'x', requests: 'requests.jsonl' }, results: { url: 'x', tokenPath: 'x' }, operatorVersion: '0',
})
async function files(value: object) {
  await writeFile(join(folder, 'trial.json'), JSON.stringify(value))
  await writeFile(join(folder, 'requests.jsonl'), Array.from({ length: 30 }, (_, i) => `${JSON.stringify({ id: `r${i}`, prompt: 'p', inputTokens: 3, outputTokens: 2 })}\n`).join(''))
}
const records = async () => (await readFile(join(folder, 'native.jsonl'), 'utf8')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)

describe('native main', { timeout: 30_000 }, () => {
  it('runs a trial, with the credential from its environment only', async () => {
    const server = await scriptedServer(async ({ write }) => {
      await write(STREAM_HEAD)
      await write(chunk(event(textChunk('a')) + event(usageChunk(3, 2)) + event('[DONE]')))
      await write(STREAM_END)
    })
    await files(trial(server.url, { concurrent: { stages: [{ name: 'c', concurrency: 2, requests: 6 }] } }, { credential: { header: 'authorization', prefix: 'Bearer ', env: 'ASSAY_CREDENTIAL' } }))
    const { ended } = await start(['--trial', 'trial.json', '--requests', 'requests.jsonl'], { ASSAY_CREDENTIAL: 's3cret' })
    const { code, output } = await ended
    expect(output).toContain('stage c:')
    expect(code).toBe(0)
    expect((await records()).map((r) => r['status'])).toEqual(Array.from({ length: 6 }, () => 'ok'))
    expect(server.seen.every((r) => r.headers['authorization'] === 'Bearer s3cret')).toBe(true)
    for (const name of ['native.jsonl', 'native.json']) expect(await readFile(join(folder, name), 'utf8')).not.toContain('s3cret')
    await server.close()
  })

  it('ends with success and complete files when the server is down: its records say so', async () => {
    const server = await scriptedServer(() => undefined)
    await server.close()
    await files(trial(server.url, { concurrent: { stages: [{ name: 'c', concurrency: 1, requests: 2 }] } }))
    expect((await (await start(['--trial', 'trial.json'])).ended).code).toBe(0)
    expect((await records()).map((r) => r['error'])).toEqual([expect.objectContaining({ class: 'connect' }), expect.objectContaining({ class: 'connect' })])
  })

  it('ends gracefully on TERM: what was in flight is cancelled, files are complete', async () => {
    const server = await scriptedServer(({ write }, { method }) => write(method === 'GET' ? whole(200, '{}') : STREAM_HEAD))
    await files(trial(server.url, { concurrent: { stages: [{ name: 'c', concurrency: 4, duration: '1h' }] } }))
    const { child, ended } = await start(['--trial', 'trial.json'])
    while (server.seen.filter((r) => r.method === 'POST').length < 4) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    expect((await records()).map((r) => r['status'])).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled'])
    expect(JSON.parse(await readFile(join(folder, 'native.json'), 'utf8'))).toMatchObject({ complete: true, stages: [{ name: 'c', stopped: 'the run was told to end' }] })
    await server.close()
  })

  it.each([
    [[], undefined, '--trial is missing: node harnesses/native/main.ts --trial'],
    [['--trial', 'absent.json'], undefined, 'absent.json'],
    [['--trial', 'trial.json'], { spec: 1 }, 'trial.json: ✖ Invalid input: expected object'],
    [['--trial', 'trial.json', '--requests', 'none.jsonl'], trial('http://127.0.0.1:1', { synchronous: { requests: 1 } }), 'none.jsonl'],
    [['--trial', 'trial.json'], trial('http://127.0.0.1:1', { synchronous: { requests: 1 } }, { credential: { header: 'a', prefix: '', env: 'ASSAY_CREDENTIAL' } }), 'the environment variable ASSAY_CREDENTIAL is not set'],
    [['--trial', 'trial.json', '--client', 'trial.json'], trial('http://127.0.0.1:1', { synchronous: { requests: 1 } }), 'trial.json'],
  ])('says what is wrong and ends with an error: %o', async (args, value, message) => {
    if (value !== undefined) await files(value)
    const { code, output } = await (await start(args)).ended
    expect(output).toContain(message)
    expect(code).toBe(2)
  })
})
