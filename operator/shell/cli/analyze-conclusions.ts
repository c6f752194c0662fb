// SPDX-License-Identifier: Apache-2.0
/** What an analysis says, in sentences that quote its numbers; and what it cannot say. */
import type { AnalysedEffect, AnovaRow, FactorialAnalysis, SurfaceAnalysis, TableAnalysis } from '../../core/analysis/analysis.ts'
import { number, percent, pPhrase, signed } from './analyze-numbers.ts'

export function conclusions(analysis: TableAnalysis): string[] {
  const { factorial, surface } = analysis
  if (surface !== null) return ofSurface(analysis, surface)
  return factorial === null ? [] : ofFactorial(analysis, factorial)
}

const NO_ERROR = 'there is no error to test against: effects are given without interval; replicate runs, or leave out terms (--order 1, fewer factors)'

function ofFactorial(analysis: TableAnalysis, factorial: FactorialAnalysis): string[] {
  const alpha = 1 - analysis.level
  const rows = factorial.strata.flatMap((s) => s.rows.filter((r) => r.kind === 'term').map((row) => ({ row, errorDf: s.error.df })))
  const tested = rows.filter(({ row }) => row.p !== null)
  const found = tested.filter(({ row }) => (row.p as number) <= alpha).sort((a, b) => b.row.contribution - a.row.contribution)
  const quiet = tested.filter(({ row }) => (row.p as number) > alpha)
  return [
    ...found.map(({ row, errorDf }) => foundLine(row, errorDf, analysis, factorial)),
    ...(tested.length > 0 && found.length === 0 ? [`nothing is shown to matter at ${percent(alpha)}`] : []),
    ...(quiet.length === 0 ? [] : [`not shown: ${quiet.map(({ row }) => `${row.source} (${pPhrase(row.p as number)})`).join(', ')}`]),
    ...couldBeSeen(factorial, quiet.map(({ row }) => row.source), analysis),
    ...factorial.strata.flatMap((s) => lenthLine(s, factorial)),
    ...(tested.length === 0 && factorial.strata.every((s) => s.lenth === null) ? [NO_ERROR] : []),
    ...inestimable(factorial),
  ]
}

function foundLine(row: AnovaRow, errorDf: number, analysis: TableAnalysis, factorial: FactorialAnalysis): string {
  const test = `F(${row.df}, ${errorDf}) = ${number(row.f as number)}, ${pPhrase(row.p as number)}, ${percent(row.contribution)} of all variation`
  const effects = factorial.effects.filter((e) => e.term === row.source)
  if (row.source === 'curvature') return `curvature matters: the centre is not midway between the outer levels; ${test}`
  const [only] = effects
  const size = only !== undefined && effects.length === 1 ? `${effectSentence(only, analysis)}; ` : ''
  return `${row.source} matters: ${size}${test}${row.source.includes(' × ') ? ', so that what one does depends on the other' : ''}`
}

function effectSentence(effect: AnalysedEffect, { mean, scale }: TableAnalysis): string {
  const { from, to, term, ratio, estimate, interval } = effect
  const way = term.includes(' × ') ? 'effect' : `${from} → ${to}:`
  if (ratio?.low !== undefined && ratio.high !== undefined) return `${way} × ${number(ratio.estimate)} [${number(ratio.low)}, ${number(ratio.high)}]`
  if (ratio !== undefined) return `${way} × ${number(ratio.estimate)}`
  const share = scale === 'linear' && mean > 0 ? ` (${signed((estimate / mean) * 100).replace(/(\.\d)\d+$/, '$1')} % of the mean)` : ''
  return `${way} ${signed(estimate)}${interval === null ? '' : ` [${signed(interval.low)}, ${signed(interval.high)}]`}${share}`
}

/** Silence about a factor means little where the design was blind to it. */
function couldBeSeen({ detectable }: FactorialAnalysis, quiet: readonly string[], { scale }: TableAnalysis): string[] {
  const own = detectable.filter((d) => quiet.includes(d.factor))
  if (own.length === 0) return []
  const sizes = own.map((d) => `${d.factor} ${scale === 'log' ? `× ${number(Math.exp(d.difference))}` : number(d.difference)}`)
  return [`in four of five cases this design finds differences between levels of: ${sizes.join(', ')}`]
}

