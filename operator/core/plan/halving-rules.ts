// SPDX-License-Identifier: Apache-2.0
/** Reads how successive halving goes on, and refuses a field that it cannot halve. */
import { type HalvingRules, rungsFor } from '../adaptive/halving.ts'
import { HALVING_AT, type Question, readResponse } from '../adaptive/question.ts'
import type { SuccessiveHalving } from '../model/design-adaptive.ts'
import { METRICS } from '../model/metric.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import type { OrderingInput } from './adaptive-order.ts'

const AT = 'spec.design.successiveHalving'
const bad = (path: string, problem: Omit<Problem, 'reason' | 'path'>): Problem => ({ reason: 'BadSearch', path, ...problem })

export function readHalving(input: OrderingInput, halving: SuccessiveHalving): Checked<HalvingRules> {
  const { eta, rungs, min, margin, objective } = halving
  const response = readResponse(objective, HALVING_AT)
  const problems = [...(response.ok ? objectiveProblems(objective, response.value) : response.problems), ...fieldProblems(input, halving)]
  if (problems.length > 0 || !response.ok) return refused(...problems)
  return valid({ eta, rungs: rungs ?? rungsFor(input.treatments.length, eta), min, margin, better: METRICS[response.value.metric].better === 'higher' ? 'higher' : 'lower' })
}

function objectiveProblems(objective: string, { metric }: Question): Problem[] {
  return METRICS[metric].better !== 'none' ? [] : [bad(HALVING_AT, { message: `nobody can say whether more or less of ${metric} is better`, found: objective, expected: 'a metric with a direction, such as goodput, output_throughput, ttft or e2e' })]
}

function fieldProblems({ spec, treatments, blocks }: OrderingInput, { unit }: SuccessiveHalving): Problem[] {
  const own = spec.design.replicates[unit]
  const setups = new Set(treatments.map((t) => t.setupHash)).size
  const whole = blocks > 1 || treatments.some((t) => t.repeats !== undefined)
  return [
    ...(own === 1 ? [] : [bad(`spec.design.replicates.${unit}`, { message: `successiveHalving says how many ${unit} there are`, found: `${unit}: ${own}`, expected: `successiveHalving.min: ${own}, and no ${unit}` })]),
    ...(unit === 'runs' && setups > 1 ? [bad(`${AT}.unit`, { message: 'a stack would be gone before the next rung needs it', found: `unit: runs with ${setups} setups`, expected: 'unit: stacks, or factors that change the load alone' })] : []),
    ...(treatments.length >= 3 ? [] : [bad(AT, { message: 'there is nothing to drop', found: `${treatments.length} treatments`, expected: 'three or more' })]),
    ...(whole ? [bad(AT, { message: 'a design with blocks or centre points is measured as a whole', expected: 'a design without blocks and centre points, or no successiveHalving' })] : []),
  ]
}
