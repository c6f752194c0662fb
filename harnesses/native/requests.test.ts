// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openRequests, traceTimes, type RequestSource } from './requests.ts'

const folder = mkdtempSync(join(tmpdir(), 'requests-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(lines: readonly object[], end = '\n'): string {
  const path = join(folder, `${Math.random()}.jsonl`)
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n') + end)
  return path
}
const single = (i: number) => ({ id: `r${i}`, prompt: 'é'.repeat(700), inputTokens: 1, outputTokens: 1, atMs: i * 10 })
const turn = (s: number, t: number) => ({ id: `s${s}t${t}`, session: `s${s}`, turn: t, prompt: 'x', inputTokens: 1, outputTokens: 1 })
const open = (path: string, maxBytes?: number) => openRequests({ path, maxBytes, prepare: (request) => ({ request, payload: undefined, bytes: 1000 }) })
const take = (source: RequestSource, n: number) => Array.from({ length: n }, () => source.next().turns.map((t) => t.id).join('+'))

describe('openRequests', () => {
  it('groups the turns of a session, whatever stands around them', () => {
    const source = open(file([single(1), turn(1, 0), turn(1, 1), turn(2, 0), single(2)]))
    expect(take(source, 4)).toEqual(['r1', 's1t0+s1t1', 's2t0', 'r2'])
    expect(source.repeated()).toBe(0)
  })

  it('begins again under other names', () => {
    const source = open(file([single(1), turn(1, 0)], ''))
    expect(take(source, 5)).toEqual(['r1', 's1t0', 'r1.2', 's1t0.2', 'r1.3'])
    expect(source.next().first.request.id).toBe('s1t0.3')
    expect(source.repeated()).toBe(4)
  })

  it('gives the same from a file that does not fit into memory', () => {
    const lines = Array.from({ length: 500 }, (_, i) => (i % 10 < 3 ? turn(Math.floor(i / 10), i % 10) : single(i)))
    const path = file(lines)
    const [whole, streamed] = [open(path), open(path, 20_000)]
    expect(take(streamed, 1000)).toEqual(take(whole, 1000))
    streamed.close()
  })
})

describe('traceTimes', () => {
  it('reads the times of all requests', () => {
    expect(traceTimes(file(Array.from({ length: 200 }, (_, i) => single(i))))).toEqual(Array.from({ length: 200 }, (_, i) => i * 10))
  })
})
