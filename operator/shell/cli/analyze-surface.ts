// SPDX-License-Identifier: Apache-2.0
/** Tables of a response surface: its analysis of variance and its coefficients. */
import type { SurfaceAnalysis, TableAnalysis } from '../../core/analysis/analysis.ts'
import { ANOVA_COLUMNS, lackOfFitLines } from './analyze-anova.ts'
import { number, pText } from './analyze-numbers.ts'
import type { Section } from './analyze-view.ts'
import { tableLines } from './table.ts'

export function surfaceSections({ scale }: TableAnalysis, { coefficients, groups, residual, total, lackOfFit }: SurfaceAnalysis): Section[] {
  const share = (sumOfSquares: number) => sumOfSquares / total.sumOfSquares
  const meanSquare = residual.df === 0 ? null : residual.sumOfSquares / residual.df
  const rows = [
    ...groups.map(({ name, df, sumOfSquares, f, p }) => ({ source: name, df, sumOfSquares, meanSquare: sumOfSquares / df, f, p, contribution: share(sumOfSquares) })),
    { source: 'error', df: residual.df, sumOfSquares: residual.sumOfSquares, meanSquare, f: null, p: null, contribution: share(residual.sumOfSquares) },
    ...lackOfFitLines(lackOfFit),
    { source: 'total', ...total, meanSquare: null, f: null, p: null, contribution: null },
  ]
  const shown = (value: number | null, text = number) => (value === null ? '–' : text(value))
  const right = 'right' as const
  const columns = [
    { title: 'term', value: (c: (typeof coefficients)[number]) => c.term }, { title: 'coefficient', value: (c: (typeof coefficients)[number]) => shown(c.estimate), align: right },
    { title: 'std. error', value: (c: (typeof coefficients)[number]) => shown(c.standardError), align: right }, { title: 'low', value: (c: (typeof coefficients)[number]) => shown(c.low), align: right },
    { title: 'high', value: (c: (typeof coefficients)[number]) => shown(c.high), align: right }, { title: 'p', value: (c: (typeof coefficients)[number]) => shown(c.p, pText), align: right },
    { title: 'over −1 … 1', value: (c: (typeof coefficients)[number]) => shown(c.coded), align: right },
  ]
  return [
    { title: 'Analysis of variance', lines: [...tableLines(ANOVA_COLUMNS, rows), ...(residual.deviation === null ? [] : [`residual standard deviation ${number(residual.deviation)}`])] },
    { title: `Coefficients${scale === 'log' ? ' of the logarithm' : ''}, per unit of each factor`, lines: tableLines(columns, coefficients) },
  ]
}
