// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { analyze } from '../analyze.ts'
import { ENGLISH } from '../messages/languages.ts'
import { plainExperiment, type Place } from '../testdata/plain.ts'
import { agreementOf } from './agreement.ts'
import { agreementSentences } from './agreement-sentences.ts'
import { agreementTables } from './agreement-table.ts'

const TOOLS = ['native', 'vllm-bench', 'guidellm', 'aiperf']
type Values = ReturnType<Parameters<typeof plainExperiment>[0]['values']>

/** Four tools; what one of them measures otherwise, and trials that scatter by so much. */
function experiment(odd: (place: Place, base: Required<Pick<Values, 'ttft' | 'tpot'>>) => Values, { scatter = 0.005, tools = TOOLS, stacks = 2, runs = 3, seed = 1 } = {}) {
  const rng = xoroshiro128plus(seed)
  const noise = () => 1 + scatter * (uniformFloat64(rng) - 0.5)
  const input = plainExperiment({
    factors: [{ name: 'harness', path: 'harness', levels: tools }], stacks, runs, tool: ({ harness }) => ({ name: String(harness), version: '1' }),
    values: (place) => {
      // Stand-ups differ by far more than tools do: only within one of them can tools be told apart.
      const luck = place.stackReplicate === 1 ? 1 : 1.2
      const base = { ttft: 100 * luck * noise(), tpot: 10 * luck * noise(), server_ttft: 98 * luck, ttft_beyond_server: 2, input_length: 64, output_length: 32, concurrency: 4 }
      return { ...base, ...(place.levels['harness'] === tools.at(-1) ? odd(place, base) : {}) }
    },
  })
  return analyze(input)
}
const said = (results: ReturnType<typeof experiment>) => agreementSentences(results).map(ENGLISH.textOf)

describe('tools on the same load', () => {
  it('agree where they do, although stand-ups differ', () => {
    const results = experiment(() => ({}))
    expect(agreementOf(results)?.groups[0]?.rows.flatMap((r) => r.cells.map((c) => c.standing))).toEqual(Array.from({ length: 8 }, () => 'agrees'))
    expect(said(results)).toEqual([
      'All 4 tools agree in p50 TTFT, within the margin of ± 5 %.', 'All 4 tools agree in p50 TPOT, within the margin of ± 5 %.',
    ])
  })

  it.each<[string, (place: Place, base: { ttft: number }) => Values, RegExp]>([
    ['works itself', (_, { ttft }) => ({ ttft: ttft + 30, ttft_beyond_server: 32 }), /aiperf differs in p50 TTFT: \+2\d\.\d+ % .*32 ms beyond the server’s, that of the others 2 ms/],
    ['loads the server more', (_, { ttft }) => ({ ttft: ttft * 1.5, server_ttft: 160, concurrency: 6 }), /the server’s own mean TTFT was 160 ms while it ran, and 108 ms with the others: it loaded the server differently; it kept 6 requests in flight on average, the others 4/],
    ['sends longer prompts', (_, { ttft }) => ({ ttft: ttft * 1.2, input_length: 80 }), /its prompts had 80 tokens on average, those of the others 64/],
    ['is different, and nobody knows why', (_, { ttft }) => ({ ttft: ttft * 0.8 }), /aiperf differs in p50 TTFT: −(19|20)\.\d+ %.*What else differed: nothing that is on record\./],
  ])('that %s differs, and only that', (_, odd, sentence) => {
    const results = experiment(odd)
    const differs = said(results).filter((s) => s.includes(' differs in '))
    expect(differs).toEqual([expect.stringMatching(sentence)])
    expect(said(results)).toContain('native, vllm-bench and guidellm agree with the others in p50 TTFT.')
  })

  it('are left open where trials scatter too much, and where there are too few', () => {
    for (const results of [experiment(() => ({}), { scatter: 0.6 }), experiment(() => ({}), { stacks: 1, runs: 1 })]) {
      expect(said(results).join('\n')).toMatch(/Not decided by so many trials in p50 TTFT: native, vllm-bench, guidellm and aiperf\./)
    }
  })

  it('that give no such number are named', () => {
    expect(said(experiment(() => ({ tpot: undefined as unknown as number })))).toContain('No p50 TPOT by aiperf: their files do not hold what it takes.')
  })

  it('calls different at most one of twenty of tables without a difference', () => {
    const tables = Array.from({ length: 200 }, (_, i) => experiment(() => ({}), { scatter: 0.2, seed: 100 + i }))
    const wrong = tables.filter((results) => agreementOf(results)?.groups[0]?.rows.some((r) => r.cells.some((c) => c.standing === 'differs'))).length
    // Binomial: 200 tables at 5 % give more than 20 once in a thousand times.
    expect(wrong).toBeLessThanOrEqual(20)
  })

  it('makes a table with a row for each tool', () => {
    const [table] = agreementTables(experiment((_, { ttft }) => ({ ttft: ttft * 2 })))
    expect(table).toMatchObject({ where: '', rows: TOOLS.map((tool) => ({ tool })) })
    expect(table?.columns.map(ENGLISH.textOf)).toEqual(['p50 TTFT [ms]', 'p50 TPOT [ms/token]'])
    expect(table?.rows.at(-1)?.cells[0]).toMatchObject({ standing: 'differs', against: [expect.stringMatching(/^\+1?\d\d\.\d+ %/)] })
  })
})

it('one tool agrees with nobody', () => {
  expect(agreementOf(experiment(() => ({}), { tools: ['native'] }))).toBeNull()
})
