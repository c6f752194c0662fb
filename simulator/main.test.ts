// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { settingsTable } from './help.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>
const children: Child[] = []
afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL') })

function run(...flags: readonly string[]): Child {
  const child = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname, '--server.host', '127.0.0.1', '--port', '0', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

async function ready(child: Child): Promise<{ base: string; log: () => string }> {
  let text = ''
  for await (const [piece] of { [Symbol.asyncIterator]: () => pieces(child) }) {
    text += piece
    const base = /Starting vLLM server on (\S+)/.exec(text)?.[1]
    if (base) return { base, log: () => text }
  }
  throw new Error(`ended early:\n${text}`)
}

async function* pieces(child: Child): AsyncGenerator<[string]> {
  while (child.exitCode === null) yield [String((await once(child.stdout, 'data'))[0])]
}

describe('the process', () => {
  it('logs its start in the words of vLLM, answers, lets answers end on SIGTERM, and leaves with 0', async () => {
    const child = run('--decode.baseMs', '20', '--startup', '[{name: weights, seconds: 0.05}]')
    const { base, log } = await ready(child)
    expect(log()).toMatch(/Starting to load model assay\/simulated-llm\.\.\.[\s\S]*Loading weights took 0\.05 seconds[\s\S]*GPU KV cache size: 524,288 tokens/)
    const response = await fetch(`${base}/v1/completions`, { method: 'POST', body: JSON.stringify({ prompt: 'x', max_tokens: 20, ignore_eos: true, stream: true }) })
    child.kill('SIGTERM')
    expect((await response.text()).match(/"text":/g)).toHaveLength(20)
    expect(await once(child, 'exit')).toEqual([0, null])
  }, 20_000)

  it('ends with the planted code in the middle of answers', async () => {
    const child = run('--failures.crash.afterRequests', '1', '--failures.crash.kind', 'exit', '--failures.crash.exitCode', '9', '--decode.baseMs', '1000')
    const { base } = await ready(child)
    const ask = () => fetch(`${base}/v1/completions`, { method: 'POST', body: JSON.stringify({ prompt: 'x', stream: true }) })
    const first = await ask()
    await expect(ask()).rejects.toThrow()
    await expect(first.text()).rejects.toThrow()
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(9)
  }, 20_000)

  it('refuses wrong settings with exit 2 and the nearest name', async () => {
    const child = run('--decode.basMs', '1')
    const [text] = await once(child.stderr, 'data') as [Buffer]
    expect(String(text)).toContain('did you mean --decode.baseMs?')
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(2)
  }, 20_000)
})

it('the README lists every setting as the schema has it', () => {
  expect(readFileSync(new URL('README.md', import.meta.url), 'utf8')).toContain(settingsTable())
})
