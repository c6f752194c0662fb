// SPDX-License-Identifier: Apache-2.0
/** Runs of one series in one environment → levels, and what changed between them: when, by how much, for better or worse. */
import type { Better } from '../model/metric.ts'
import { measureDifference } from '../stats/compare/difference.ts'
import { cutLevels, type Cut, type Piece } from '../stats/series/levels.ts'
import { mannKendall } from '../stats/series/trend.ts'
import { median } from '../stats/quantile.ts'
import { summarizeValues } from '../stats/summary.ts'
import { changesOf } from './fingerprint.ts'
import type { HistoryLine } from './history-line.ts'
import type { Effect, Shift, Size, TrendLevel, TrendPoint } from './trends.ts'

export interface Cutting {
  readonly runs: readonly HistoryLine[]
  readonly alpha: number
  readonly recent: number
  readonly seed: number
  readonly better: Better
  /** Index of the first recent run. */
  readonly recentFrom: number
  /** Whether there are enough runs to say anything. */
  readonly decides: boolean
}

export function cutEnvironment(points: readonly TrendPoint[], cutting: Cutting): { readonly levels: readonly TrendLevel[]; readonly shifts: readonly Shift[] } {
  const values = points.map((p) => p.response.mean)
  if (points.length === 0) return { levels: [], shifts: [] }
  const scale = values.every((x) => x > 0) ? 'ratio' : 'difference'
  const scaled = scale === 'ratio' ? values.map(Math.log) : values
  const { pieces, cuts } = cutting.decides ? cutLevels(scaled, cutting) : { pieces: [{ kind: 'level' as const, from: 0, to: points.length }], cuts: [] }
  const input = { points, values, scaled, scale, cutting } as const
  const levels = pieces.map((piece) => levelOf(input, piece))
  const steps = cuts.map((cut, i) => stepOf(input, cut, [pieces[i] as Piece, pieces[i + 1] as Piece]))
  const drifts = pieces.flatMap((piece) => (piece.kind === 'drift' ? driftOf(input, piece) ?? [] : []))
  return { levels, shifts: [...steps, ...drifts].sort((a, b) => a.after - b.after) }
}

interface Input {
  readonly points: readonly TrendPoint[]
  readonly values: readonly number[]
  /** Logarithms where all are positive. */
  readonly scaled: readonly number[]
  readonly scale: Size['scale']
  readonly cutting: Cutting
}

const runAt = ({ points }: Input, index: number): number => (points[index] as TrendPoint).run

/** In robust deviations: beyond it a run says nothing of its level. */
const FAR = 6

function levelOf(input: Input, { kind, from, to }: Piece): TrendLevel {
  const own = input.values.slice(from, to)
  const value = median(own) as number
  const distance = own.map((x) => Math.abs(x - value))
  const reach = FAR * 1.4826 * (median(distance) as number)
  const isFar = (i: number) => kind === 'level' && reach > 0 && (distance[i] as number) > reach
  const { stddev } = summarizeValues(own.filter((_, i) => !isFar(i)))
  return {
    kind, from: runAt(input, from), to: runAt(input, to - 1), n: own.length, value, sd: stddev,
    outliers: own.flatMap((_, i) => (isFar(i) ? [runAt(input, from + i)] : [])),
  }
}

function stepOf(input: Input, cut: Cut, [left, right]: readonly [Piece, Piece]): Shift {
  const { values, cutting } = input
  const { shift, scale, method } = measureDifference({ values: values.slice(left.from, left.to) }, { values: values.slice(right.from, right.to) })
  const [before, after] = [runAt(input, cut.at - 1), runAt(input, cut.at)]
  const size = { scale, bounds: shift, method }
  return {
    kind: 'shift', effect: effectOf(size, cutting.better), size, before, after, p: cut.p,
    place: { from: runAt(input, cut.earliest), to: runAt(input, cut.latest) },
    levels: { before: levelOf(input, left), after: levelOf(input, right) },
    isRecent: after >= cutting.recentFrom, changes: subjectChanges(cutting.runs, before, after),
  }
}

/** A drift that still goes on is recent; null where its slope cannot be told. */
function driftOf(input: Input, piece: Piece): Shift | null {
  const { points, scaled, scale, cutting } = input
  const slope = mannKendall(scaled.slice(piece.from, piece.to))
  if (slope === null) return null
  const steps = piece.to - piece.from - 1
  const back = (x: number) => (scale === 'ratio' ? Math.exp(x * steps) : x * steps)
  const method = 'Mann–Kendall, Sen’s slope'
  const size: Size = { scale, method, bounds: { kind: 'interval', estimate: back(slope.slope), low: back(slope.low), high: back(slope.high), level: slope.level, method } }
  const [before, after] = [runAt(input, piece.from), runAt(input, piece.to - 1)]
  const level = levelOf(input, piece)
  return {
    kind: 'drift', effect: effectOf(size, cutting.better), size, before, after, place: { from: before, to: after }, p: slope.p,
    levels: { before: level, after: level }, isRecent: piece.to === points.length && after >= cutting.recentFrom, changes: subjectChanges(cutting.runs, before, after),
  }
}

const subjectChanges = (runs: readonly HistoryLine[], before: number, after: number) => changesOf(runs[before]?.subject ?? {}, runs[after]?.subject ?? {})

function effectOf({ scale, bounds }: Size, better: Better): Effect {
  if (better === 'none' || bounds.estimate === null) return 'changed'
  const isMore = bounds.estimate > (scale === 'ratio' ? 1 : 0)
  return isMore === (better === 'higher') ? 'better' : 'worse'
}

/** A change for the worse that was undone since is none any more. */
export function isWorseNow(shifts: readonly Shift[], levels: readonly TrendLevel[]): boolean {
  const recent = shifts.filter((s) => s.isRecent)
  if (recent.some((s) => s.kind === 'drift' && s.effect === 'worse')) return true
  const steps = recent.filter((s) => s.kind === 'shift')
  const [first, worse] = [steps[0], steps.find((s) => s.effect === 'worse')]
  const now = levels.at(-1)
  if (first === undefined || worse === undefined || now === undefined) return false
  const isMore = worse.levels.after.value > worse.levels.before.value
  return isMore ? now.value > first.levels.before.value : now.value < first.levels.before.value
}
