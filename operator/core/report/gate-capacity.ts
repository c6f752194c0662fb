// SPDX-License-Identifier: Apache-2.0
/** A gate's rule on the capacities that a search found: capacity >= 6 req/s. It searches nothing. */
import { capacityText } from '../adaptive/capacity-text.ts'
import type { Search } from './gate-measurable.ts'
import type { CapacityResults, CapacityRow, RuleOutcome } from './results.ts'

export interface CapacityRule {
  readonly kind: 'capacity'
  readonly operator: '>=' | '>'
  readonly bound: number
  /** As it was written; none of a load that has none. */
  readonly unit: string
}

const FORM = /^\s*capacity\b\s*(.*?)\s*$/
const COMPARISON = /^(<=|>=|==|!=|<|>|=)\s*([0-9]+(?:\.[0-9]+)?)\s*(\S*)$/
const EXAMPLE = 'capacity >= 6 req/s'

/** The rule, or what is wrong with it; undefined of a text that speaks of something else. */
export function capacityRule(expr: string): CapacityRule | string | undefined {
  const [, rest] = FORM.exec(expr) ?? []
  if (rest === undefined) return undefined
  const [, operator, bound, unit = ''] = COMPARISON.exec(rest) ?? []
  if (operator === undefined) return `"${expr}" is no rule on a capacity; expected a bound, such as ${EXAMPLE}`
  if (operator !== '>=' && operator !== '>') return `"${operator}" would ask for a capacity that is low; expected >= or >, such as ${EXAMPLE}`
  return { kind: 'capacity', operator, bound: Number(bound), unit }
}

export function formatCapacityRule({ operator, bound, unit }: CapacityRule): string {
  return ['capacity', operator, bound, unit].join(' ').trim()
}

/** Why no search of this design answers it; undefined where one does, or where the design is not known. */
export function capacityMisfit(rule: CapacityRule, search: Search | null | undefined): string | undefined {
  if (search === undefined) return undefined
  if (search === null) return 'there is no capacity: only design.search looks for one'
  const { unit = '' } = search.load
  if (unit === rule.unit) return undefined
  const meant = formatCapacityRule({ ...rule, unit })
  return unit === '' ? `the load of the search, ${search.load.name}, has no unit: write ${meant}, or set design.search.load.unit` : `the capacity is in ${unit}, ${rule.unit === '' ? 'and the rule names no unit' : `not in "${rule.unit}"`}: write ${meant}`
}

type Outcome = Omit<RuleOutcome, 'name'>
interface Judged { readonly outcome: Outcome['result']; readonly why: string; /** The lower, the closer to breaking it. */ readonly at: number }

/** What a status can hold. */
const MOST_CHARACTERS = 512
const SHOWN = 3

/** Every configuration must pass; `isWhole` says whether all that was planned was measured. */
export function evaluateCapacity(rule: CapacityRule, capacity: CapacityResults | undefined, isWhole: boolean): Outcome {
  if (capacity === undefined || capacity.rows.length === 0) return { result: 'insufficient', message: 'no capacity was searched for, or none of its trials can be used' }
  const misfit = capacityMisfit(rule, { load: { name: capacity.load, unit: capacity.unit } })
  if (misfit !== undefined) return { result: 'insufficient', message: misfit }
  const judged = capacity.rows.map((row) => judge(rule, row, capacity)).sort((a, b) => a.at - b.at)
  const text = formatCapacityRule(rule)
  for (const result of ['failed', 'insufficient'] as const) {
    const found = judged.filter((j) => j.outcome === result)
    if (found.length > 0) return { result, message: said(result === 'failed' ? `not ${text}` : text, found, judged.length) }
  }
  if (!isWhole) return { result: 'insufficient', message: 'not all that was planned was measured' }
  return { result: 'passed', message: said(`${text}${judged.length > 1 ? '; worst' : ''}`, judged.slice(0, 1), 1) }
}

/**
 * A load that every stand-up surely met is enough, and one that each surely did not is too little. Between the two the estimate decides, as means
 * do in other rules, but only where each search came to its end.
 */
function judge({ operator, bound }: CapacityRule, row: CapacityRow, { factors, unit }: CapacityResults): Judged {
  const holds = (load: number) => (operator === '>=' ? load >= bound : load > bound)
  const { met, missed, summary, results } = row
  const label = factors.map(({ name }, i) => `${name}=${row.levels[i]}`).join(' ')
  const texts = [...new Set(results.map((r) => capacityText(r, unit)))].join('; ')
  const why = label === '' ? texts : `${label}: ${texts}`
  const of = (outcome: Judged['outcome'], at: number | null): Judged => ({ outcome, why, at: at ?? 0 })
  if (met !== null && holds(met)) return of('passed', summary?.mean ?? met)
  // It is below the lowest load that surely failed: a bound there is not reached either.
  if (missed !== null && missed <= bound) return of('failed', summary?.mean ?? missed)
  if (summary === null || results.some((r) => r.ending !== 'found')) return of('insufficient', met)
  return of(holds(summary.mean) ? 'passed' : 'failed', summary.mean)
}

function said(what: string, judged: readonly Judged[], of: number): string {
  const more = judged.length > SHOWN ? `; and ${judged.length - SHOWN} more` : ''
  const share = of > 1 ? ` (${judged.length} of ${of} configurations)` : ''
  return `${what}${share}: ${judged.slice(0, SHOWN).map((j) => j.why).join('; ')}${more}`.slice(0, MOST_CHARACTERS)
}
