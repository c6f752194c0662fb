// SPDX-License-Identifier: Apache-2.0
/** An analysis of a table as people read it: what matters first, then the tables behind it, then what to doubt. It computes nothing. */
import type { FactorialAnalysis, TableAnalysis } from '../../core/analysis/analysis.ts'
import { anovaSections } from './analyze-anova.ts'
import { conclusions } from './analyze-conclusions.ts'
import { number, pText, percent } from './analyze-numbers.ts'
import { surfaceSections } from './analyze-surface.ts'
import { counted } from './say.ts'
import { tableLines } from './table.ts'

export interface Section { readonly title: string; readonly lines: readonly string[] }

export function analysisLines(analysis: TableAnalysis): string[] {
  const { factorial, surface } = analysis
  const sections: Section[] = [
    { title: 'In short', lines: conclusions(analysis) },
    ...(factorial === null ? [] : [...anovaSections(analysis, factorial), means(analysis, factorial)]),
    ...(surface === null ? [] : surfaceSections(analysis, surface)),
    checks(analysis),
    { title: 'Notes', lines: notes(analysis) },
  ]
  return [...heading(analysis), ...sections.filter((s) => s.lines.length > 0).flatMap(({ title, lines }) => ['', title, ...lines.map((line) => (line === '' ? '' : `  ${line}`))])]
}

function heading({ response, table, rows, factors, blocks, wholePlots, scale, mean }: TableAnalysis): string[] {
  const levels = factors.map((f) => `${f.name} (${f.levels.length > 8 ? `${f.levels.length} levels` : f.levels.join(', ')}${f.varies === 'whole plot' ? '; changes between whole plots' : ''})`)
  return [
    `${response}${scale === 'log' ? ', by its logarithm,' : ''} of ${counted(rows, 'run')} in ${table}; ${scale === 'log' ? 'geometric mean' : 'mean'} ${number(mean)}`,
    `factors: ${levels.join(' · ')}`,
    ...(blocks.length === 0 ? [] : [`blocks: ${blocks.map((b) => `${b.name} (${b.levels})`).join(' · ')}`]),
    ...(wholePlots === null ? [] : [`whole plots: ${counted(wholePlots.units, 'unit')} by ${wholePlots.columns.join(' and ')}`]),
  ]
}

const MOST_CELLS = 40

function means({ scale }: TableAnalysis, { means: tables }: FactorialAnalysis): Section {
  const lines = tables.flatMap(({ factors, rows }, i) => {
    if (rows.length > MOST_CELLS) return []
    const uneven = rows.some((r) => r.meanOfCells !== null && Math.abs(r.meanOfCells - r.mean) > 1e-9 * Math.abs(r.mean))
    const columns = [
      ...factors.map((name, k) => ({ title: name, value: (row: (typeof rows)[number]) => row.levels[k] as string })),
      { title: 'runs', align: 'right' as const, value: (row: (typeof rows)[number]) => row.n },
      { title: 'mean', align: 'right' as const, value: (row: (typeof rows)[number]) => number(row.mean) },
      ...(uneven ? [{ title: 'mean of cells', align: 'right' as const, value: (row: (typeof rows)[number]) => (row.meanOfCells === null ? '–' : number(row.meanOfCells)) }] : []),
    ]
    return [...(i === 0 ? [] : ['']), ...tableLines(columns, rows)]
  })
  return { title: scale === 'log' ? 'Geometric means' : 'Means', lines }
}

function checks({ checks: all }: TableAnalysis): Section {
  const columns = [
    { title: 'assumption', value: (c: (typeof all)[number]) => c.assumption },
    { title: 'verdict', value: (c: (typeof all)[number]) => c.verdict },
    { title: 'p', align: 'right' as const, value: (c: (typeof all)[number]) => (c.p === null ? '–' : pText(c.p)) },
    { title: 'by', value: (c: (typeof all)[number]) => `${c.method}: ${c.detail}` },
  ]
  return { title: 'Assumptions, by the residuals', lines: tableLines(columns, all) }
}

const MOST_LINES_NAMED = 12

function notes({ notes: own, leftOut, level, checks: all, scale }: TableAnalysis): string[] {
  const byReason = [...Map.groupBy(leftOut, (l) => l.reason)]
  const doubt = all.some((c) => c.verdict === 'doubt' && (c.assumption === 'normal residuals' || c.assumption === 'equal spread'))
  const timely = all.some((c) => c.verdict === 'doubt' && (c.assumption === 'no trend over the order of runs' || c.assumption === 'neighbouring runs independent'))
  return [
    ...own,
    ...byReason.map(([reason, rows]) => `left out, since ${reason}: ${rows.length === 1 ? 'line' : 'lines'} ${rows.slice(0, MOST_LINES_NAMED).map((r) => r.line).join(', ')}${rows.length > MOST_LINES_NAMED ? ` and ${rows.length - MOST_LINES_NAMED} more` : ''}`),
    ...(doubt && scale === 'linear' ? ['the residuals are in doubt: for times and rates, --log often mends both their shape and their spread'] : []),
    ...(timely ? ['the runs are not steady over their order: with a randomised order the estimates stand, but their errors hold the drift; --block takes it out, and --run-order names the order where it is not that of the rows'] : []),
    `intervals are of ${percent(level)}; p-values are not corrected for the number of terms`,
  ]
}