function lenthLine({ name, lenth }: FactorialAnalysis['strata'][number], { effects }: FactorialAnalysis): string[] {
  if (lenth === null) return []
  const largestFirst = effects.toSorted((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate))
  const list = (how: AnalysedEffect['standsOut']) => largestFirst.filter((e) => e.standsOut === how).map((e) => `${e.term} ${signed(e.estimate)}`)
  const [surely, likely] = [list('surely'), list('likely')]
  const margins = `margin ${number(lenth.marginOfError)}, for all ${lenth.effects} at once ${number(lenth.simultaneousMargin)}`
  return [
    `nothing is replicated among ${name}: effects are judged against each other by Lenth’s method`,
    `  (pseudo standard error ${number(lenth.pse)}, ${margins})`,
    ...(surely.length === 0 ? [] : [`stand out for sure: ${surely.join(', ')}`]),
    ...(likely.length === 0 ? [] : [`stand out, likely: ${likely.join(', ')}`]),
    ...(surely.length + likely.length === 0 ? ['no effect stands out'] : []),
  ]
}

const MOST_NAMED = 6

function inestimable({ notEstimable, effects }: FactorialAnalysis): string[] {
  // What is mixed with one effect alone stands beside that effect in the table.
  const own = notEstimable.filter((n) => n.mixedWith.length !== 1 || !effects.some((e) => e.term === n.mixedWith[0]))
  const shown = own.slice(0, MOST_NAMED).map(({ term, reason }) => `cannot be estimated: ${term}; ${reason}`)
  const hidden = own.length - shown.length
  const mixed = effects.filter((e) => e.mixedWith.length > 0)
  const sums = mixed.map((e) => [e.term, ...e.mixedWith].join(' + ')).join('; ')
  if (mixed.length > 0) shown.push(`each of these is the sum of several that this fraction cannot tell apart: ${sums}`)
  return hidden > 0 ? [...shown, `and ${hidden} more that cannot be estimated (-o json has all)`] : shown
}

function ofSurface({ scale }: TableAnalysis, surface: SurfaceAnalysis): string[] {
  const { r2, adjustedR2, predictedR2, lackOfFit, stationary, residual, coefficients } = surface
  const lost = coefficients.filter((c) => c.estimate === null).map((c) => c.term)
  const fitted = [
    `it explains ${percent(r2)} of the variation`,
    ...(adjustedR2 === null ? [] : [`${percent(adjustedR2)} adjusted for its size`]),
    ...(predictedR2 === null ? [] : [`${percent(Math.max(0, predictedR2))} of runs that it has not seen`]),
  ]
  return [
    fitted.join(', '),
    ...(residual.df === 0 ? ['there are as many coefficients as runs: no error, no intervals'] : []),
    ...lackOfFitLine(lackOfFit?.p ?? null),
    ...(stationary === null ? [] : [stationaryLine(stationary, scale)]),
    ...(lost.length === 0 ? [] : [`cannot be estimated: ${lost.join(', ')}; the runs do not tell it from earlier terms`]),
  ]
}

function lackOfFitLine(p: number | null): string[] {
  if (p === null) return []
  return [p <= 0.05 ? `lack of fit: a quadratic does not describe it (${pPhrase(p)})` : `no lack of fit is shown (${pPhrase(p)})`]
}

function stationaryLine({ kind, at, predicted, inside }: NonNullable<SurfaceAnalysis['stationary']>, scale: TableAnalysis['scale']): string {
  const place = Object.entries(at).map(([name, x]) => `${name} = ${number(x)}`).join(', ')
  const value = number(scale === 'log' ? Math.exp(predicted) : predicted)
  return `${kind} at ${place}, predicted ${value}${inside ? '' : '; it lies outside of what was measured, so do not trust it'}`
}
