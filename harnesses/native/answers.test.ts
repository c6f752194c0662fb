// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest'
import { numberServer, type NumberFaults, type NumberServer } from './testing/number-server.ts'
import { runNumbers } from './testing/number-run.ts'

const servers: NumberServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function run(faults: NumberFaults, workload: object = {}, files: object = {}) {
  const server = await numberServer(faults)
  servers.push(server)
  return { server, ...(await runNumbers(server.url, { load: CONCURRENT, ...workload }, files)) }
}

const CONCURRENT = { concurrent: { stages: [{ name: 'main', concurrency: 8, requests: 200 }] } }
const every = (n: number) => (index: number) => index % n === 0

describe('answers that are checked', { timeout: 30_000 }, () => {
  it('are right where the server answers rightly, and what is kept of them is bounded', async () => {
    const { findings, records } = await run({})
    expect(findings.scores).toEqual([{ task: 'number-words', metric: 'match', value: 1, stderr: 0, n: 200, better: 'higher' }])
    expect(findings.stages[0]?.scalars['mismatch_rate']).toEqual({ unit: 'ratio', value: 0, n: 200 })
    expect(findings.verdict.reasons.map((r) => r.reason)).not.toContain('AnswersCrossed')
    expect(records[0]).toMatchObject({ expected: expect.stringMatching(/^\d+$/) as string, answer: expect.stringMatching(/ is the number\.$/) as string, responseIds: [expect.stringMatching(/^chatcmpl-/) as string], silentEvents: 2 })
    // Nobody is asked twice before all numbers were asked for.
    expect(new Set(records.map((r) => r.expected)).size).toBe(200)
  })

  it('are scored by stage, so that it shows at which concurrency a server begins to err', async () => {
    const stages = [{ name: 'c2', concurrency: 2, requests: 50 }, { name: 'c8', concurrency: 8, requests: 50 }]
    const { findings } = await run({ wrong: (index) => index >= 50 && index % 5 === 0, failed: (index) => index === 3 }, { load: { concurrent: { stages } } })
    expect(findings.scores.map(({ task, value, n }) => [task, value, n])).toEqual([['number-words (c2)', 1, 49], ['number-words (c8)', 0.8, 50]])
    expect(findings.stages.map((s) => [s.scalars['mismatch_rate']?.value, s.requests.failed])).toEqual([[0, 1], [0.2, 0]])
    // Wrong digits are not another request's.
    expect(findings.verdict.result).not.toBe('invalid')
  })

  it('that were swapped between requests in flight make the trial invalid, with the evidence', async () => {
    const { findings } = await run({ swapped: (index) => index === 40 || index === 41 })
    expect(findings.verdict).toMatchObject({ result: 'invalid' })
    expect(findings.verdict.reasons[0]).toEqual({
      reason: 'AnswersCrossed', stage: 'main', message: expect.stringMatching(/^2 of 200 answers belong to another request in flight \(by chance 0\.\d+ would\): r\d+ asked for \d+ and got \d+, which r\d+ asked for at the same time; r/) as string,
    })
  })

  it('of which one stream holds a part of another\'s make it invalid by the response ids', async () => {
    const { findings, records } = await run({ mixed: (index) => index === 60 })
    expect(findings.verdict.reasons[0]).toEqual({
      reason: 'AnswersCrossed', stage: 'main', message: expect.stringMatching(/^1 streams mix response ids of other requests: r\d+ \(chatcmpl-60\) has chatcmpl-\d+, which is the answer to r\d+$/) as string,
    })
    expect(records.filter((r) => (r.responseIds?.length ?? 0) > 1)).toHaveLength(1)
  })
})

describe('late first tokens', { timeout: 30_000 }, () => {
  // More than 5 % of 200: 12.
  const late = (index: number) => index < 192 && every(16)(index)
  const overload = { ttft: '900ms', share: 0.05 }

  it('of 6 % of the requests are overload, by the profile\'s limits', async () => {
    const { findings } = await run({ late, lateMs: 1500 }, { load: { ...CONCURRENT, overload } })
    expect(findings.stages[0]?.scalars['ttft_over_share']).toEqual({ unit: 'ratio', value: 0.06, n: 200 })
    expect(findings.verdict.reasons).toContainEqual({ reason: 'Overloaded', stage: 'main', message: '6 % of requests waited longer than 0.9 s for their first token (limit 5 %): the server is overloaded' })
  })

  it('of 5 % are not', async () => {
    const { findings } = await run({ late: (index) => late(index) && index < 160, lateMs: 1500 }, { load: { ...CONCURRENT, overload } })
    expect(findings.stages[0]?.scalars['ttft_over_share']?.value).toBe(0.05)
    expect(findings.verdict.reasons.map((r) => r.reason)).not.toContain('Overloaded')
  })
})

describe('rounds', { timeout: 30_000 }, () => {
  it('start together, and the next ones when all have ended and the period is over', async () => {
    const { records, server, files } = await run(
      { wrong: (index) => index === 5, failed: (index) => index === 7 },
      { data: { synthetic: undefined, correctness: { numbers: { min: 100, max: 999 }, match: 'first', lines: { min: 2, max: 4, required: 1 }, output: { fixed: 12 } } }, load: { rounds: { stages: [{ name: 'main', concurrency: 4, requests: 10, period: '300ms' }] } } },
      { llmval: {} },
    )
    expect(server.most()).toBeLessThanOrEqual(4)
    const sent = records.map((r) => r.sentMs ?? 0).toSorted((a, b) => a - b)
    const [first, second, third] = [sent.slice(0, 4), sent.slice(4, 8), sent.slice(8)]
    expect([first.length, second.length, third.length]).toEqual([4, 4, 2])
    for (const [before, after] of [[first, second], [second, third]] as const) expect((after[0] ?? 0) - (before[0] ?? 0)).toBeGreaterThan(200)
    const [summary = '', raw = ''] = Object.values(files)
    expect(Object.keys(files)).toEqual(['llmval/main/vllm-1795346721.json', 'llmval/main/vllm-1795346721_raw.json'])
    expect(JSON.parse(summary)).toMatchObject({ framework: 'vllm', model: 'tiny', min_lines: 2, max_lines: 4, req_lines: 1, num_digits: 3, sleep: 0.3, concur_requests: 4, total_requests: 10, max_tokens: 12, random_seed: 117, num_valid: 8, num_exceptions: 1, num_mismatch: 1, random_lines_file_name: 'generated' })
    expect(JSON.parse(raw)).toMatchObject({ valid: expect.objectContaining({ 0: 'OK' }) as object })
    const [body] = server.bodies as { messages: { content: string }[] }[]
    expect(body?.messages[0]?.content).toMatch(/^Convert the following sequence of words into a number: \w+ hundred[\w -]*\.\nPrint the number first\. Then pick 1 lines from these poem lines:\n.+\n.+/)
  })
})
