// SPDX-License-Identifier: Apache-2.0
/**
 * A series as levels and drifts: cut where its level changes, again within each part, and put together where two neighbours do not differ
 * after all. A slope that explains a part better than steps do is a drift and not many steps.
 */
import { mean, sum } from '../summary.ts'
import { FEWEST_IN_LEVEL, type LevelScan, pulledIn, scanLevels, type ScanOptions } from './level-scan.ts'
import { mannKendall } from './trend.ts'

/** Values [from, to) of the series. */
export interface Piece {
  readonly kind: 'level' | 'drift'
  readonly from: number
  readonly to: number
}
export interface Cut {
  /** Index of the first value after the change. */
  readonly at: number
  /** Between which the change lies at 95 %. */
  readonly earliest: number
  readonly latest: number
  readonly p: number
}
export interface Levels {
  readonly pieces: readonly Piece[]
  /** Between neighbouring pieces. */
  readonly cuts: readonly Cut[]
}

/** What `cutLevels` may say of so few is nothing. */
export const FEWEST_VALUES = 8

export function cutLevels(values: readonly number[], options: ScanOptions): Levels {
  const whole = { from: 0, to: values.length }
  const question: Question = { values, alpha: options.alpha / 2, scan: scannerOf(values, halved(options)) }
  return settled(values, partsOf(question, whole))
}

/** All series of a history ask the same. */
const decidable = new Map<string, boolean>()

/** Whether as clear a step as can be would be seen at all in so many values. */
export function canDecide(n: number, options: ScanOptions): boolean {
  if (n < FEWEST_VALUES) return false
  const key = `${n}/${options.alpha}/${options.seed}`
  const step = Array.from({ length: n }, (_, i) => (i < n / 2 ? i : n + i))
  const answer = decidable.get(key) ?? (scanLevels(step, halved(options))?.p ?? 1) <= options.alpha / 2
  if (decidable.size < 10_000) decidable.set(key, answer)
  return answer
}

/** The fewest values in which a change can be seen at all at such a rate. */
export function fewestToDecide(options: ScanOptions): number {
  let n = FEWEST_VALUES
  while (n < 100 && !canDecide(n, options)) n++
  return n
}

type Range = Pick<Piece, 'from' | 'to'>
interface Question {
  readonly values: readonly number[]
  readonly alpha: number
  readonly scan: (range: Range) => LevelScan | null
}

/** A step and a slope are both looked for: each gets half. */
const halved = ({ alpha, seed }: ScanOptions): ScanOptions => ({ alpha: alpha / 2, seed })

/** The same stretch is asked several times. */
function scannerOf(values: readonly number[], options: ScanOptions): Question['scan'] {
  const known = new Map<string, LevelScan | null>()
  return ({ from, to }) => {
    const key = `${from}-${to}`
    const scan = known.has(key) ? (known.get(key) as LevelScan | null) : scanLevels(values.slice(from, to), options)
    known.set(key, scan)
    return scan
  }
}

/** With the p-value by which it was cut off from what is before it. */
interface Part extends Piece { readonly p: number }

function partsOf(question: Question, range: Range, p = 1): Part[] {
  const { values, alpha, scan } = question
  const own = values.slice(range.from, range.to)
  const cuts = cutsOf(question, range)
  const isSloped = own.length >= FEWEST_VALUES && (mannKendall(own)?.p ?? 1) <= alpha
  if (isSloped && lineIsBetter(own, stepsOf(question, range).map((at) => at - range.from))) return [{ kind: 'drift', ...range, p }]
  if (cuts.length === 0) return [{ kind: 'level', ...range, p }]
  const found = scan(range)?.p ?? 1
  return between(cuts, range).flatMap((part, i) => partsOf(question, part, i === 0 ? p : found))
}

/** None where nothing is shown. */
function cutsOf({ scan, alpha }: Question, range: Range): number[] {
  const found = scan(range)
  return found === null || found.p > alpha ? [] : found.cuts.map((at) => range.from + at)
}

/** Cuts by steps alone. */
function stepsOf(question: Question, range: Range): number[] {
  const parts = between(cutsOf(question, range), range)
  return parts.length === 1 ? [] : parts.flatMap((part, i) => [...(i === 0 ? [] : [part.from]), ...stepsOf(question, part)])
}

