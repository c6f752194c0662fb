// SPDX-License-Identifier: Apache-2.0
/** What the construction of a design says by itself: its name, its generators and words, its blocks. */
import { aliasGroups } from '../design/aliases.ts'
import { spanOf } from '../design/blocks.ts'
import type { Construction } from '../design/design-points.ts'
import { effectName, wordOf } from '../design/effects.ts'
import { factorsIn, generatorTexts, romanResolution } from '../design/generators.ts'
import { definingWords, type Fraction, resolutionOf, runCount, wordLengthPattern } from '../design/regular-fraction.ts'
import type { PlanFacts } from './design-properties.ts'

export interface FractionFacts {
  /** Length of the shortest word: III, IV, V; full when there is none. */
  readonly resolution: string
  readonly generators: readonly string[]
  /** Words that are constant, such as ABD or -ACE; null when they are too many to list. */
  readonly definingRelation: readonly string[] | null
  readonly words: number
  /** Words of 3, 4, 5, … factors. */
  readonly wordLengths: readonly number[]
}

export interface ConstructionFacts {
  readonly title: string
  readonly fraction?: FractionFacts
  readonly blocks?: { readonly count: number; readonly confounded: readonly string[] }
  readonly axialDistance?: number
}

export function constructionFacts(facts: PlanFacts): ConstructionFacts {
  const { construction, factors, picks } = facts
  switch (construction?.kind) {
    case undefined:
      return { title: unconstructed(facts) }
    case 'regular':
      return regularFacts(construction, facts)
    case 'plackettBurman':
      return { title: `Plackett–Burman, ${facts.runs - centerRuns(facts)} runs of ${factors.length} factors` }
    case 'centralComposite':
      return { title: `central composite: ${construction.corners} corners, ${2 * factors.length} axial points, ${centerRuns(facts)} × the centre`, axialDistance: construction.axial }
    case 'boxBehnken':
      return { title: `Box–Behnken of ${factors.length} factors: ${picks.length - (centerRuns(facts) > 0 ? 1 : 0)} edge points, ${centerRuns(facts)} × the centre` }
    case 'latinHypercube':
      return { title: `Latin hypercube of ${facts.runs} points${construction.optimised ? ', moved apart' : ', as drawn'}` }
    case 'sobol':
      return { title: `Sobol sequence of ${facts.runs} points${construction.scrambled ? ', scrambled' : ''}` }
  }
}

function unconstructed({ kind, factors, picks }: PlanFacts): string {
  if (kind === 'search') return 'capacity search'
  if (kind === 'treatments') return `${picks.length} treatments, written out`
  return kind === 'oneFactorAtATime' ? 'one factor at a time' : `full factorial ${factors.map((f) => f.levels.length).join(' × ')}`
}

/** How often one replicate measures the centre. */
export function centerRuns({ factors, picks, weights, construction }: PlanFacts): number {
  const surface = construction?.kind === 'centralComposite' || construction?.kind === 'boxBehnken'
  const isZero = (row: readonly number[]) => (f: number) => factors[f]?.levels[row[f] ?? -1]?.coded === 0
  const isCenter = (row: readonly number[]) => (surface ? [...factors.keys()].every(isZero(row)) : [...factors.keys()].some(isZero(row)))
  return picks.reduce((sum, row, i) => (isCenter(row) ? sum + (weights[i] ?? 1) : sum), 0)
}

function regularFacts({ fraction, source, blockColumns }: Extract<Construction, { kind: 'regular' }>, { factors, blocks }: PlanFacts): ConstructionFacts {
  const k = factors.length
  const added = k - fraction.basic
  const name = added <= 0 ? `full factorial 2^${k}` : `fractional factorial 2^(${k}-${added}), resolution ${romanResolution(resolutionOf(fraction))}${source === 'catalogue' ? ', of minimum aberration' : ''}`
  return {
    title: name, fraction: fractionFacts(fraction),
    ...(blockColumns.length === 0 ? {} : { blocks: { count: blocks, confounded: confoundedWith(fraction, blockColumns, factors.map((f) => f.name)) } }),
  }
}

function fractionFacts(fraction: Fraction): FractionFacts {
  const words = definingWords(fraction)
  const pattern = wordLengthPattern(fraction).slice(3)
  const last = pattern.findLastIndex((count) => count > 0)
  return {
    resolution: romanResolution(resolutionOf(fraction)), generators: generatorTexts(fraction),
    definingRelation: words === undefined ? null : words.map((w) => `${w.sign < 0 ? '-' : ''}${wordOf(factorsIn(w.factors))}`),
    words: 2 ** fraction.columns.length / runCount(fraction) - 1, wordLengths: pattern.slice(0, last + 1),
  }
}

/** Effects of one and two factors that blocks hide, and the words that name the blocks. */
function confoundedWith(fraction: Fraction, blockColumns: readonly number[], names: readonly string[]): string[] {
  const groups = aliasGroups(fraction)
  return spanOf(blockColumns).map((column) => {
    const short = groups.find((group) => group.column === column)
    if (short !== undefined) return short.effects.map(({ factors }) => effectName(factors, names)).join(' = ')
    return wordOf(fraction.columns.flatMap((own, f) => ((own & (own - 1)) === 0 && (column & own) !== 0 ? [f] : [])))
  })
}
