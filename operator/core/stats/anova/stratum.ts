// SPDX-License-Identifier: Apache-2.0
/** Analysis of variance in one stratum: every term against one error. Blocks and other nuisances enter before the terms. */
import { fSurvival } from '../distribution/f.ts'
import { type Fit, fitLeastSquares } from '../linear/least-squares.ts'
import { decompose, solveTriangle } from '../linear/qr.ts'
import { contrastsWithout, errorOf, squaresWithout, type TakenTrend, takenOut } from './taken-trend.ts'
import type { Term } from './terms.ts'

/**
 * `sequential`: each term after those before it (type I). `hierarchical`: after all terms that do not contain it (type II).
 * `partial`: after all others (type III). In balanced data they are the same.
 */
export type SumsOfSquares = 'sequential' | 'hierarchical' | 'partial'

export interface TermRow {
  readonly term: string
  readonly df: number
  readonly sumOfSquares: number
  readonly meanSquare: number | null
  readonly f: number | null
  readonly p: number | null
  /** Degrees of freedom that this data cannot tell from earlier terms. */
  readonly lostDf: number
  /** Terms that it cannot be told from, where all of it is lost. */
  readonly aliasedWith: readonly string[]
}

export interface StratumFit {
  readonly nuisances: readonly TermRow[]
  readonly terms: readonly TermRow[]
  readonly error: { readonly df: number; readonly sumOfSquares: number; readonly meanSquare: number | null }
  /** Whether the kind of sums of squares makes no difference. */
  readonly balanced: boolean
  readonly fit: Fit
  /** Places of each term's columns in the fit; the intercept is column 0. */
  readonly places: ReadonlyMap<string, readonly number[]>
  /** A combination of a term's own coefficients, after the same other terms as its sum of squares; null where it cannot be estimated. */
  readonly contrast: (term: string, weights: readonly number[]) => Contrast | null
}

export interface Contrast {
  readonly estimate: number
  /** Its variance over that of a single unit. */
  readonly unitVariance: number
}

export interface StratumInput {
  readonly y: ArrayLike<number>
  readonly nuisances: readonly Term[]
  readonly terms: readonly Term[]
  readonly sums: SumsOfSquares
  readonly trend?: TakenTrend | undefined
}

export function analyzeStratum({ y, nuisances, terms, sums, trend }: StratumInput): StratumFit {
  const all = [...nuisances, ...terms]
  // A shift by one of the values is exact where all are nearly equal, and keeps the digits that a large offset would eat.
  const offset = y[0] ?? 0
  const ones = new Float64Array(y.length).fill(1)
  const columns = [ones, ...all.flatMap((t) => t.columns)]
  const fit = fitLeastSquares(columns, Float64Array.from(y, (v) => v - offset))
  const places = placesOf(all)
  const model: Model = { all, nuisances, places, fit, owners: ['mean', ...all.flatMap((t) => t.columns.map(() => t.name))] }
  const balanced = isOrthogonal(model)
  const error = errorOf(fit, trend)
  const taken = takenOut(fit, trend, error)
  const squaresOf = (rotated: Float64Array) => {
    const own = { ...model, fit: { ...fit, rotated } }
    const squares = sequentialSquares(own)
    return (term: Term, kind: SumsOfSquares) => (kind === 'sequential' || balanced ? squares.get(term.name) as Squares : adjustedSquares(own, term, kind))
  }
  const squares = taken === null ? squaresOf(fit.rotated) : squaresWithout(taken, fit.rotated, squaresOf)
  const row = (term: Term, kind: SumsOfSquares) => rowOf({ term, model, error, squares: squares(term, kind) })
  return {
    nuisances: nuisances.map((t) => row(t, 'sequential')), terms: terms.map((t) => row(t, sums)), error, balanced, fit, places,
    contrast: taken === null ? contrastsOf(model, sums) : contrastsWithout(taken, contrastsOf(model, sums), contrastsOf({ ...model, fit: { ...fit, rotated: taken.rotated } }, sums)),
  }
}

interface Model {
  readonly all: readonly Term[]
  readonly nuisances: readonly Term[]
  readonly places: ReadonlyMap<string, readonly number[]>
  readonly fit: Fit
  /** Name of the term of each column. */
  readonly owners: readonly string[]
}
export interface Squares { readonly df: number; readonly sumOfSquares: number }

function placesOf(terms: readonly Term[]): Map<string, number[]> {
  let next = 1
  return new Map(terms.map(({ name, columns }) => [name, columns.map(() => next++)]))
}

function sequentialSquares({ all, fit, owners }: Model): Map<string, Squares> {
  const squares = new Map(all.map(({ name }) => [name, { df: 0, sumOfSquares: 0 }]))
  fit.qr.kept.forEach((column, k) => {
    const own = squares.get(owners[column] as string)
    if (own === undefined) return
    own.df += 1
    own.sumOfSquares += (fit.rotated[k] as number) ** 2
  })
  return squares
}

