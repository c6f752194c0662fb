// SPDX-License-Identifier: Apache-2.0
/** Tables of a response surface: its analysis of variance and its coefficients. */
import type { SurfaceAnalysis, TableAnalysis } from '../../core/analysis/analysis.ts'
import { ANOVA_COLUMNS, lackOfFitLines } from './analyze-anova.ts'
import { number, pText } from './analyze-numbers.ts'
import type { Section } from './analyze-view.ts'
import { type Column, tableLines } from './table.ts'

type Term = SurfaceAnalysis['coefficients'][number]
const right = 'right' as const
const shown = (value: number | null, text = number) => (value === null ? '–' : text(value))
const COEFFICIENT_COLUMNS: readonly Column<Term>[] = [
  { title: 'term', value: (c) => c.term },
  { title: 'coefficient', value: (c) => shown(c.estimate), align: right },
  { title: 'std. error', value: (c) => shown(c.standardError), align: right },
  { title: 'low', value: (c) => shown(c.low), align: right },
  { title: 'high', value: (c) => shown(c.high), align: right },
  { title: 'p', value: (c) => shown(c.p, pText), align: right },
  { title: 'over −1 … 1', value: (c) => shown(c.coded), align: right },
]

export function surfaceSections({ scale }: TableAnalysis, surface: SurfaceAnalysis): Section[] {
  const { coefficients, groups, residual, total, lackOfFit } = surface
  const part = ({ df, sumOfSquares }: { readonly df: number; readonly sumOfSquares: number }) => ({
    df, sumOfSquares, meanSquare: df === 0 ? null : sumOfSquares / df, contribution: sumOfSquares / total.sumOfSquares,
  })
  const rows = [
    ...groups.map((group) => ({ source: group.name, ...part(group), f: group.f, p: group.p })),
    { source: 'error', ...part(residual), f: null, p: null },
    ...lackOfFitLines(lackOfFit),
    { source: 'total', ...total, meanSquare: null, f: null, p: null, contribution: null },
  ]
  const scatter = residual.deviation === null ? [] : [`residual standard deviation ${number(residual.deviation)}`]
  return [
    { title: 'Analysis of variance', lines: [...tableLines(ANOVA_COLUMNS, rows), ...scatter] },
    {
      title: `Coefficients${scale === 'log' ? ' of the logarithm' : ''}, per unit of each factor`,
      lines: tableLines(COEFFICIENT_COLUMNS, coefficients),
    },
  ]
}
