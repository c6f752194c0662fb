// SPDX-License-Identifier: Apache-2.0
/** Reads the factors of a design and, where the design constructs them, its combinations. What is wrong is listed, and the plan is whole only when nothing is. */
import { type Design, designKind, type Factor, type RangeFactor, writtenFactors } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import { cellsOfSpread, cellsOfSurface, cellsOfTwoLevels } from './cells.ts'
import type { Built } from './design-points.ts'
import { parseEffect } from './effects.ts'
import { readTreatments } from './explicit-treatments.ts'
import type { FactorPlan, FactorReading } from './factors.ts'
import { checkOverlaps, type WrittenPath } from './overlap.ts'
import type { Bases } from './path-schema.ts'
import { type RangeReading, readRange } from './read-range.ts'
import { type ReadFactor, readLevels } from './read-levels.ts'
import { responseSurfacePoints } from './response-surface.ts'
import { SOBOL_DIMENSIONS } from './sobol.ts'
import { spaceFillingPoints } from './space-filling.ts'
import { twoLevelPoints } from './two-level-design.ts'
import { readSearch } from './read-search.ts'
import { readTwoLevels } from './two-levels.ts'

export function readFactors(design: Design, bases: Bases, constants: readonly WrittenPath[]): FactorReading {
  if (design.treatments !== undefined) {
    const reading = readTreatments(design.treatments, bases, constants)
    return withEffects(reading, design, unblocked(design))
  }
  const kind = designKind(design)
  const written = writtenFactors(design)
  const at = `spec.design.${kind}`
  const read = written.map((factor, i) => readOne(factor, bases, kind === 'search' && i === written.length - 1 ? `${at}.load` : `${at}.factors[${factor.name}]`))
  const problems = [...read.flatMap((r) => r.problems), ...checkOverlaps(read.flatMap((r) => r.paths), constants)]
  const context: Context = { design, bases, at, written, read, problems }
  return construct(kind, context)
}

interface Context {
  readonly design: Design
  readonly bases: Bases
  readonly at: string
  readonly written: readonly (Factor | RangeFactor)[]
  readonly read: readonly (ReadFactor | RangeReading)[]
  readonly problems: readonly Problem[]
}

const readOne = (factor: Factor | RangeFactor, bases: Bases, at: string) => ('low' in factor && factor.low !== undefined ? readRange(factor, bases, at) : readLevels(factor, bases, at))

function construct(kind: FactorPlan['kind'], context: Context): FactorReading {
  const { design, read, problems } = context
  switch (kind) {
    case 'fullFactorial':
      if (design.blocks !== undefined || (design.fullFactorial?.centerPoints ?? 0) > 0) return twoLevels(kind, context)
      return withEffects({ plan: { kind, factors: read.map((r) => r.factor) }, problems }, design)
    case 'oneFactorAtATime':
    case 'treatments':
      return withEffects({ plan: { kind, factors: read.map((r) => r.factor) }, problems }, design, unblocked(design))
    case 'search':
      return readSearch(design, { bases: context.bases, at: context.at, factors: read.map((r) => r.factor), problems: [...problems, ...unblocked(design)] })
    case 'fractionalFactorial':
    case 'plackettBurman':
      return twoLevels(kind, context, kind === 'plackettBurman' ? unblocked(design) : [])
    case 'centralComposite':
    case 'boxBehnken':
      return surface(kind, context)
    case 'latinHypercube':
    case 'sobol':
      return spread(kind, context)
  }
}

/** Blocks are named by interactions of two levels; other designs would be split at random, which replicates do better. */
function unblocked(design: Design): Problem[] {
  if (design.blocks === undefined) return []
  return [{ reason: 'BadBlocks', path: 'spec.design.blocks', message: 'only a fullFactorial or fractionalFactorial of two levels can be split into blocks', found: designKind(design), expected: 'no blocks: each stack replicate is a complete block' }]
}

/** The plan with the effects that must be estimable; names that mean nothing are problems. */
function withEffects({ plan, problems }: FactorReading, design: Design, more: readonly Problem[] = []): FactorReading {
  const { effects, problems: unknown } = readEffects(design, plan.factors.map((f) => f.name))
  return { plan: effects.length === 0 ? plan : { ...plan, effects }, problems: [...problems, ...more, ...unknown] }
}

