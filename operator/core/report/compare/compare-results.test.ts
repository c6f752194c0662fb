// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../model/problem.ts'
import { random } from '../../stats/testdata/random.ts'
import { analyze, compared } from '../analyze.ts'
import { readResults } from '../from-json.ts'
import { ENGLISH } from '../messages/languages.ts'
import { parseResponses, PRIMARY } from '../primary.ts'
import type { Response } from '../response.ts'
import type { ComparedResults } from '../results.ts'
import { plainExperiment } from '../testdata/plain.ts'
import { toBaselineJson } from '../to-json.ts'
import { compareResults, type CompareOptions } from './compare-results.ts'
import { comparisonNotes, comparisonSummary } from './sentences.ts'

const TP = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }
const RATE = { name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [4, 8] }

interface Planted { readonly seed: number; readonly stacks?: number; readonly slower?: number; readonly faster?: number; readonly requests?: number; readonly sd?: number; readonly runs?: number }

function measured({ seed, stacks = 5, runs = 1, slower = 1, faster = 1, requests = 1000, sd = 0.01 }: Planted): ComparedResults {
  const r = random(seed)
  return compared(plainExperiment({
    factors: [TP, RATE], stacks, runs, requests, name: `e${seed}`,
    values: ({ at: [tp = 0, rate = 0] }) => ({ ttft: 100 * slower * Math.exp(-0.3 * tp + 0.1 * rate + sd * r.normal()), output_throughput: 50 * faster * Math.exp(sd * r.normal()), error_rate: 0 }),
  }), PRIMARY)
}

function compare(base: ComparedResults, candidate: ComparedResults, options: CompareOptions = {}) {
  const found = compareResults(base, candidate, options)
  if (!found.ok) throw new Error(found.problems.map(formatProblem).join('\n'))
  return found.value
}
const metrics = (text: string): Response[] => {
  const read = parseResponses(text, '')
  return read.ok ? read.value : []
}

