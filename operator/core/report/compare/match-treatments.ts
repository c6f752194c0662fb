// SPDX-License-Identifier: Apache-2.0
/** Which treatment of one Experiment is which of another: by the levels of the factors that both have. */
import { didYouMean } from '../../model/nearest.ts'
import { type Checked, type Problem, refused, valid } from '../../model/problem.ts'
import type { ComparedResults } from '../results.ts'

/** `factor=level` on one side or on both. */
export interface TreatmentPick {
  readonly side: 'base' | 'new' | 'both'
  readonly factor: string
  readonly level: string
}

export interface TreatmentPair {
  readonly base: number
  readonly candidate: number
  /** Levels of the factors that both have; empty where nothing is varied. */
  readonly label: string
}

export interface Matching {
  readonly pairs: readonly TreatmentPair[]
  /** Labels of treatments that only one side has. */
  readonly alone: { readonly base: readonly string[]; readonly candidate: readonly string[] }
  /** Factors that stand still on one side and are not on the other, or were chosen apart. */
  readonly apart: readonly { readonly factor: string; readonly base: string | null; readonly candidate: string | null }[]
}

interface Side { readonly factors: ComparedResults['factors']; readonly treatments: ComparedResults['treatments'] }
type Treatment = ComparedResults['treatments'][number]
const PATH = '--treatment'

export function matchTreatments(base: Side, candidate: Side, picks: readonly TreatmentPick[] = []): Checked<Matching> {
  const wrong = picks.flatMap((pick) => pickProblems(pick, base, candidate))
  if (wrong.length > 0) return refused(...wrong)
  const [left, right] = [chosen(base, picks.filter((p) => p.side !== 'new')), chosen(candidate, picks.filter((p) => p.side !== 'base'))]
  const empty = [...(left.length === 0 ? ['BASE'] : []), ...(right.length === 0 ? ['NEW'] : [])]
  if (empty.length > 0)
    return refused({
      reason: 'InvalidValue',
      path: PATH,
      message: `${empty.join(' and ')} has no usable trial of any treatment that is meant`,
      expected: 'two Experiments that left results',
    })
  const names = [...new Set([...base.factors, ...candidate.factors].map((f) => f.name))]
  const own = new Set(picks.filter((p) => p.side !== 'both').map((p) => p.factor))
  const has = (list: readonly Treatment[], name: string) => list.some((t) => Object.hasOwn(t.levels, name))
  const shared = names.filter((name) => has(left, name) && has(right, name) && !own.has(name))
  const others = names.filter((name) => !shared.includes(name) && (has(left, name) || has(right, name)))
  const open = others.flatMap((factor) => openProblems(factor, left, right))
  if (open.length > 0) return refused(...open)
  const keyOf = ({ levels }: Treatment) => JSON.stringify(shared.map((name) => normal(levels[name])))
  const byKey = new Map(right.map((t) => [keyOf(t), t]))
  const varied = shared.filter((name) => new Set([...left, ...right].map((t) => normal(t.levels[name]))).size > 1)
  const label = ({ levels }: Treatment) =>
    varied.flatMap((name) => (levels[name] === undefined ? [] : [`${name}=${levels[name]}`])).join(' ')
  const pairs = left.flatMap((t) => {
    const found = byKey.get(keyOf(t))
    return found === undefined ? [] : [{ base: t.index, candidate: found.index, label: label(t) }]
  })
  if (pairs.length === 0) return refused(nothingShared({ left, right, shared }))
  const keys = new Set(left.map(keyOf))
  return valid({
    pairs, apart: others.map((factor) => ({ factor, base: levelOf(left, factor), candidate: levelOf(right, factor) })),
    alone: { base: left.filter((t) => !byKey.has(keyOf(t))).map(label), candidate: right.filter((t) => !keys.has(keyOf(t))).map(label) },
  })
}

/** 2 and 2.0 are one level. */
const normal = (level: string | undefined) =>
  level === undefined || level.trim() === '' || Number.isNaN(Number(level)) ? (level ?? null) : String(Number(level))

function chosen({ treatments }: Side, picks: readonly TreatmentPick[]): Treatment[] {
  const wanted = [...Map.groupBy(picks, (p) => p.factor)]
  return treatments.filter((t) =>
    wanted.every(([factor, any]) => !Object.hasOwn(t.levels, factor) || any.some((p) => normal(p.level) === normal(t.levels[factor]))),
  )
}

function pickProblems({ side, factor, level }: TreatmentPick, base: Side, candidate: Side): Problem[] {
  const sides = side === 'base' ? [base] : side === 'new' ? [candidate] : [base, candidate]
  const having = sides.filter((s) => s.treatments.some((t) => Object.hasOwn(t.levels, factor)))
  const bad = (message: string, expected: string): Problem => ({ reason: 'MissingReference', path: PATH, message, expected })
  if (having.length === 0) {
    const names = [...new Set(sides.flatMap((s) => s.factors.map((f) => f.name)))]
    return [
      bad(
        `there is no factor "${factor}"${didYouMean(factor, names)}`,
        names.length === 0 ? 'no factor: nothing is varied' : `one of ${names.join(', ')}`,
      ),
    ]
  }
  return having.flatMap((s) => {
    const levels = [...new Set(s.treatments.map((t) => t.levels[factor] ?? ''))]
    return levels.some((l) => normal(l) === normal(level))
      ? []
      : [bad(`no treatment of ${s === base ? 'BASE' : 'NEW'} has ${factor}=${level}`, `one of ${levels.join(', ')}`)]
  })
}

/** A factor that only one side has, or that was chosen apart, must stand still there: else its treatments have many counterparts. */
function openProblems(factor: string, left: readonly Treatment[], right: readonly Treatment[]): Problem[] {
  return ([['BASE', 'base', left], ['NEW', 'new', right]] as const).flatMap(([name, side, list]) => {
    const levels = [...new Set(list.map((t) => t.levels[factor] ?? ''))]
    if (levels.length < 2) return []
    const message = `${factor} is varied in ${name} (${levels.join(', ')}) and does not tell which of its treatments is meant`
    return [{ reason: 'InvalidValue', path: PATH, message, expected: `one level: --treatment ${side}:${factor}=${levels[0]}` } as const]
  })
}

const levelOf = (list: readonly Treatment[], factor: string) => list[0]?.levels[factor] ?? null

function nothingShared({
  left,
  right,
  shared,
}: {
  readonly left: readonly Treatment[]
  readonly right: readonly Treatment[]
  readonly shared: readonly string[]
}): Problem {
  const levels = (list: readonly Treatment[], name: string) => [...new Set(list.map((t) => t.levels[name] ?? ''))]
  const disjoint = shared.filter((name) => !levels(left, name).some((level) => levels(right, name).map(normal).includes(normal(level))))
  const why = disjoint.map((name) => `${name} is ${levels(left, name).join(', ')} in BASE and ${levels(right, name).join(', ')} in NEW`)
  const message = `no treatment of BASE is one of NEW${why.length > 0 ? `: ${why.join('; ')}` : ''}`
  return {
    reason: 'InvalidValue',
    path: PATH,
    message,
    expected: 'a treatment that both have; --treatment base:FACTOR=LEVEL --treatment new:FACTOR=LEVEL compares two different ones',
  }
}