function between(cuts: readonly number[], { from, to }: Range): Range[] {
  const ends = [from, ...cuts, to]
  return ends.slice(1).map((end, i) => ({ from: ends[i] as number, to: end }))
}

/** By the Bayesian information criterion: a step costs its level and its place. */
function lineIsBetter(values: readonly number[], cuts: readonly number[]): boolean {
  const own = pulledIn(values)
  const n = own.length
  const floor = 1e-24 * sum(own.map((x) => x * x))
  const cost = (squares: number, parameters: number) => n * Math.log(Math.max(squares, floor) / n) + parameters * Math.log(n)
  const steps = sum(between(cuts, { from: 0, to: n }).map(({ from, to }) => squaresAboutMean(own.slice(from, to))))
  const centre = (n - 1) / 2
  const slope = sum(own.map((x, i) => x * (i - centre))) / sum(own.map((_, i) => (i - centre) ** 2))
  return cost(squaresAboutMean(own.map((x, i) => x - slope * i)), 2) < cost(steps, 1 + 2 * cuts.length)
}

/**
 * Every cut gets its place between its two neighbours alone, and goes if they are better explained as one: a stretch that was cut out at both
 * ends may differ from one side only. Asking for significance again would call a level that was left four runs ago the present one.
 */
function settled(values: readonly number[], parts: readonly Part[]): Levels {
  for (let i = 1; i < parts.length; i++) {
    const [before, after] = [parts[i - 1] as Part, parts[i] as Part]
    if (before.kind === 'drift' || after.kind === 'drift') continue
    const own = pulledIn(values.slice(before.from, after.to))
    const others = [parts.slice(0, i - 1), parts.slice(i + 1)] as const
    const at = before.from + bestCut(own)
    if (!isWorthCutting(own, at - before.from, values.length)) return settled(values, [...others[0], { ...before, to: after.to }, ...others[1]])
    // A cut that moves makes its neighbours worth looking at again; each move explains more, so that this ends.
    if (leftBy(own, at - before.from) < leftBy(own, after.from - before.from) * (1 - 1e-9))
      return settled(values, [...others[0], { ...before, to: at }, { ...after, from: at }, ...others[1]])
  }
  return { pieces: parts.map(({ kind, from, to }) => ({ kind, from, to })), cuts: parts.slice(1).map((after, i) => cutOf(values, parts[i] as Part, after)) }
}

function bestCut(own: readonly number[]): number {
  const places = Array.from({ length: own.length - 2 * FEWEST_IN_LEVEL + 1 }, (_, i) => i + FEWEST_IN_LEVEL)
  return places.reduce((best, at) => (leftBy(own, at) < leftBy(own, best) ? at : best))
}

/** By the Bayesian information criterion, with what a level and its place cost in the whole series. */
function isWorthCutting(own: readonly number[], at: number, total: number): boolean {
  const [one, two] = [squaresAboutMean(own), leftBy(own, at)]
  return one > 0 && own.length * Math.log(one / Math.max(two, 1e-24 * one)) > 2 * Math.log(total)
}

function leftBy(own: readonly number[], at: number): number {
  return squaresAboutMean(own.slice(0, at)) + squaresAboutMean(own.slice(at))
}

/** Of the asymptotic distribution of the place of a cut between two levels, at 95 % (Yao 1987; Bai 1997). */
const PLACE = 11

function cutOf(values: readonly number[], before: Part, after: Part): Cut {
  const at = after.from
  const both = { from: before.from, to: after.to }
  const own = pulledIn(values.slice(both.from, both.to))
  const [left, right] = [own.slice(0, at - both.from), own.slice(at - both.from)]
  const shift = (mean(right) as number) - (mean(left) as number)
  const variance = (squaresAboutMean(left) + squaresAboutMean(right)) / Math.max(1, own.length - 2)
  const reach = shift === 0 ? own.length : Math.floor((PLACE * variance) / shift ** 2) + 1
  return { at, earliest: Math.max(both.from + 1, at - reach), latest: Math.min(both.to - 1, at + reach), p: after.p }
}

function squaresAboutMean(values: readonly number[]): number {
  const centre = mean(values) ?? 0
  return sum(values.map((x) => (x - centre) ** 2))
}