describe('verdicts', () => {
  it.each([
    ['the same thing again', {}, 'same', 'same'],
    ['slower', { slower: 1.1 }, 'worse', 'same'],
    ['quicker', { slower: 0.9 }, 'better', 'same'],
    ['more throughput is better', { faster: 1.1 }, 'same', 'better'],
    ['less is worse', { faster: 0.9 }, 'same', 'worse'],
  ])('of %s', (_, change, ttft, throughput) => {
    const { rows, counts } = compare(measured({ seed: 1 }), measured({ seed: 2, ...change }), { responses: metrics('p50(ttft),output_throughput') })
    expect(rows.filter((r) => r.name === 'p50(ttft)').map((r) => r.verdict)).toEqual([ttft, ttft, ttft, ttft])
    expect(rows.filter((r) => r.name === 'output_throughput').map((r) => r.verdict)).toEqual([throughput, throughput, throughput, throughput])
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(8)
  })

  it('of one stand-up each are insufficient, and say why', () => {
    const { rows } = compare(measured({ seed: 1, stacks: 1, runs: 5 }), measured({ seed: 2, stacks: 1, runs: 5, slower: 1.5 }))
    expect(new Set(rows.filter((r) => r.name !== 'error_rate').map((r) => r.verdict))).toEqual(new Set(['insufficient']))
    expect(rows[0]?.reason).toContain('each side was stood up once')
    // Somebody who knows that both loaded one server may say so.
    expect(compare(measured({ seed: 1, stacks: 1, runs: 5 }), measured({ seed: 2, stacks: 1, runs: 5, slower: 1.5 }), { sameStandUp: true }).rows[0]?.verdict).toBe('worse')
  })

  it('of a percentile from too few requests are insufficient, and do not make the rest harder', () => {
    const few = compare(measured({ seed: 1, requests: 100 }), measured({ seed: 2, requests: 100, slower: 2 }))
    expect(few.rows.filter((r) => r.name === 'p99(ttft)').map((r) => [r.verdict, r.p, r.reason])[0]).toEqual(['insufficient', null, 'too few requests in a trial for this percentile'])
    expect(few.rows.filter((r) => r.name === 'p50(ttft)').every((r) => r.verdict === 'worse')).toBe(true)
    expect(few.family).toBe(few.rows.filter((r) => r.name !== 'p99(ttft)').length)
    expect(comparisonNotes(few).map(ENGLISH.textOf).join('\n')).toContain('p99(ttft): too few requests in a trial for this percentile (662 are needed)')
  })

  it('of the very same trials are the same, whatever their scatter', () => {
    const data = measured({ seed: 1, stacks: 2, sd: 0.3 })
    const { rows } = compare(data, data)
    expect(new Set(rows.map((r) => r.verdict))).toEqual(new Set(['same']))
  })

  it('within a margin that was given are the same, however sure the shift is', () => {
    const [base, candidate] = [measured({ seed: 1, stacks: 8, sd: 0.002 }), measured({ seed: 2, stacks: 8, sd: 0.002, slower: 1.01 })]
    const verdicts = (options: CompareOptions) => new Set(compare(base, candidate, { responses: metrics('p50(ttft)'), ...options }).rows.map((r) => r.verdict))
    expect(verdicts({ margin: { relative: 0.03 } })).toEqual(new Set(['same']))
    expect(verdicts({})).toEqual(new Set(['worse']))
  })

  it('say how many more stand-ups would do', () => {
    const { rows } = compare(measured({ seed: 3, sd: 0.2, stacks: 3 }), measured({ seed: 4, sd: 0.2, stacks: 3, slower: 1.2 }), { responses: metrics('p50(ttft)'), margin: { relative: 0.05 } })
    expect(rows.every((r) => r.verdict === 'insufficient' && (r.moreReplicates ?? 0) > 20)).toBe(true)
  })

  it('without replicates enough for a noise floor are never "same"', () => {
    const { margins, rows } = compare(measured({ seed: 1, stacks: 2 }), measured({ seed: 2, stacks: 2 }), { responses: metrics('p50(ttft)'), picks: [{ side: 'both', factor: 'tp', level: '1' }, { side: 'both', factor: 'rate', level: '4' }] })
    expect(margins[0]).toMatchObject({ margin: null, df: 2, source: 'too few replicates' })
    expect(rows.map((r) => r.verdict)).toEqual(['insufficient'])
  })

  it('of two treatments of one run use its replicates as blocks', () => {
    const data = measured({ seed: 5 })
    const { rows } = compare(data, data, { responses: metrics('p50(ttft)'), picks: [{ side: 'base', factor: 'tp', level: '1' }, { side: 'new', factor: 'tp', level: '2' }], sameExperiment: true })
    expect(rows.map((r) => [r.treatment, r.verdict, r.difference.blocks])).toEqual([['rate=4', 'better', 5], ['rate=8', 'better', 5]])
  })
})

it('says the whole in a line', () => {
  expect(ENGLISH.textOf(comparisonSummary(compare(measured({ seed: 1 }), measured({ seed: 2, slower: 1.2 }))))).toBe('8 worse, 0 better, 8 the same, 0 undecided of 16.')
})

