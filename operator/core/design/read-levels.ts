// SPDX-License-Identifier: Apache-2.0
/** Reads one factor with levels: paths resolved, levels checked, labels and zips matched. */
import type { Factor, RangeFactor } from '../model/design.ts'
import { type Problem, showFound } from '../model/problem.ts'
import { canonicalJson } from './canonical.ts'
import type { PlannedFactor, PlannedLevel } from './factors.ts'
import type { WrittenPath } from './overlap.ts'
import { getAt } from './path.ts'
import { type Bases, checkLevel, type ResolvedPath, resolvePath } from './path-schema.ts'

export interface ReadFactor { readonly factor: PlannedFactor; readonly paths: readonly WrittenPath[]; readonly problems: readonly Problem[] }
export interface ResolvedMember { readonly path: ResolvedPath; readonly levels: readonly unknown[]; readonly center?: unknown; readonly at: string }

/** A factor whose levels are written out. */
export function readLevels(factor: Factor | RangeFactor, bases: Bases, at: string): ReadFactor {
  const members = membersOf(factor, at)
  const problems: Problem[] = []
  const resolved: ResolvedMember[] = []
  const paths: WrittenPath[] = []
  for (const member of members) {
    const result = resolvePath(member.path, bases, `${member.at}.path`)
    if (!result.ok) {
      problems.push(result.problem)
      continue
    }
    problems.push(...checkLevels(factor, result.path, member))
    resolved.push({ ...member, path: result.path })
    paths.push({ text: result.path.text, at: `${member.at}.path`, owner: `factor ${factor.name}` })
  }
  problems.push(...checkCounts(factor, members, at))
  return { factor: plannedFactor(factor, { members: resolved, levels: levelsOf(factor, resolved), bases }), paths, problems }
}

interface Parts { readonly members: readonly Pick<ResolvedMember, 'path'>[]; readonly levels: readonly PlannedLevel[]; readonly bases: Bases }

export function plannedFactor({ name, unit, when }: Factor | RangeFactor, { members, levels, bases }: Parts): PlannedFactor {
  const [first] = members
  const base = when === undefined || first === undefined ? {} : { when, base: getAt(bases[first.path.part].value, first.path.segments) ?? null }
  return { name, role: members.some((m) => m.path.part === 'scenario') ? 'setup' : 'run', paths: members.map((m) => m.path.text), unit, levels, ...base }
}

interface Member { readonly path: string; readonly levels: readonly unknown[]; readonly center?: unknown; readonly at: string }

export function membersOf(factor: Factor | RangeFactor, at: string): Member[] {
  if (factor.zip !== undefined) return factor.zip.map((member, i) => ({ ...member, at: `${at}.zip[${i}]` }))
  return [{ path: factor.path ?? '', levels: factor.levels ?? [], at, ...('center' in factor ? { center: factor.center } : {}) }]
}

function checkLevels(factor: Factor | RangeFactor, path: ResolvedPath, { levels, at }: Member): Problem[] {
  const problems = levels.map((level, i) => checkLevel(path, level, { factor: factor.name, at: `${at}.levels[${i}]` })).filter((p) => p !== undefined)
  if (problems.length > 0 || factor.labels !== undefined) return problems
  return mixedLevels(factor.name, levels, at)
}

/** Where the schema takes anything, 128 and "128" are two levels to us and one to the engine. null removes, so that it goes with any type. */
function mixedLevels(factor: string, levels: readonly unknown[], at: string): Problem[] {
  const kind = (level: unknown) => (Array.isArray(level) ? 'list' : typeof level)
  const given = levels.map((level, i) => ({ level, i })).filter(({ level }) => level !== null)
  const [first] = given
  const other = given.find(({ level }) => kind(level) !== kind(first?.level))
  if (first === undefined || other === undefined) return []
  return [{
    reason: 'WrongType', path: `${at}.levels[${other.i}]`, message: `factor ${factor}: its levels are of mixed type`,
    found: `${showFound(first.level)} and ${showFound(other.level)}`, expected: 'levels of one type, or labels where this is meant',
  }]
}

function checkCounts(factor: Factor | RangeFactor, members: readonly Member[], at: string): Problem[] {
  const wanted = members[0]?.levels.length ?? 0
  const problems: Problem[] = members.filter((m) => m.levels.length !== wanted).map((m) => ({
    reason: 'BadFactor', path: `${m.at}.levels`, message: `factor ${factor.name}: zipped paths change together, so each needs as many levels as the first`, found: `${m.levels.length} levels`, expected: `${wanted} levels`,
  }))
  return factor.labels === undefined ? problems : [...problems, ...checkLabels(factor.name, factor.labels, { wanted, at })]
}

export function checkLabels(factor: string, labels: readonly string[], { wanted, at }: { readonly wanted: number; readonly at: string }): Problem[] {
  const problems: Problem[] = []
  if (labels.length !== wanted) problems.push({ reason: 'BadFactor', path: `${at}.labels`, message: `factor ${factor}: every level needs a label`, found: `${labels.length} labels`, expected: `${wanted} labels` })
  if (new Set(labels).size !== labels.length) problems.push({ reason: 'BadFactor', path: `${at}.labels`, message: `factor ${factor}: two levels have the same label`, expected: 'a label of its own for each level' })
  return problems
}

function levelsOf(factor: Factor | RangeFactor, members: readonly ResolvedMember[]): PlannedLevel[] {
  const [first] = members
  if (first === undefined) return []
  return first.levels.map((value, i) => ({ label: factor.labels?.[i], value, assignments: members.map((m) => ({ path: m.path, level: m.levels[i] })) }))
}

/** Whether two levels are the same to a person who wrote them. */
export const sameLevel = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b)
