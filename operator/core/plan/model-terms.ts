// SPDX-License-Identifier: Apache-2.0
/** Terms of a linear model over treatments: main effects, interactions of two factors and squares, as columns of numbers. */
import type { PlannedFactor } from '../design/factors.ts'
import type { Column } from './gram.ts'

/** A term: its factors by index, twice the same for a square; none for the mean. */
export interface Term {
  readonly factors: readonly number[]
  readonly columns: readonly Column[]
}

export interface TreatmentRows {
  readonly factors: readonly PlannedFactor[]
  /** Picks of every treatment. */
  readonly picks: readonly (readonly number[])[]
}

export const meanTerm = ({ picks }: TreatmentRows): Term => ({ factors: [], columns: [new Float64Array(picks.length).fill(1)] })

/** Main effects of the factors that vary. */
export function mainTerms(rows: TreatmentRows): Term[] {
  return rows.factors.map((_, f) => ({ factors: [f], columns: codedColumns(rows, f) })).filter((term) => term.columns.length > 0)
}

export interface ModelSize { readonly mains: number; readonly pairs: number }

/** Columns that main effects have, and with interactions of two and the mean: known before they are made, which may fill the memory. */
export function modelSize(rows: TreatmentRows): ModelSize {
  const sizes = rows.factors.map((factor, f) => {
    const seen = seenLevels(rows, f)
    return seen.length < 2 ? 0 : isCoded(factor, seen) ? 1 : seen.length - 1
  })
  const mains = sizes.reduce((a, b) => a + b, 0)
  return { mains, pairs: 1 + mains + (mains ** 2 - sizes.reduce((sum, size) => sum + size ** 2, 0)) / 2 }
}

/** Every interaction of two main effects. */
export function interactionTerms(mains: readonly Term[]): Term[] {
  return mains.flatMap((a, i) => mains.slice(i + 1).map((b) => product(a, b)))
}

/** Squares of numeric main effects, about their mean; none of two levels, whose squares are constant. */
export function squareTerms(mains: readonly Term[]): Term[] {
  return mains.flatMap(({ factors, columns: [column, ...others] }) => {
    if (column === undefined || others.length > 0) return []
    const squares = column.map((x) => x * x)
    const mean = squares.reduce((a, b) => a + b, 0) / Math.max(1, squares.length)
    return squares.every((x) => Math.abs(x - mean) < 1e-9) ? [] : [{ factors: [...factors, ...factors], columns: [squares.map((x) => x - mean)] }]
  })
}

/** The product of main effects, as an effect that was asked for. */
export function termOf(mains: readonly Term[], factors: readonly number[]): Term | undefined {
  const parts = factors.map((f) => mains.find((term) => term.factors[0] === f))
  const [first, ...others] = parts
  if (first === undefined || others.includes(undefined)) return undefined
  return others.reduce<Term>((term, other) => (other === undefined ? term : product(term, other)), first)
}

function product(a: Term, b: Term): Term {
  return { factors: [...a.factors, ...b.factors], columns: a.columns.flatMap((x) => b.columns.map((y) => x.map((value, row) => value * (y[row] ?? 0)))) }
}

/** Levels of a factor that occur, in order; where it does not apply it has none. */
function seenLevels({ factors, picks }: TreatmentRows, f: number): number[] {
  const always = factors[f]?.when === undefined
  return [...new Set(picks.map((row) => row[f] ?? -1))].filter((pick) => pick >= 0 || always).sort((a, b) => a - b)
}

const isCoded = ({ levels }: PlannedFactor, seen: readonly number[]) => seen.every((pick) => levels[pick]?.coded !== undefined)

/** Numbers of a designed range as they are coded; else each level against the last. No columns where nothing varies. */
function codedColumns(rows: TreatmentRows, f: number): Column[] {
  const factor = rows.factors[f]
  const seen = seenLevels(rows, f)
  if (factor === undefined || seen.length < 2) return []
  const own = Int32Array.from(rows.picks, (row) => row[f] ?? -1)
  if (isCoded(factor, seen)) return [Float64Array.from(own, (pick) => factor.levels[pick]?.coded ?? 0)]
  const last = seen.at(-1)
  return seen.slice(0, -1).map((level) => Float64Array.from(own, (pick) => (pick === level ? (seen.length === 2 ? -1 : 1) : pick === last ? (seen.length === 2 ? 1 : -1) : 0)))
}
