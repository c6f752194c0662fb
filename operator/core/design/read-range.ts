// SPDX-License-Identifier: Apache-2.0
/** Reads one factor with low and high, and makes its levels for the positions at which a design needs it. */
import type { RangeFactor } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import type { PlannedFactor, PlannedLevel } from './factors.ts'
import { type Bases, checkLevel, type ResolvedPath, resolvePath } from './path-schema.ts'
import { codedOf, type Range } from './range.ts'
import { plannedFactor, type ReadFactor } from './read-levels.ts'
import { takesWholeNumbers } from './schema-walk.ts'

export interface RangeReading extends ReadFactor {
  /** Undefined when something is wrong with it. */
  readonly range?: Range
  readonly path?: ResolvedPath
}

/** The factor without levels, which follow from the design. */
export function readRange(factor: RangeFactor, bases: Bases, at: string): RangeReading {
  const none = { factor: plannedFactor(factor, { members: [], levels: [], bases }), paths: [] }
  const resolved = resolvePath(factor.path ?? '', bases, `${at}.path`)
  if (!resolved.ok) return { ...none, problems: [resolved.problem] }
  const { path } = resolved
  const step = factor.step ?? (takesWholeNumbers(path.schema) ? 1 : undefined)
  const range: Range = { low: factor.low ?? Number.NaN, high: factor.high ?? Number.NaN, log: factor.scale === 'log', ...(step === undefined ? {} : { step }) }
  const problems = [...checkRange(factor.name, range, at), ...checkEnds(factor.name, path, { range, at })]
  if (factor.labels !== undefined) problems.push({ reason: 'BadFactor', path: `${at}.labels`, message: `factor ${factor.name}: labels name levels, and a range has none`, expected: 'no labels, or levels' })
  const read = { factor: plannedFactor(factor, { members: [{ path }], levels: [], bases }), paths: [{ text: path.text, at: `${at}.path`, owner: `factor ${factor.name}` }], problems }
  return problems.length > 0 ? read : { ...read, range, path }
}

function checkRange(name: string, { low, high, log, step }: Range, at: string): Problem[] {
  if (!(low < high)) return [{ reason: 'BadFactor', path: `${at}.low`, message: `factor ${name}: low must be below high`, found: `low ${low} and high ${high}`, expected: `low below high${low > high ? `, such as low: ${high}, high: ${low}` : ''}` }]
  if (log && low <= 0) return [{ reason: 'BadFactor', path: `${at}.low`, message: `factor ${name}: a log scale has no ${low}`, found: `low ${low}`, expected: 'a low above 0, or scale: linear' }]
  if (step !== undefined && step > high - low) return [{ reason: 'BadFactor', path: `${at}.step`, message: `factor ${name}: one step leads beyond high`, found: `step ${step} from ${low} to ${high}`, expected: `a step of at most ${high - low}` }]
  return []
}

function checkEnds(factor: string, path: ResolvedPath, { range, at }: { readonly range: Range; readonly at: string }): Problem[] {
  return (['low', 'high'] as const).flatMap((end) => {
    const problem = checkLevel(path, range[end], { factor, at: `${at}.${end}` })
    return problem === undefined ? [] : [problem]
  })
}

export interface PlacedFactor {
  readonly factor: PlannedFactor
  /** For each value that was asked for, the index of its level. */
  readonly picks: readonly number[]
  readonly problems: readonly Problem[]
}

/** The factor with one level for each distinct value, upwards. */
export function placeValues({ factor, range, path }: RangeReading, values: readonly number[], at: string): PlacedFactor {
  if (range === undefined || path === undefined) return { factor, picks: [], problems: [] }
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  const levels = distinct.map((value): PlannedLevel => ({ value, assignments: [{ path, level: value }], coded: codedOf(range, value) }))
  const index = new Map(distinct.map((value, i) => [value, i]))
  const wrong = distinct.map((value) => checkLevel(path, value, { factor: factor.name, at })).find((problem) => problem !== undefined)
  return { factor: { ...factor, levels }, picks: values.map((value) => index.get(value) ?? -1), problems: wrong === undefined ? [] : [wrong] }
}
