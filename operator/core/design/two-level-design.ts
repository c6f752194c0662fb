// SPDX-License-Identifier: Apache-2.0
/** Points of two-level designs: full and fractional factorials and Plackett–Burman, folded over and in blocks where that is asked for. */
import { type Design, MAX_TRIALS } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import type { Wishes } from './assign-columns.ts'
import { blockOfRuns, confound } from './blocks.ts'
import { type Built, built, type Construction, unbuilt } from './design-points.ts'
import { chooseFraction } from './fractional-factorial.ts'
import { plackettBurmanRows } from './plackett-burman.ts'
import { type Fraction, foldOver, fractionOf, fractionRows } from './regular-fraction.ts'

export interface TwoLevelWish extends Wishes {
  readonly design: Design
  readonly names: readonly string[]
}

export function twoLevelPoints(wish: TwoLevelWish): Built {
  const { design, names } = wish
  if (design.plackettBurman !== undefined) return plackettBurmanPoints(design.plackettBurman, wish)
  if (design.fractionalFactorial !== undefined) return fractionPoints(design.fractionalFactorial, wish)
  return fullPoints(design.fullFactorial?.centerPoints ?? 0, { design, names })
}

function fullPoints(center: number, { design, names }: Pick<TwoLevelWish, 'design' | 'names'>): Built {
  const runs = 2 ** names.length
  if (runs > MAX_TRIALS) return unbuilt({ reason: 'TooManyTrials', path: 'spec.design.fullFactorial', message: `the design is too large: ${names.length} factors of two levels`, found: runs.toLocaleString('en-US'), expected: `at most ${MAX_TRIALS.toLocaleString('en-US')}: a fractionalFactorial needs fewer` })
  return regular(fractionOf(names.length, []), { source: 'full', center, design, names })
}

function fractionPoints({ foldover, centerPoints = 0, ...wish }: NonNullable<Design['fractionalFactorial']>, { design, names, effects, setup }: TwoLevelWish): Built {
  const chosen = chooseFraction(wish, { names, effects, setup })
  if (!chosen.ok) return unbuilt(...chosen.problems)
  const source = wish.generators === undefined ? 'catalogue' : 'generators'
  if (foldover === undefined) return regular(chosen.fraction, { source, center: centerPoints, design, names })
  const reversed = foldedFactors(foldover.factors, { names, at: 'spec.design.fractionalFactorial.foldover' })
  if ('problem' in reversed) return unbuilt(reversed.problem)
  const folded = foldOver(chosen.fraction, reversed.factors)
  if (folded === undefined) return unbuilt({ reason: 'BadFraction', path: 'spec.design.fractionalFactorial.foldover', message: 'folding over gives the runs that are there already: every word of the defining relation has an even number of these factors', expected: 'one factor to fold over, such as foldover: { factors: [NAME] }' })
  return regular(folded, { source, center: centerPoints, design, names })
}

interface Regular { readonly source: 'full' | 'generators' | 'catalogue'; readonly center: number; readonly design: Design; readonly names: readonly string[] }

function regular(fraction: Fraction, { source, center, design, names }: Regular): Built {
  const rows = fractionRows(fraction)
  const construction = (blockColumns: readonly number[]): Construction => ({ kind: 'regular', fraction, source, blockColumns })
  if (design.blocks === undefined) return built({ rows, center, construction: construction([]) })
  const blocks = confound(fraction, design.blocks, names)
  return blocks.ok ? built({ rows, blocks: blockOfRuns(fraction, blocks.columns), center, construction: construction(blocks.columns) }) : unbuilt(blocks.problem)
}

function plackettBurmanPoints({ runs, foldover, centerPoints = 0 }: NonNullable<Design['plackettBurman']>, { names }: TwoLevelWish): Built {
  const at = 'spec.design.plackettBurman'
  const read = plackettBurmanRows({ factors: names.length, runs, at })
  if (!read.ok) return unbuilt(read.problem)
  const construction: Construction = { kind: 'plackettBurman', runs: read.rows.length }
  if (foldover === undefined) return built({ rows: read.rows, center: centerPoints, construction })
  const reversed = foldedFactors(foldover.factors, { names, at: `${at}.foldover` })
  if ('problem' in reversed) return unbuilt(reversed.problem)
  const folded = read.rows.map((row) => row.map((level, f) => (reversed.factors.includes(f) ? -level : level)))
  return built({ rows: [...read.rows, ...folded], center: centerPoints, construction })
}

interface Folding { readonly names: readonly string[]; readonly at: string }

function foldedFactors(wanted: readonly string[] | undefined, { names, at }: Folding): { readonly factors: readonly number[] } | { readonly problem: Problem } {
  if (wanted === undefined) return { factors: names.map((_, f) => f) }
  const stray = wanted.find((name) => !names.includes(name))
  if (stray !== undefined) return { problem: { reason: 'BadFraction', path: `${at}.factors`, message: `there is no factor ${stray} to fold over`, found: stray, expected: `some of ${names.join(', ')}` } }
  return { factors: wanted.map((name) => names.indexOf(name)) }
}
