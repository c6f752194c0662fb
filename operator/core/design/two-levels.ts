// SPDX-License-Identifier: Apache-2.0
/** Factors of two levels, coded -1 and 1 in the order in which they are listed, with what lies between them where a centre is wanted. */
import { type Factor, MAX_TRIALS, type RangeFactor } from '../model/design.ts'
import { type Problem, showFound } from '../model/problem.ts'
import type { PlannedFactor, PlannedLevel } from './factors.ts'
import { type Bases, checkLevel, resolvePath } from './path-schema.ts'
import { membersOf, type ReadFactor, sameLevel } from './read-levels.ts'
import { takesWholeNumbers } from './schema-walk.ts'

export interface TwoLevelInput {
  readonly read: readonly ReadFactor[]
  readonly written: readonly (Factor | RangeFactor)[]
  readonly bases: Bases
  /** Place of the design in the Experiment. */
  readonly at: string
  readonly center: boolean
}
export interface TwoLevelReading {
  readonly factors: readonly PlannedFactor[]
  /** Which factors have a level in the middle. */
  readonly centered: readonly boolean[]
  readonly problems: readonly Problem[]
}

export function readTwoLevels({ read, written, bases, at, center }: TwoLevelInput): TwoLevelReading {
  const problems: Problem[] = []
  const factors = read.map(({ factor }, i): PlannedFactor => {
    const place = `${at}.factors[${factor.name}]`
    const wrong = checkTwo(factor, place)
    if (wrong !== undefined) problems.push(wrong)
    const levels = factor.levels.map((level, l) => ({ ...level, coded: l === 0 ? -1 : 1 }))
    const asked = written[i]
    const middle = !center || wrong !== undefined || asked === undefined ? undefined : middleOf(asked, { bases, at: place })
    if (middle !== undefined && 'problem' in middle) problems.push(middle.problem)
    return { ...factor, levels: middle !== undefined && 'level' in middle ? [...levels, middle.level] : levels }
  })
  const centered = factors.map((f) => f.levels.length > 2)
  if (center && problems.length === 0 && !centered.includes(true)) {
    problems.push({ reason: 'BadFactor', path: `${at}.centerPoints`, message: 'no factor has a middle: none has two numbers as levels', expected: 'a numeric factor, a factor with center, or no centerPoints' })
  }
  const combinations = 2 ** centered.filter((has) => !has).length
  if (center && combinations > MAX_TRIALS) problems.push({ reason: 'TooManyTrials', path: `${at}.centerPoints`, message: 'the centre would be measured at each combination of the factors that have no middle', found: combinations.toLocaleString('en-US'), expected: 'more numeric factors, center for the others, or no centerPoints' })
  return { factors, centered, problems }
}

function checkTwo(factor: PlannedFactor, at: string): Problem | undefined {
  const { levels, name } = factor
  const [low, high] = levels
  if (levels.length === 2) return low !== undefined && sameLevel(low.value, high?.value) && levels.every((l) => l.assignments.length === 1) ? same(name, at) : undefined
  if (levels.length === 0) return undefined
  return { reason: 'BadFactor', path: `${at}.levels`, message: `factor ${name}: this design has exactly two levels of each factor`, found: `${levels.length} levels`, expected: 'two levels; a fullFactorial takes more, and so does latinHypercube' }
}

const same = (name: string, at: string): Problem => ({ reason: 'BadFactor', path: `${at}.levels`, message: `factor ${name}: its two levels are the same`, expected: 'two different levels' })

type Middle = { readonly level: PlannedLevel } | { readonly problem: Problem } | undefined

/** The level at centre points; undefined where it has none, as text has none, and neither have whole numbers that follow each other. */
function middleOf(factor: Factor | RangeFactor, { bases, at }: { readonly bases: Bases; readonly at: string }): Middle {
  const assignments: PlannedLevel['assignments'][number][] = []
  for (const member of membersOf(factor, at)) {
    const resolved = resolvePath(member.path, bases, `${member.at}.path`)
    if (!resolved.ok) return undefined
    const level = member.center ?? halfway(member.levels, takesWholeNumbers(resolved.path.schema))
    if (level === undefined) return undefined
    if (member.levels.some((end) => sameLevel(end, level))) return { problem: notBetween(factor.name, member) }
    const problem = checkLevel(resolved.path, level, { factor: factor.name, at: `${member.at}.center` })
    if (problem !== undefined) return { problem }
    assignments.push({ path: resolved.path, level })
  }
  return { level: { value: assignments[0]?.level, assignments, coded: 0 } }
}

function halfway([low, high]: readonly unknown[], whole: boolean): number | undefined {
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  const middle = whole ? Math.round((low + high) / 2) : (low + high) / 2
  return middle === low || middle === high ? undefined : middle
}

function notBetween(name: string, { levels, at }: { readonly levels: readonly unknown[]; readonly at: string }): Problem {
  return { reason: 'BadFactor', path: `${at}.center`, message: `factor ${name}: its centre is one of its levels`, found: levels.map(showFound).join(' and '), expected: 'another level, or no center' }
}
