// SPDX-License-Identifier: Apache-2.0
/** Reads when replication may stop, and refuses what is not sound. */
import { readResponse, UNTIL_AT } from '../adaptive/question.ts'
import type { StopRule } from '../adaptive/until.ts'
import type { Design } from '../model/design.ts'
import type { Until } from '../model/design-adaptive.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import { parseRule } from '../report/gate-rule.ts'

const AT = 'spec.design.replicates'
const bad = (path: string, problem: Omit<Problem, 'reason' | 'path'>): Problem => ({ reason: 'BadReplicates', path: `${AT}.${path}`, ...problem })

export function readStopRule(design: Design, until: Until): Checked<StopRule> {
  const response = readResponse(until.response, UNTIL_AT)
  const half = halfOf(until)
  const problems = [...(response.ok ? [] : response.problems), ...(half.ok || !response.ok ? [] : half.problems), ...misfits(design, until)]
  if (problems.length > 0 || !half.ok) return refused(...problems)
  return valid({ min: until.min, max: until.max, confidence: until.confidence, half: half.value })
}

export function wantedText({ response, relative, absolute, confidence }: Until): string {
  return `${response} known to ± ${absolute ?? `${Number(((relative ?? 0) * 100).toPrecision(3))} %`} at ${Number((confidence * 100).toPrecision(3))} % confidence`
}

function halfOf({ response, relative, absolute }: Until): Checked<StopRule['half']> {
  if (absolute === undefined) return valid({ relative: relative ?? 0 })
  const rule = parseRule(`${response} <= ${absolute}`, `${AT}.until.absolute`)
  if (!rule.ok) return rule
  return rule.value.bound > 0 ? valid({ absolute: rule.value.bound }) : refused(bad('until.absolute', { message: 'an interval has a width', found: absolute, expected: 'more than 0' }))
}

function misfits({ replicates, successiveHalving }: Design, { unit, min, max }: Until): Problem[] {
  const own = replicates[unit]
  return [
    ...(own === 1 ? [] : [bad(unit, { message: `until says how many ${unit} there are`, found: `${unit}: ${own}`, expected: `until.min: ${own}, and no ${unit}` })]),
    ...(max >= min ? [] : [bad('until.max', { message: 'the most replicates are fewer than those that are made in any case', found: `min ${min}, max ${max}`, expected: `max: ${min} or more` })]),
    ...(successiveHalving === undefined ? [] : [bad('until', { message: 'successiveHalving decides itself how often a treatment is measured', expected: 'one of until and successiveHalving' })]),
  ]
}
