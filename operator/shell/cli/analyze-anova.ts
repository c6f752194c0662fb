// SPDX-License-Identifier: Apache-2.0
/** Tables of an analysis of variance, stratum by stratum, and of its effects. */
import type { AnalysedEffect, AnalysedStratum, AnovaRow, FactorialAnalysis, TableAnalysis } from '../../core/analysis/analysis.ts'
import type { LackOfFit } from '../../core/stats/anova/lack-of-fit.ts'
import { number, percent, pText } from './analyze-numbers.ts'
import type { Section } from './analyze-view.ts'
import { type Column, tableLines } from './table.ts'

export function anovaSections(analysis: TableAnalysis, factorial: FactorialAnalysis): Section[] {
  return [
    ...factorial.strata.map((stratum) => stratumSection(stratum, factorial)),
    { title: 'Effects', lines: effectLines(analysis, factorial) },
  ]
}

type Line = Pick<AnovaRow, 'source' | 'df' | 'sumOfSquares' | 'meanSquare' | 'f' | 'p'> & { readonly contribution: number | null }

const right = 'right' as const
const dash = (value: number | null, text: (x: number) => string) => (value === null ? '' : text(value))
export const ANOVA_COLUMNS: readonly Column<Line>[] = [
  { title: 'source', value: (r) => r.source },
  { title: 'df', value: (r) => r.df, align: right },
  { title: 'sum of squares', value: (r) => number(r.sumOfSquares), align: right },
  { title: 'mean square', value: (r) => dash(r.meanSquare, number), align: right },
  { title: 'F', value: (r) => dash(r.f, number), align: right },
  { title: 'p', value: (r) => dash(r.p, pText), align: right },
  { title: 'contribution', value: (r) => dash(r.contribution, percent), align: right },
]

function stratumSection({ name, units, rows, error }: AnalysedStratum, { total, strata, lackOfFit, deviations }: FactorialAnalysis): Section {
  const split = strata.length > 1
  const lines: Line[] = [
    ...rows.map((row): Line => ({ ...row, source: `${row.source}${markOf(row)}` })),
    { source: split ? `error of ${name}` : 'error', ...error, f: null, p: null, contribution: error.sumOfSquares / total.sumOfSquares },
    ...(name === 'runs' ? lackOfFitLines(lackOfFit) : []),
    ...(name === 'runs' ? [{ source: 'total', ...total, meanSquare: null, f: null, p: null, contribution: null }] : []),
  ]
  const deviation = name === 'runs' ? deviations.runs : deviations.wholePlots
  const whose = name === 'runs' ? 'runs' : 'whole plots beyond their runs'
  const scatter = deviation === null ? [] : [`standard deviation of ${whose} ${number(deviation)}`]
  const title = split ? `Analysis of variance: ${name} (${units})` : 'Analysis of variance'
  return { title, lines: [...tableLines(ANOVA_COLUMNS, lines), ...scatter] }
}

const markOf = ({ kind, lostDf }: AnovaRow) => (kind === 'block' ? ' (block)' : lostDf > 0 ? ' (in part)' : '')

export function lackOfFitLines(found: LackOfFit | null): Line[] {
  if (found === null) return []
  const part = ({ df, sumOfSquares }: LackOfFit['pure']) => ({ df, sumOfSquares, meanSquare: df === 0 ? null : sumOfSquares / df, contribution: null })
  return [
    { source: '  lack of fit', ...part(found.lack), f: found.f, p: found.p },
    { source: '  pure error', ...part(found.pure), f: null, p: null },
  ]
}

const MOST_EFFECTS = 40

function effectLines({ scale }: TableAnalysis, { effects }: FactorialAnalysis): string[] {
  const columns: Column<AnalysedEffect>[] = [
    { title: 'effect', value: (e) => e.term }, { title: 'from', value: (e) => e.from }, { title: 'to', value: (e) => e.to },
    { title: scale === 'log' ? 'ratio' : 'difference', value: (e) => number(e.ratio?.estimate ?? e.estimate), align: right },
    ...(effects.some((e) => e.interval !== null) ? intervalColumns : []),
    ...(effects.some((e) => e.mixedWith.length > 0) ? [{ title: 'mixed with', value: (e: AnalysedEffect) => e.mixedWith.join(', ') }] : []),
    ...(effects.some((e) => e.standsOut !== undefined) ? [{ title: 'stands out', value: (e: AnalysedEffect) => e.standsOut ?? '' }] : []),
  ]
  if (effects.length === 0) return []
  const hidden = effects.length - MOST_EFFECTS
  return [...tableLines(columns, effects.slice(0, MOST_EFFECTS)), ...(hidden > 0 ? [`… and ${hidden} more (-o json has all)`] : [])]
}

const intervalColumns: readonly Column<AnalysedEffect>[] = [
  { title: 'low', value: (e) => dash(e.ratio?.low ?? e.interval?.low ?? null, number), align: right },
  { title: 'high', value: (e) => dash(e.ratio?.high ?? e.interval?.high ?? null, number), align: right },
  { title: 'p', value: (e) => dash(e.interval?.p ?? null, pText), align: right },
  { title: 'by', value: (e) => (e.interval === null ? '' : `${e.interval.method}, ${e.interval.df} df`) },
]
