// SPDX-License-Identifier: Apache-2.0
/** A table and what is asked of it → one analysis, or everything that is wrong with either. */
import { type Checked, refused, valid } from '../model/problem.ts'
import { checkResiduals, type ResidualCheck } from '../stats/anova/residual-checks.ts'
import { type Stratum, WHOLE_PLOTS } from '../stats/anova/strata.ts'
import type { Fit } from '../stats/linear/least-squares.ts'
import { mean } from '../stats/summary.ts'
import type { AnalysedFactor, TableAnalysis } from './analysis.ts'
import { analyzeFactorial } from './factorial.ts'
import { chooseModel, type FactorialModel } from './model.ts'
import { standsStill } from './levels.ts'
import { isRunOrder } from './run-order.ts'
import { type AnalysisRequest, type CheckedRequest, checkRequest } from './request.ts'
import { analyzeSurface } from './surface.ts'
import { readTable, type Table } from './table.ts'

export function analyzeTable(text: string, name: string, request: AnalysisRequest): Checked<TableAnalysis> {
  const table = readTable(text, name)
  return table.ok ? analyzeRows(table.value, request) : table
}

/** The same of rows that are at hand already. */
export function analyzeRows(table: Table, request: AnalysisRequest): Checked<TableAnalysis> {
  const checked = checkRequest(table, request)
  if (!checked.ok) return checked
  return request.model === 'quadratic' ? quadratic(checked.value) : valid(factorial(checked.value))
}

function factorial(checked: CheckedRequest): TableAnalysis {
  const model = chooseModel(checked)
  const analysis = analyzeFactorial(checked, model)
  const runs = model.strata.find((s) => s.name === 'runs') as Stratum
  return {
    ...common(checked, varying(checked)), factorial: analysis, surface: null, notes: [...model.notes, ...notesOf(checked, model)],
    checks: checksOf(checked, runs.fit.fit),
  }
}

function quadratic(checked: CheckedRequest): Checked<TableAnalysis> {
  const fitted = analyzeSurface(checked)
  if (!fitted.ok) return refused(...fitted.problems)
  const { surface, fit } = fitted.value
  return valid({ ...common(checked, () => 'between runs'), factorial: null, surface, checks: checksOf(checked, fit), notes: [] })
}

function checksOf(checked: CheckedRequest, { residuals, leverages, df }: Fit): ResidualCheck[] {
  return checkResiduals({ residuals: [...residuals], leverages: [...leverages], df, ordered: isRunOrder(checked), ...groupsOf(checked) })
}

type Common = Omit<TableAnalysis, 'factorial' | 'surface' | 'checks' | 'notes'>
type Varying = (codes: readonly number[]) => AnalysedFactor['varies']

function common(checked: CheckedRequest, varies: Varying): Common {
  const { request, table, y, factors, blocks, wholePlots, leftOut } = checked
  const { response, log = false, level = 0.95, wholePlot = [] } = request
  const centre = mean(y) as number
  return {
    response, table, scale: log ? 'log' : 'linear', level, rows: y.length, leftOut, mean: log ? Math.exp(centre) : centre,
    factors: factors.map(({ name, levels, numbers, codes }) => ({ name, levels, numeric: numbers !== undefined, varies: varies(codes) })),
    blocks: blocks.map((b) => ({ name: b.name, levels: b.levels.length })),
    wholePlots: wholePlots === undefined ? null : { columns: wholePlot, units: wholePlots.levels.length },
  }
}

/** A factor that is the same in all runs of each whole plot changes between whole plots only. */
function varying({ wholePlots }: CheckedRequest): Varying {
  return (codes) => (wholePlots !== undefined && standsStill(codes, wholePlots.codes) ? 'whole plot' : 'between runs')
}

const TYPES = { sequential: 'type I', hierarchical: 'type II', partial: 'type III' } as const

function notesOf(checked: CheckedRequest, { strata, factors }: FactorialModel): string[] {
  const { request: { sums = 'hierarchical' } } = checked
  const numeric = factors.length >= 2 && factors.every((f) => f.numbers !== undefined && f.levels.length >= 3)
  const incomplete = strata.some((s) => s.fit.terms.some((t) => t.lostDf > 0 && t.term.includes(' × ')))
  return [
    ...wholePlotNotes(checked, strata),
    ...(strata.every((s) => s.fit.balanced) ? [] : [`the data is not balanced: sums of squares are ${sums} (${TYPES[sums]}) and do not add up to the total`]),
    ...(numeric && incomplete ? ['all factors are numeric, and not all combinations were run: --model quadratic fits a response surface'] : []),
  ]
}

function wholePlotNotes(checked: CheckedRequest, strata: readonly Stratum[]): string[] {
  const { wholePlots, request, factors, y } = checked
  if (wholePlots === undefined) return []
  const columns = (request.wholePlot ?? []).join(', ')
  const varies = varying(checked)
  const single = strata.some((s) => s.name === WHOLE_PLOTS && s.fit.error.df === 0)
  return [
    ...(factors.some((f) => varies(f.codes) === 'whole plot') ? [] : [
      'no factor is constant within the whole plots, so they act as blocks;'
      + ` if ${columns} repeats its labels for different stacks, name the columns that together make them one: --whole-plot a,b`,
    ]),
    ...(wholePlots.levels.length === y.length ? ['every whole plot has one run: whole plots and runs cannot be told apart'] : []),
    ...(single ? ['whole plots leave no error: what changes between them was stood up once each, so that it gets no interval and no p-value'] : []),
  ]
}

/** Cells of the design where each has three runs, else levels of the first factor that allows it. */
function groupsOf({ factors, y }: CheckedRequest): { readonly groups: readonly number[]; readonly groupsAre: string } {
  const keys = y.map((_, row) => factors.map((f) => f.codes[row]).join())
  const cells = [...new Set(keys)]
  if (cells.length >= 2 && cells.every((cell) => keys.filter((k) => k === cell).length >= 3)) {
    return { groups: keys.map((k) => cells.indexOf(k)), groupsAre: 'treatments' }
  }
  const factor = factors.find((f) => f.levels.filter((_, i) => f.codes.filter((c) => c === i).length >= 3).length >= 2)
  return { groups: factor?.codes ?? y.map(() => 0), groupsAre: factor === undefined ? 'groups' : `levels of ${factor.name}` }
}