function readEffects(design: Design, names: readonly string[]): { readonly effects: readonly (readonly number[])[]; readonly problems: readonly Problem[] } {
  const parsed = (design.effects ?? []).map((text, i) => parseEffect(text, names, `spec.design.effects[${i}]`))
  const effects = new Map(parsed.flatMap((p) => (p.ok ? [[p.factors.join(), p.factors] as const] : [])))
  return { effects: [...effects.values()], problems: parsed.flatMap((p) => (p.ok ? [] : [p.problem])) }
}

function twoLevels(kind: FactorPlan['kind'], { design, bases, at, written, read, problems }: Context, more: readonly Problem[] = []): FactorReading {
  const center = (design.fullFactorial ?? design.fractionalFactorial ?? design.plackettBurman)?.centerPoints ?? 0
  const two = readTwoLevels({ read, written, bases, at, center: center > 0 })
  const names = two.factors.map((f) => f.name)
  const { effects, problems: unknown } = readEffects(design, names)
  const wrong = [...problems, ...more, ...two.problems, ...unknown]
  const setup = two.factors.flatMap((factor, f) => (factor.role === 'setup' ? [f] : []))
  const plan: FactorPlan = { kind, factors: two.factors }
  return finish(plan, { wrong, effects, points: () => twoLevelPoints({ design, names, effects, setup }), cells: (points) => ({ factors: two.factors, cells: cellsOfTwoLevels(points, two.centered), problems: [] }) })
}

function surface(kind: FactorPlan['kind'], context: Context): FactorReading {
  const { design, at, read, problems } = context
  const unranged = read.filter((r) => r.factor.levels.length > 0).map((r): Problem => ({ reason: 'BadFactor', path: `${at}.factors[${r.factor.name}]`, message: `factor ${r.factor.name}: this design places its levels itself`, found: 'levels', expected: 'low and high; text and other levels go into a fullFactorial or latinHypercube' }))
  const names = read.map((r) => r.factor.name)
  const { effects, problems: unknown } = readEffects(design, names)
  const wrong = [...problems, ...unblocked(design), ...unranged, ...unknown]
  return finish({ kind, factors: read.map((r) => r.factor) }, { wrong, effects, points: () => responseSurfacePoints(design, names), cells: (points) => cellsOfSurface(points, read, at) })
}

function spread(kind: FactorPlan['kind'], context: Context): FactorReading {
  const { design, at, read, problems } = context
  const { effects, problems: unknown } = readEffects(design, read.map((r) => r.factor.name))
  const tooMany: Problem[] = read.length > SOBOL_DIMENSIONS ? [{ reason: 'BadFraction', path: `${at}.factors`, message: 'too many factors', found: String(read.length), expected: `at most ${SOBOL_DIMENSIONS}` }] : []
  const wrong = [...problems, ...unblocked(design), ...unknown, ...tooMany]
  return finish({ kind, factors: read.map((r) => r.factor) }, { wrong, effects, points: () => spaceFillingPoints(design, read.length), cells: (points) => cellsOfSpread(points, read, at) })
}

interface Construct {
  readonly wrong: readonly Problem[]
  readonly effects: readonly (readonly number[])[]
  readonly points: () => Built
  readonly cells: (points: Extract<Built, { ok: true }>['points']) => { readonly factors: FactorPlan['factors']; readonly cells: NonNullable<FactorPlan['cells']>; readonly problems: readonly Problem[] }
}

/** Nothing is constructed from what is wrong. */
function finish(plan: FactorPlan, { wrong, effects, points, cells }: Construct): FactorReading {
  if (wrong.length > 0) return { plan, problems: wrong }
  const built = points()
  if (!built.ok) return { plan, problems: built.problems }
  const { construction, blocks } = built.points
  const placed = cells(built.points)
  const count = blocks === undefined ? {} : { blocks: Math.max(...blocks) + 1 }
  return { plan: { ...plan, factors: placed.factors, cells: placed.cells, construction, ...count, ...(effects.length > 0 ? { effects } : {}) }, problems: placed.problems }
}
