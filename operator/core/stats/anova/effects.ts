// SPDX-License-Identifier: Apache-2.0
/** From a fitted stratum to what people ask for: how far levels lie apart, with intervals from the stratum's own error. */
import { rangeQuantile, rangeSurvival } from '../distribution/studentized-range.ts'
import { twoSidedCritical, twoSidedP } from '../student-t.ts'
import type { Stratum } from './strata.ts'
import type { Factor, Term } from './terms.ts'

/** A contrast of a term, in the unit of the response. */
export interface Effect {
  readonly term: string
  /** Levels whose means it compares: `to` minus `from`; for interactions of two-level factors half the difference of differences. */
  readonly from: string
  readonly to: string
  readonly estimate: number
  /** null where the stratum has no error to take it from. */
  readonly interval: EffectInterval | null
}

export interface EffectInterval {
  readonly low: number
  readonly high: number
  readonly level: number
  readonly standardError: number
  readonly df: number
  readonly p: number
  readonly method: string
}

/** Differences of all pairs of levels, for more than two at once by Tukey and Kramer; empty where the term is not fully estimable. */
export function mainEffects(stratum: Stratum, factor: Factor, level = 0.95): Effect[] {
  const { levels, name } = factor
  const pairs = levels.flatMap((_, to) => levels.slice(0, to).map((_l, from) => [from, to] as const))
  return pairs.flatMap(([from, to]) => {
    const weights = levels.slice(1).map((_, i) => weightOf(i + 1, to) - weightOf(i + 1, from))
    return contrast({ stratum, term: name, weights, groups: levels.length, level, from: levels[from] as string, to: levels[to] as string })
  })
}

/** A level's effect is the coefficient of its column; that of the first is minus the sum of all. */
const weightOf = (column: number, level: number) => (level === 0 ? -1 : Number(column === level))

/** The classical effect of an interaction of factors with two levels each: contrast over half the number of runs. */
export function interactionEffect(stratum: Stratum, term: Term, level = 0.95): Effect[] {
  if (term.columns.length !== 1) return []
  return contrast({ stratum, term: term.name, weights: [2], groups: 2, level, from: '−', to: '+' })
}

interface ContrastInput {
  readonly stratum: Stratum
  readonly term: string
  /** Of the term's own columns. */
  readonly weights: readonly number[]
  /** Levels whose pairs are compared at once. */
  readonly groups: number
  readonly level: number
  readonly from: string
  readonly to: string
}

function contrast({ stratum: { fit }, term, weights, groups, level, from, to }: ContrastInput): Effect[] {
  const found = fit.contrast(term, weights)
  if (found === null) return []
  const { estimate, unitVariance } = found
  const { meanSquare, df } = fit.error
  if (meanSquare === null) return [{ term, from, to, estimate, interval: null }]
  const standardError = Math.sqrt(unitVariance * meanSquare)
  // Without any scatter an effect is known exactly.
  const t = estimate === 0 ? 0 : Math.abs(estimate) / standardError
  const { half, p, method } = reach({ t, groups, df, level })
  const [low, high] = [estimate - half * standardError, estimate + half * standardError]
  return [{ term, from, to, estimate, interval: { low, high, level, standardError, df, p, method } }]
}

interface Reach { readonly half: number; readonly p: number; readonly method: string }

function reach({ t, groups, df, level }: { readonly t: number; readonly groups: number; readonly df: number; readonly level: number }): Reach {
  if (groups <= 2) return { half: twoSidedCritical(level, df), p: twoSidedP(t, df), method: 'Student' }
  return { half: tukeyCritical(level, groups, df) / Math.SQRT2, p: t === Infinity ? 0 : rangeSurvival(t * Math.SQRT2, { groups, df }), method: 'Tukey–Kramer' }
}

/** The quantile takes some hundredths of a second, and all pairs of a factor share it. */
const known = new Map<string, number>()

function tukeyCritical(level: number, groups: number, df: number): number {
  const key = `${level}/${groups}/${df}`
  const value = known.get(key) ?? rangeQuantile(level, { groups, df })
  if (known.size < 10_000) known.set(key, value)
  return value
}
