// SPDX-License-Identifier: Apache-2.0
/** Reads the factors of a design: paths resolved, levels checked, labels and zips matched. It expands nothing. */
import type { Design, Factor } from '../model/experiment.ts'
import type { Problem } from '../model/problem.ts'
import { readTreatments } from './explicit-treatments.ts'
import { checkOverlaps, type WrittenPath } from './overlap.ts'
import { applyLevel, type Bases, checkLevel, type Part, type ResolvedPath, resolvePath } from './path-schema.ts'

export interface Assignment { readonly path: ResolvedPath; readonly level: unknown }
interface PlannedLevel {
  /** What tables call it, where the design names it. */
  readonly label?: string
  /** What constraints see; for zipped paths the first one's level. */
  readonly value: unknown
  readonly assignments: readonly Assignment[]
}
export interface PlannedFactor {
  readonly name: string
  /** A setup factor changes the stack; a run factor only what is sent to it. */
  readonly role: 'setup' | 'run'
  readonly paths: readonly string[]
  readonly unit?: string
  readonly levels: readonly PlannedLevel[]
  /** What a treatment has that does not set it; only for explicit treatments. */
  readonly base?: unknown
}
/** One combination: for each factor the index of its level, or -1 where the base stays. */
export interface Cell { readonly name?: string; readonly picks: readonly number[] }
export interface FactorPlan {
  readonly kind: 'fullFactorial' | 'oneFactorAtATime' | 'treatments'
  readonly factors: readonly PlannedFactor[]
  /** Combinations that were written out. */
  readonly cells?: readonly Cell[]
}

export interface FactorReading { readonly plan: FactorPlan; readonly problems: readonly Problem[] }

/** The design's factors; what is wrong is listed, and the plan is whole only when nothing is. */
export function readFactors(design: Design, bases: Bases, constants: readonly WrittenPath[]): FactorReading {
  if (design.treatments !== undefined) return readTreatments(design.treatments, bases, constants)
  const kind = design.fullFactorial === undefined ? 'oneFactorAtATime' : 'fullFactorial'
  const listed = (design.fullFactorial ?? design.oneFactorAtATime)?.factors ?? []
  const readings = listed.map((factor) => readFactor(factor, bases, `spec.design.${kind}.factors[${factor.name}]`))
  const paths = readings.flatMap((r) => r.paths)
  const problems = [...readings.flatMap((r) => r.problems), ...checkOverlaps(paths, constants)]
  return { plan: { kind, factors: readings.map((r) => r.factor) }, problems }
}

interface Reading { readonly factor: PlannedFactor; readonly paths: readonly WrittenPath[]; readonly problems: readonly Problem[] }
interface Member { readonly path: string; readonly levels: readonly unknown[]; readonly at: string }

function readFactor(factor: Factor, bases: Bases, at: string): Reading {
  const members = membersOf(factor, at)
  const problems: Problem[] = []
  const resolved: { readonly path: ResolvedPath; readonly levels: readonly unknown[] }[] = []
  const paths: WrittenPath[] = []
  for (const member of members) {
    const result = resolvePath(member.path, bases, `${member.at}.path`)
    if (!result.ok) {
      problems.push(result.problem)
      continue
    }
    problems.push(...checkLevels(factor.name, result.path, member))
    resolved.push({ path: result.path, levels: member.levels })
    paths.push({ text: result.path.text, at: `${member.at}.path`, owner: `factor ${factor.name}` })
  }
  problems.push(...checkCounts(factor, members, at))
  const levels = levelsOf(factor, resolved)
  const role = resolved.some((r) => r.path.part === 'scenario') ? 'setup' : 'run'
  return { factor: { name: factor.name, role, paths: resolved.map((r) => r.path.text), unit: factor.unit, levels }, paths, problems }
}

function membersOf(factor: Factor, at: string): Member[] {
  if (factor.zip !== undefined) return factor.zip.map((member, i) => ({ ...member, at: `${at}.zip[${i}]` }))
  return [{ path: factor.path ?? '', levels: factor.levels ?? [], at }]
}

function checkLevels(factor: string, path: ResolvedPath, { levels, at }: Member): Problem[] {
  return levels.map((level, i) => checkLevel(path, level, { factor, at: `${at}.levels[${i}]` })).filter((p) => p !== undefined)
}

function checkCounts(factor: Factor, members: readonly Member[], at: string): Problem[] {
  const wanted = members[0]?.levels.length ?? 0
  const problems: Problem[] = members.filter((m) => m.levels.length !== wanted).map((m) => ({
    reason: 'BadFactor', path: `${m.at}.levels`, message: `factor ${factor.name}: zipped paths change together, so each needs as many levels as the first`, found: `${m.levels.length} levels`, expected: `${wanted} levels`,
  }))
  const labels = factor.labels
  if (labels === undefined) return problems
  if (labels.length !== wanted) problems.push({ reason: 'BadFactor', path: `${at}.labels`, message: `factor ${factor.name}: every level needs a label`, found: `${labels.length} labels`, expected: `${wanted} labels` })
  if (new Set(labels).size !== labels.length) problems.push({ reason: 'BadFactor', path: `${at}.labels`, message: `factor ${factor.name}: two levels have the same label`, expected: 'a label of its own for each level' })
  return problems
}

function levelsOf(factor: Factor, members: readonly { readonly path: ResolvedPath; readonly levels: readonly unknown[] }[]): PlannedLevel[] {
  const [first] = members
  if (first === undefined) return []
  return first.levels.map((value, i) => ({ label: factor.labels?.[i], value, assignments: members.map((m) => ({ path: m.path, level: m.levels[i] })) }))
}

/** The level of a factor as tables and records show it. */
export function shownLevel(factor: PlannedFactor, pick: number): unknown {
  const level = factor.levels[pick]
  return level === undefined ? factor.base : (level.label ?? level.value)
}

/** The assignments of a cell to one part, in the order of the factors. */
export function assignmentsOf(factors: readonly PlannedFactor[], picks: readonly number[], part: Part): Assignment[] {
  return factors.flatMap((factor, i) => (factor.levels[picks[i] ?? -1]?.assignments ?? []).filter((a) => a.path.part === part))
}

/** The base of a part with the assignments made. */
export function overlay(base: unknown, assignments: readonly Assignment[]): unknown {
  return assignments.reduce((value, { path, level }) => applyLevel(value, path, level), base)
}