/** Whether kept columns of different terms are orthogonal once the nuisances are taken out. */
function isOrthogonal({ nuisances, fit: { qr }, owners }: Model): boolean {
  const before = new Set(['mean', ...nuisances.map((t) => t.name)])
  return qr.kept.every((column) => {
    if (before.has(owners[column] as string)) return true
    const coordinates = qr.coordinates[column] as Float64Array
    const size = Math.hypot(...coordinates)
    return qr.kept.every((other, k) => before.has(owners[other] as string) || owners[other] === owners[column] || Math.abs(coordinates[k] ?? 0) <= 1e-9 * size)
  })
}

/** Sum of squares of a term after others, from the small triangle that the decomposition left of the data. */
function adjustedSquares(model: Model, term: Term, kind: 'hierarchical' | 'partial'): Squares {
  const others = othersOf(model, term, kind)
  const [without, withIt] = [explained(model, others), explained(model, [...others, term])]
  return { df: withIt.df - without.df, sumOfSquares: Math.max(0, withIt.sumOfSquares - without.sumOfSquares) }
}

/** Terms that a term is taken after. */
function othersOf({ all, nuisances }: Model, term: Term, kind: SumsOfSquares): Term[] {
  const before = all.indexOf(term)
  return all.filter((t, i) => {
    if (t === term || (kind === 'sequential' && i > before)) return false
    return kind !== 'hierarchical' || nuisances.includes(t) || !term.factors.every((f) => t.factors.includes(f))
  })
}

/** What the decomposition left of the intercept and the columns of some terms; columns that it set aside belong to earlier terms. */
function columnsOf({ fit: { qr, rank }, places }: Model, terms: readonly Term[]): readonly Float64Array[] {
  const kept = new Set(qr.kept)
  return [0, ...terms.flatMap(({ name }) => places.get(name) ?? [])].filter((column) => kept.has(column)).map((column) => {
    const padded = new Float64Array(rank)
    padded.set(qr.coordinates[column] as Float64Array)
    return padded
  })
}

/** Contrasts of terms; the model of each term is fitted once, however many of its levels are compared. */
function contrastsOf(model: Model, sums: SumsOfSquares): StratumFit['contrast'] {
  const fits = new Map<string, Fit>()
  return (name, weights) => {
    const term = model.all.find((t) => t.name === name)
    const lost = new Set(model.fit.qr.aliased)
    // A term that is partly lost has no contrast that means what its name says.
    if (term === undefined || term.columns.length !== weights.length || model.places.get(name)?.some((column) => lost.has(column))) return null
    const fit = fits.get(name) ?? fitLeastSquares(columnsOf(model, [...othersOf(model, term, sums), term]), model.fit.rotated.subarray(0, model.fit.rank))
    fits.set(name, fit)
    const first = fit.coefficients.length - weights.length
    const unitVariance = fit.unitVariance(fit.coefficients.map((_, i) => weights[i - first] ?? 0))
    const estimate = weights.reduce((total, weight, i) => total + weight * (fit.coefficients[first + i] ?? 0), 0)
    return unitVariance === null ? null : { unitVariance, estimate }
  }
}

function explained(model: Model, terms: readonly Term[]): Squares {
  const { rank, rotated } = model.fit
  const qr = decompose(columnsOf(model, terms), rank)
  const turned = qr.rotate(rotated.subarray(0, rank))
  return { df: qr.kept.length, sumOfSquares: turned.subarray(0, qr.kept.length).reduce((total, x) => total + x * x, 0) }
}

function rowOf({ term, model, error, squares: { df, sumOfSquares } }: { term: Term; model: Model; error: StratumFit['error']; squares: Squares }): TermRow {
  const meanSquare = df === 0 ? null : sumOfSquares / df
  const f = meanSquare === null || error.meanSquare === null ? null : meanSquare / error.meanSquare
  const testable = f !== null && !Number.isNaN(f)
  return {
    term: term.name, df, sumOfSquares, meanSquare, f: testable ? f : null, p: testable ? fSurvival(f, [df, error.df]) : null,
    lostDf: term.columns.length - df, aliasedWith: df === 0 ? aliasesOf(model, term) : [],
  }
}

/** Which earlier terms make up the columns of a term that added nothing. */
function aliasesOf({ fit: { qr }, places, owners }: Model, term: Term): string[] {
  const found = new Set<string>()
  for (const column of places.get(term.name) ?? []) {
    const coordinates = qr.coordinates[column] as Float64Array
    const kept = qr.kept.slice(0, coordinates.length)
    solveTriangle({ kept, coordinates: qr.coordinates }, coordinates).forEach((share, k) => {
      const owner = owners[kept[k] as number] as string
      if (Math.abs(share) > 1e-8 && owner !== 'mean') found.add(owner)
    })
  }
  return [...found]
}
