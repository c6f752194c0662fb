// SPDX-License-Identifier: Apache-2.0
/** An analysis of a table as people read it: what matters first, then the tables behind it, then what to doubt. It computes nothing. */
import type { FactorialAnalysis, MeansOfTerm, TableAnalysis } from '../../core/analysis/analysis.ts'
import type { ResidualCheck } from '../../core/stats/anova/residual-checks.ts'
import type { LevelMean } from '../../core/stats/means-table.ts'
import { anovaSections } from './analyze-anova.ts'
import { conclusions } from './analyze-conclusions.ts'
import { number, pText, percent } from './analyze-numbers.ts'
import { surfaceSections } from './analyze-surface.ts'
import { counted } from './say.ts'
import { type Column, tableLines } from './table.ts'

export interface Section { readonly title: string; readonly lines: readonly string[] }

export function analysisLines(analysis: TableAnalysis): string[] {
  const { factorial, surface } = analysis
  const sections: Section[] = [
    { title: 'In short', lines: conclusions(analysis) },
    ...(factorial === null ? [] : [...anovaSections(analysis, factorial), means(analysis, factorial)]),
    ...(surface === null ? [] : surfaceSections(analysis, surface)),
    { title: 'Assumptions, by the residuals', lines: tableLines(CHECK_COLUMNS, analysis.checks) },
    { title: 'Notes', lines: notes(analysis) },
  ]
  const indented = (line: string) => (line === '' ? '' : `  ${line}`)
  return [...heading(analysis), ...sections.filter((s) => s.lines.length > 0).flatMap(({ title, lines }) => ['', title, ...lines.map(indented)])]
}

const MOST_LEVELS = 8

function heading({ response, table, rows, factors, blocks, wholePlots, scale, mean }: TableAnalysis): string[] {
  const [how, average] = scale === 'log' ? [', by its logarithm,', 'geometric mean'] : ['', 'mean']
  const levels = factors.map((f) => {
    const list = f.levels.length > MOST_LEVELS ? `${f.levels.length} levels` : f.levels.join(', ')
    return `${f.name} (${list}${f.varies === 'whole plot' ? '; changes between whole plots' : ''})`
  })
  return [
    `${response}${how} of ${counted(rows, 'run')} in ${table}; ${average} ${number(mean)}`,
    `factors: ${levels.join(' · ')}`,
    ...(blocks.length === 0 ? [] : [`blocks: ${blocks.map((b) => `${b.name} (${b.levels})`).join(' · ')}`]),
    ...(wholePlots === null ? [] : [`whole plots: ${counted(wholePlots.units, 'unit')} by ${wholePlots.columns.join(' and ')}`]),
  ]
}

const MOST_CELLS = 40

function means({ scale }: TableAnalysis, { means: tables }: FactorialAnalysis): Section {
  const lines = tables.filter(({ rows }) => rows.length <= MOST_CELLS).flatMap((table, i) => [...(i === 0 ? [] : ['']), ...meanLines(table)])
  return { title: scale === 'log' ? 'Geometric means' : 'Means', lines }
}

function meanLines({ factors, rows }: MeansOfTerm): string[] {
  const uneven = rows.some((r) => r.meanOfCells !== null && Math.abs(r.meanOfCells - r.mean) > 1e-9 * Math.abs(r.mean))
  const columns: Column<LevelMean>[] = [
    ...factors.map((name, k): Column<LevelMean> => ({ title: name, value: (row) => row.levels[k] as string })),
    { title: 'runs', align: 'right', value: (row) => row.n },
    { title: 'mean', align: 'right', value: (row) => number(row.mean) },
  ]
  const ofCells: Column<LevelMean> = { title: 'mean of cells', align: 'right', value: (row) => (row.meanOfCells === null ? '–' : number(row.meanOfCells)) }
  return tableLines(uneven ? [...columns, ofCells] : columns, rows)
}

const CHECK_COLUMNS: readonly Column<ResidualCheck>[] = [
  { title: 'assumption', value: (c) => c.assumption },
  { title: 'verdict', value: (c) => c.verdict },
  { title: 'p', align: 'right', value: (c) => (c.p === null ? '–' : pText(c.p)) },
  { title: 'by', value: (c) => `${c.method}: ${c.detail}` },
]

const MOST_LINES_NAMED = 12
const SHAPE = 'the residuals are in doubt: for times and rates, --log often mends both their shape and their spread'
const TIME = 'the runs are not steady over their order: in a randomised order the estimates stand, but their errors hold the drift;'
  + ' --block takes it out, and --run-order names the order where it is not that of the rows'

function notes({ notes: own, leftOut, level, checks, scale }: TableAnalysis): string[] {
  const doubted = (...assumptions: readonly ResidualCheck['assumption'][]) => checks.some((c) => c.verdict === 'doubt' && assumptions.includes(c.assumption))
  return [
    ...own,
    ...[...Map.groupBy(leftOut, (l) => l.reason)].map(([reason, rows]) => leftOutLine(reason, rows.map((r) => r.line))),
    ...(scale === 'linear' && doubted('normal residuals', 'equal spread') ? [SHAPE] : []),
    ...(doubted('no trend over the order of runs', 'neighbouring runs independent') ? [TIME] : []),
    `intervals are of ${percent(level)}; p-values are not corrected for the number of terms`,
  ]
}

function leftOutLine(reason: string, lines: readonly number[]): string {
  const hidden = lines.length - MOST_LINES_NAMED
  const named = `${lines.slice(0, MOST_LINES_NAMED).join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`
  return `left out, since ${reason}: ${lines.length === 1 ? 'line' : 'lines'} ${named}`
}
