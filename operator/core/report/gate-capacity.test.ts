// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { SearchResult } from '../adaptive/capacity-search.ts'
import { summarizeReplicates } from '../stats/mean-interval.ts'
import { capacityRule, type CapacityRule, evaluateCapacity, formatCapacityRule } from './gate-capacity.ts'
import { checkGate } from './gate-rule.ts'
import type { CapacityResults, CapacityRow } from './results.ts'

const RULE: CapacityRule = { kind: 'capacity', operator: '>=', bound: 6, unit: 'req/s' }
const result = (members: Partial<SearchResult>): SearchResult => ({
  ending: 'found', met: 6.2, missed: 6.4, estimate: 6.3, probes: 7, trials: 14, undecided: [], unmeasured: [], contradictions: [], ...members,
})

function row(level: string, ...results: readonly SearchResult[]): CapacityRow {
  const estimates = results.flatMap((r) => r.estimate ?? [])
  const all = (of: 'met' | 'missed') => results.flatMap((r) => r[of] ?? [])
  const whole = (values: readonly number[]) => values.length === results.length
  return {
    levels: [level], results, summary: whole(estimates) ? summarizeReplicates(estimates.map((e) => [e])) : null,
    met: whole(all('met')) ? Math.min(...all('met')) : null, missed: whole(all('missed')) ? Math.max(...all('missed')) : null, probes: 7, trials: 14, doubts: [], tried: [],
  }
}
const found = (...rows: readonly CapacityRow[]): CapacityResults => ({ load: 'rate', unit: 'req/s', objectives: [], factors: [{ name: 'batch' }], rows })

describe('capacityRule', () => {
  it.each<[string, string | CapacityRule | undefined]>([
    ['capacity >= 6 req/s', RULE],
    [' capacity>6.5req/s ', { ...RULE, operator: '>', bound: 6.5 }],
    ['capacity >= 40', { ...RULE, bound: 40, unit: '' }],
    ['capacity <= 6 req/s', expect.stringContaining('would ask for a capacity that is low')],
    ['capacity == 6 req/s', expect.stringContaining('expected >= or >')],
    ['capacity(rate) >= 6', expect.stringContaining('is no rule on a capacity')],
    ['capacity', expect.stringContaining('is no rule on a capacity')],
    ['p99(ttft) <= 1s', undefined],
    ['capacityx >= 6', undefined],
  ])('%s', (text, rule) => expect(capacityRule(text)).toEqual(rule))

  it('is written as it was read', () => expect(formatCapacityRule(RULE)).toBe('capacity >= 6 req/s'))
})

describe('checkGate', () => {
  const check = (expr: string, search?: object | null) => checkGate({ onInsufficient: 'Fail', rules: [{ name: 'a', expr }] }, search === undefined ? undefined : { search: search as never }).map((p) => p.message)
  const RATE = { load: { name: 'rate', unit: 'req/s' } }
  it.each<[string, string, object | null | undefined, readonly string[]]>([
    ['takes a rule of its unit', 'capacity >= 6 req/s', RATE, []],
    ['cannot tell without the design', 'capacity >= 6 users', undefined, []],
    ['refuses it of a design that searches nothing', 'capacity >= 6 req/s', null, ['there is no capacity: only design.search looks for one']],
    ['refuses another unit', 'capacity >= 6 users', RATE, ['the capacity is in req/s, not in "users": write capacity >= 6 req/s']],
    ['refuses no unit where there is one', 'capacity >= 6', RATE, ['the capacity is in req/s, and the rule names no unit: write capacity >= 6 req/s']],
    ['refuses a unit where there is none', 'capacity >= 6 users', { load: { name: 'users' } }, ['the load of the search, users, has no unit: write capacity >= 6, or set design.search.load.unit']],
  ])('%s', (_, expr, search, messages) => expect(check(expr, search)).toEqual(messages))
})

describe('evaluateCapacity', () => {
  it.each<[string, CapacityRow, string]>([
    ['a load that was surely met', row('8', result({})), 'passed'],
    ['a bound beyond what surely failed', row('8', result({ met: 5, missed: 5.2, estimate: 5.1 })), 'failed'],
    ['an estimate above it', row('8', result({ met: 5.9, missed: 6.2, estimate: 6.05 })), 'passed'],
    ['an estimate below it', row('8', result({ met: 5.9, missed: 6.2, estimate: 5.95 })), 'failed'],
    ['an estimate above it of a search that did not end', row('8', result({ ending: 'unresolved', met: 5, missed: 7, estimate: 6.05 })), 'insufficient'],
    ['a limit that was met, above the bound', row('8', result({ ending: 'aboveUpper', met: 16, missed: null, estimate: null })), 'passed'],
    ['a limit that was met, below the bound', row('8', result({ ending: 'aboveUpper', met: 4, missed: null, estimate: null })), 'insufficient'],
    ['a lowest load that failed, below the bound', row('8', result({ ending: 'belowLower', met: null, missed: 2, estimate: null })), 'failed'],
    ['a lowest load that failed, above the bound', row('8', result({ ending: 'belowLower', met: null, missed: 8, estimate: null })), 'insufficient'],
    ['nothing that could be used', row('8', result({ ending: 'insufficient', met: null, missed: null, estimate: null })), 'insufficient'],
    ['stand-ups on both sides, above on average', row('8', result({ met: 5.7, missed: 5.9, estimate: 5.8 }), result({ met: 6.8, missed: 7, estimate: 6.9 })), 'passed'],
    ['stand-ups that all failed below it', row('8', result({ met: 5.7, missed: 5.9, estimate: 5.8 }), result({ met: 4.8, missed: 5, estimate: 4.9 })), 'failed'],
  ])('%s', (_, one, outcome) => expect(evaluateCapacity(RULE, found(one), true).result).toBe(outcome))

  it('asks every configuration, and names the worst first', () => {
    const rows = [row('16', result({})), row('8', result({ met: 5, missed: 5.2, estimate: 5.1 })), row('4', result({ met: 3, missed: 3.2, estimate: 3.1 }))]
    expect(evaluateCapacity(RULE, found(...rows), true).message).toBe(
      'not capacity >= 6 req/s (2 of 3 configurations): batch=4: 3.1 req/s (3 surely met, 3.2 surely not); batch=8: 5.1 req/s (5 surely met, 5.2 surely not)')
    expect(evaluateCapacity(RULE, found(rows[0] as CapacityRow, row('32', result({ met: 9, missed: 9.2, estimate: 9.1 }))), true).message).toBe(
      'capacity >= 6 req/s; worst: batch=16: 6.3 req/s (6.2 surely met, 6.4 surely not)')
  })

  it('wants all that was planned, and a bound strictly where it is asked for', () => {
    expect(evaluateCapacity(RULE, found(row('8', result({}))), false).result).toBe('insufficient')
    const exact = found(row('8', result({ met: 6, missed: 6.2, estimate: 6 })))
    expect([evaluateCapacity(RULE, exact, true).result, evaluateCapacity({ ...RULE, operator: '>' }, exact, true).result]).toEqual(['passed', 'failed'])
  })

  it('knows nothing where nothing was searched', () => expect(evaluateCapacity(RULE, undefined, true).result).toBe('insufficient'))
})