describe('refused', () => {
  const base = measured({ seed: 1 })
  const inOther = (currency: string): ComparedResults => ({ ...base, cells: base.cells.map((c) => (c.metric === 'output_throughput' ? { ...c, metric: 'cost_per_request', better: 'lower', unit: `${currency}/req` } : c)) })
  it.each<[string, ComparedResults, ComparedResults, CompareOptions, string]>([
    ['different units', inOther('EUR'), inOther('USD'), { responses: metrics('cost_per_request') }, 'cost_per_request: BASE is in EUR/req and NEW in USD/req: different units cannot be compared'],
    ['a metric that neither measured', base, base, { responses: metrics('gpu_energy,energy_per_output_token') }, 'gpu_energy is neither better when it is higher nor when it is lower'],
    ['a metric that one side did not measure', base, { ...base, cells: base.cells.filter((c) => c.metric !== 'ttft') }, { responses: metrics('p99(ttft)') }, 'p99(ttft): it was not measured in NEW'],
    ['a stage that is not there', base, base, { stage: 'mian' }, '--stage: there is no stage "mian"; did you mean "main"?'],
    ['stages that have no name in common', base, { ...base, cells: base.cells.map((c) => ({ ...c, stage: 'steady' })) }, {}, 'no stage is in both: BASE has main, NEW has steady'],
    ['nothing in common', base, { ...base, cells: base.cells.filter(() => false) }, {}, 'NEW has no usable trial of any treatment that is meant'],
  ])('%s', (...[, a, b, options, message]) => {
    const found = compareResults(a, b, options)
    expect(found.ok ? '' : found.problems.map(formatProblem).join('\n')).toContain(message)
  })

  const claims = (all: boolean): ComparedResults =>
    ({ ...base, cells: base.cells.map((c, i) => (c.metric === 'output_throughput' && (all || i < base.cells.length / 2) ? { ...c, claimed: true } : c)) })

  it('a claim of a tool against what records show', () => {
    const reason = 'BASE has what the tool claims and NEW what its records show: two definitions cannot be compared'
    const found = compareResults(claims(true), base, { responses: metrics('output_throughput') })
    expect(found.ok ? '' : found.problems.map(formatProblem).join('')).toContain(`output_throughput: ${reason}`)
    expect(compare(claims(true), base).left).toEqual([{ name: 'output_throughput', reason }])
    const { left, rows } = compare(claims(false), base)
    expect(left).toEqual([{ name: 'output_throughput', reason: `at some treatments ${reason}` }])
    expect(rows.filter((r) => r.name === 'output_throughput').length).toBe(2)
  })

  it('claims against claims are compared, and said to be such', () => {
    const read = readResults(JSON.stringify({ schema: 'assay.dev/results/v1', ...claims(true) }), 'x')
    const comparison = read.ok ? compare(read.value, claims(true)) : undefined
    expect(comparison?.rows.filter((r) => r.claimed).map((r) => r.name)).toEqual(Array.from({ length: 4 }, () => 'output_throughput'))
    expect(comparison === undefined ? '' : comparisonNotes(comparison).map(ENGLISH.textOf).join('\n')).toContain('What tools claim')
    expect(comparisonNotes(compare(base, base)).map(ENGLISH.textOf).join('\n')).not.toContain('What tools claim')
  })

  it('what nobody asked for is named and left out', () => {
    const { left, rows } = compare(base, { ...base, cells: base.cells.filter((c) => c.metric !== 'ttft') })
    expect(left).toEqual([{ name: 'p50(ttft)', reason: 'it was not measured in NEW' }, { name: 'p99(ttft)', reason: 'it was not measured in NEW' }])
    expect(rows.every((r) => r.metric !== 'ttft')).toBe(true)
  })
})

it('needs no more than exported results', () => {
  const input = plainExperiment({ factors: [TP, RATE], stacks: 4, values: ({ at: [tp = 0] }) => ({ ttft: 100 + tp, gpu_power: 300 }) })
  const results = analyze(input)
  const read = readResults(toBaselineJson(results, PRIMARY), 'baseline')
  expect(read.ok && compare(read.value, results).rows.length).toBe(compare(compared(input, PRIMARY), results).rows.length)
  expect(read.ok && read.value.cells.some((c) => c.metric === 'gpu_power')).toBe(false)
  expect(readResults('{"schema":"assay.dev/results/v0"}', 'x').ok).toBe(false)
  expect(readResults('no json', 'x')).toMatchObject({ ok: false, problems: [{ where: 'x', message: 'it is no JSON' }] })
})

// Four treatments and four responses: sixteen questions, one family.
it.each([[3, 1000], [6, 400]])('A/A: of pairs with %i stand-ups a side at most 5 %% ± 1.5 %% call anything different', (stacks, pairs) => {
  let alarms = 0
  for (let pair = 0; pair < pairs; pair++) {
    const { counts } = compare(measured({ seed: 10 + 2 * pair, stacks, sd: 0.05 }), measured({ seed: 11 + 2 * pair, stacks, sd: 0.05 }))
    alarms += Number(counts.worse + counts.better > 0)
  }
  expect(alarms / pairs).toBeLessThan(0.065)
}, 60_000)
