// SPDX-License-Identifier: Apache-2.0
/** What is wrong with an input, as a value: where, what was found, what was expected, the nearest valid name. It finds nothing. */

const PROBLEM_REASONS = [
  'UnknownField', 'WrongType', 'InvalidValue', 'UnknownPath', 'BadPath', 'MissingReference', 'NotExpressible', 'NotInCluster', 'NameTooLong', 'InvalidName',
  'DuplicateName', 'OverlappingPaths', 'TooManyTrials', 'BadConstraint', 'BadConstant', 'BadFactor', 'BadFraction', 'BadGenerator', 'BadEffect', 'BadBlocks', 'AliasedEffects', 'EmptyDesign', 'BadSearch', 'BadReplicates', 'BadBudget', 'BudgetTooSmall', 'PreflightFailed', 'BadTemplate', 'BadFile', 'ChangeRefused',
] as const
export type ProblemReason = (typeof PROBLEM_REASONS)[number]

export interface Problem {
  readonly reason: ProblemReason
  /** Dotted path within the object, such as spec.design.fullFactorial.factors[tp].path; empty for the object as a whole. */
  readonly path: string
  readonly message: string
  readonly found?: string
  readonly expected?: string
  readonly nearest?: string
  /** The object that the path is in, such as Scenario/simulator; the Experiment itself when not set. */
  readonly object?: string
  /** file:line, where the input came from a file. */
  readonly where?: string
}

/** Success with a value, or everything that is wrong. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

export const valid = <T>(value: T): Checked<T> => ({ ok: true, value })
export const refused = (...problems: readonly Problem[]): { readonly ok: false; readonly problems: readonly Problem[] } => ({ ok: false, problems })

/** One line for people: `file:12: Scenario/x spec.serving: message (found …, expected …); did you mean …?` */
export function formatProblem(problem: Problem): string {
  const place = [problem.object, problem.path].filter(Boolean).join(' ')
  const head = [problem.where, place].filter(Boolean).join(': ')
  const details = [problem.found === undefined ? '' : `found ${problem.found}`, problem.expected === undefined ? '' : `expected ${problem.expected}`]
  const aside = details.filter(Boolean).join(', ')
  const guess = problem.nearest === undefined ? '' : `; did you mean ${problem.nearest}?`
  return `${head ? `${head}: ` : ''}${problem.message}${aside ? ` (${aside})` : ''}${guess}`
}

const LIMIT = 80

/** A value as messages show it: short, with its type where the type is the news. */
export function showFound(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return `text ${shorten(JSON.stringify(value))}`
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return `an object with ${shorten(Object.keys(value).join(', ')) || 'no members'}`
  return typeof value === 'number' || typeof value === 'bigint' ? `number ${value}` : JSON.stringify(value)
}

function shorten(text: string): string {
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text
}
