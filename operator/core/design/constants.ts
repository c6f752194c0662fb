// SPDX-License-Identifier: Apache-2.0
/** Constants of a design: those with a dotted path set the base, the others are names that constraints use. */
import { identifier } from '../model/common.ts'
import type { Problem } from '../model/problem.ts'
import type { Assignment } from './factors.ts'
import { nearest } from '../model/nearest.ts'
import type { WrittenPath } from './overlap.ts'
import { type Bases, checkLevel, PARTS, resolvePath } from './path-schema.ts'

export interface ReadConstants {
  /** By name, for constraints. */
  readonly values: Readonly<Record<string, unknown>>
  readonly assignments: readonly Assignment[]
  readonly paths: readonly WrittenPath[]
  readonly problems: readonly Problem[]
}

const Name = identifier('Name of a constant.')

export function readConstants(constants: Readonly<Record<string, unknown>>, bases: Bases, factorNames: readonly string[]): ReadConstants {
  const values: Record<string, unknown> = {}
  const assignments: Assignment[] = []
  const paths: WrittenPath[] = []
  const problems: Problem[] = []
  for (const [key, value] of Object.entries(constants)) {
    const at = `spec.design.constants[${JSON.stringify(key)}]`
    if (Name.safeParse(key).success && !isPart(key)) {
      values[key] = value
      if (factorNames.includes(key)) problems.push({ reason: 'DuplicateName', path: at, message: `${key} is a constant and a factor`, expected: 'one meaning for each name' })
      continue
    }
    const resolved = resolvePath(key, bases, at)
    if (!resolved.ok) {
      problems.push(asConstant(resolved.problem, key))
      continue
    }
    const problem = checkLevel(resolved.path, value, { factor: key, at })
    if (problem !== undefined) problems.push({ ...problem, message: problem.message.replace(/^factor .*: this level/, `constant ${key}: this value`) })
    assignments.push({ path: resolved.path, level: value })
    paths.push({ text: resolved.path.text, at, owner: `constant ${key}` })
  }
  return { values, assignments, paths, problems }
}

const isPart = (key: string) => PARTS.some((part) => part === key)

function asConstant(problem: Problem, key: string): Problem {
  const root = /^[^.[]*/.exec(key)?.[0] ?? ''
  if (isPart(root) || nearest(root, PARTS)[0] !== undefined) return problem
  return { ...problem, reason: 'BadConstant', message: `constant "${key}" is neither a name nor a path`, expected: 'a name of letters, digits and underscores, or a path that starts with scenario, workload or harness' }
}
