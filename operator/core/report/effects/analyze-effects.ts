// SPDX-License-Identifier: Apache-2.0
/**
 * The factors of an Experiment against its primary responses: split plots by their stand-ups, stand-up replicates as blocks. What changes
 * only between stacks is tested against the scatter of stand-ups; without replicates of them it is not tested at all.
 */
import { analyzeRows } from '../../analysis/analyze-table.ts'
import type { AnalysisRequest } from '../../analysis/request.ts'
import type { TableAnalysis } from '../../analysis/analysis.ts'
import { METRICS, PERCENTILES, type PercentileName } from '../../model/metric.ts'
import type { Problem } from '../../model/problem.ts'
import { holm } from '../../stats/compare/holm.ts'
import { minimumSamples } from '../../stats/sample-size.ts'
import { formatWithUnit } from '../format.ts'
import { joined, type Message, message, type Part } from '../messages.ts'
import { PRIMARY, responseName } from '../primary.ts'
import { isSame, type Response, STARTUP_STAGE } from '../response.ts'
import type { ExperimentResults, FactorInfo } from '../results.ts'
import { type DriftCost, driftCost, driftOf, withoutDrift } from './drift.ts'
import { COLUMN, type EffectRow, effectRows, tableOf, variedIn } from './effect-rows.ts'
import { type Analysed, isAnalysed, overallEffect } from './effect-size.ts'
import type { Drift, Effects, ResponseEffects } from './effects.ts'

/** Designs whose factors are numbers that fill a space: their effects are a surface. */
const SURFACES: ReadonlySet<string> = new Set(['centralComposite', 'boxBehnken', 'latinHypercube', 'sobol'])
const BY_ARRIVALS: ReadonlySet<string> = new Set(['output_throughput', 'goodput'])
const known = new WeakMap<ExperimentResults, Effects>()

/** Every rendering asks for the same. */
export function effectsOf(results: ExperimentResults): Effects {
  const found = known.get(results) ?? analyzeEffects(results)
  known.set(results, found)
  return found
}

function analyzeEffects(results: ExperimentResults): Effects {
  if (results.order.chosen) return { responses: [], stages: [] }
  const stages = [...new Set(results.stages.map((s) => s.stage))].filter((s) => s !== STARTUP_STAGE)
  const all = stages.flatMap((stage) => PRIMARY.flatMap((response) => ofResponse(results, response, stage)))
  const adjusted = holm(all.flatMap(({ drift }) => (drift === null ? [] : [drift.p])))
  let next = 0
  const responses = all.map((found) => (found.drift === null ? found : judged(results, found, { ...found.drift, adjusted: adjusted[next++] as number })))
  return { responses, stages: [...new Set(responses.map((r) => r.stage))] }
}

const ALPHA = 0.05

/**
 * A drift that is shown is weighed: what would the effects be without it? In random order that is what is told of them. In the order in
 * which trials were listed drift and effects are mixed, and no line drawn through both is to be trusted.
 */
function judged(results: ExperimentResults, found: ResponseEffects, drift: Drift): ResponseEffects {
  if (drift.adjusted > ALPHA || !isAnalysed(found)) return { ...found, drift }
  const rows = effectRows(results, found, found.stage)
  const factors = variedIn(rows, results.factors)
  const analysis = analyse(withoutDrift(rows, drift), { factors, structure: structureOf(rows, factors), design: results.order.design, trend: driftCost(rows, drift) })
  if ('key' in analysis) return { ...found, drift }
  const moved = factors.flatMap(({ name }) => {
    const [before, after] = [overallEffect(found, name), overallEffect({ ...found, analysis }, name)]
    return before === null || after === null ? [] : [{ term: name, with: before.estimate, without: after.estimate }]
  })
  const [moves] = moved.toSorted((a, b) => Math.abs(b.with - b.without) - Math.abs(a.with - a.without))
  const takenOut = results.order.randomized
  return { ...found, ...(takenOut ? { analysis } : {}), drift: { ...drift, takenOut, ...(moves === undefined ? {} : { moves }) } }
}

/** One response of each kind that a reader asks for: waiting, streaming, output. */
const HEADLINED = [['p99(ttft)', 'p50(ttft)'], ['p50(tpot)'], ['goodput', 'output_throughput']] as const

/** Those that are told and drawn; tables have all. The last stage is the heaviest of most workloads, and where configurations part. */
export function headlined({ responses, stages }: Effects): Analysed[] {
  const last = responses.filter(isAnalysed).filter((r) => r.stage === stages.at(-1))
  return HEADLINED.flatMap((names) => names.map((name) => last.find((r) => r.name === name)).find((r) => r !== undefined) ?? [])
}

/** Two trials are compared, not analysed. */
const FEWEST_TRIALS = 3

/** Nothing where it was not measured or nothing is varied. */
function ofResponse(results: ExperimentResults, response: Response, stage: string): ResponseEffects[] {
  const rows = effectRows(results, response, stage)
  const factors = variedIn(rows, results.factors)
  if (factors.length === 0) return []
  const { better, unit } = METRICS[response.metric]
  const own = results.cells.find((c) => c.stage === stage && isSame(response, c))
  const common = {
    ...response,
    name: responseName(response),
    unit: own?.unit ?? unit,
    better,
    stage,
    trials: rows.length,
    suspect: rows.filter((r) => r.suspect).length,
  }
  const why = whyNot(rows, response, common.unit)
  const structure = structureOf(rows, factors)
  if (why !== null) return [{ ...common, analysis: null, why, withoutError: [], drift: null }]
  const analysis = analyse(rows, { factors, structure, design: results.order.design })
  if ('key' in analysis) return [{ ...common, analysis: null, why: analysis, withoutError: [], drift: null }]
  // How much is served of an open loop is decided by what arrives, which all trials of a replicate share: no trend of theirs is one of the server's.
  const isOpen = results.stages.some((s) => s.stage === stage && s.offered.rate !== undefined)
  const found = isOpen && BY_ARRIVALS.has(response.metric) ? null : driftOf(rows)
  return [
    {
      ...common,
      analysis,
      why: null,
      withoutError: withoutError(analysis, structure),
      drift: found === null ? null : { ...found, adjusted: found.p, takenOut: false },
    },
  ]
}

function whyNot(rows: readonly EffectRow[], { statistic }: Response, unit: string): Message | null {
  if (rows.length < FEWEST_TRIALS) return message('effects.fewTrials', { count: rows.length })
  const weak = rows.filter((r) => r.weak).length
  if (weak > 0)
    return message('effects.weak', {
      count: weak,
      total: rows.length,
      statistic,
      need: statistic in PERCENTILES ? minimumSamples(PERCENTILES[statistic as PercentileName]) : '–',
    })
  const claimed = rows.filter((r) => r.claimed).length
  if (claimed > 0 && claimed < rows.length) return message('effects.claimed', { count: claimed, total: rows.length })
  const [first] = rows
  if (first !== undefined && rows.every((r) => r.value === first.value))
    return message('effects.constant', { value: formatWithUnit({ mean: first.value, interval: { kind: 'none', reason: '' }, unit }) })
  return null
}

interface Structure {
  readonly blocks: readonly string[]
  readonly wholePlot: readonly string[]
  /** Factors that change only between stacks. */
  readonly setup: readonly string[]
}

/** Which columns tell what trials have in common: stand-ups are blocks where nothing changes between them, whole plots where something does. */
function structureOf(rows: readonly EffectRow[], factors: readonly FactorInfo[]): Structure {
  const setup = factors.filter((f) => f.role === 'setup').map((f) => f.name)
  const count = (of: (row: EffectRow) => string) => new Set(rows.map(of)).size
  const stacks = count((r) => r.stack)
  if (setup.length === 0) return { setup, wholePlot: [], blocks: stacks > 1 && stacks < rows.length ? [COLUMN.stack] : [] }
  const blocks = count((r) => r.block) > 1 ? [COLUMN.block] : []
  // With one trial each, stand-ups are the rows.
  return { setup, blocks, wholePlot: stacks < rows.length ? [COLUMN.stack] : [] }
}

interface Asked { readonly factors: readonly FactorInfo[]; readonly structure: Structure; readonly design: string; readonly trend?: DriftCost | undefined }

function analyse(rows: readonly EffectRow[], { factors, structure, design, trend }: Asked): TableAnalysis | Message {
  const table = tableOf(rows, factors)
  const request: AnalysisRequest = {
    response: COLUMN.response, factors: factors.map((f) => f.name), blocks: structure.blocks, wholePlot: structure.wholePlot,
    log: rows.every((r) => r.value > 0), runOrder: COLUMN.started, ...(trend === undefined ? {} : { trend }), ...(design === 'oneFactorAtATime' ? { order: 1 } : {}),
  }
  const mixed = factors.filter((f) => isMixed(rows.map((r) => r.levels[f.name] ?? 'NA'))).map((f) => f.name)
  const found = analyzeRows(table, { ...request, categorical: mixed, ...(SURFACES.has(design) ? { model: 'quadratic' } : {}) })
  if (found.ok) return found.value
  return message('effects.refused', {
    reason: joined(found.problems.map(problemText), 'list.semicolon'),
  })
}

function problemText({ path, message: text }: Problem): Part {
  const problem = { stored: plain(text) }
  return path.startsWith('-') || path.startsWith('#') ? problem : message('effects.problem', { what: path, problem })
}

/** Numbers and words together, such as 8, 16 and auto; a level that does not apply is neither. */
function isMixed(levels: readonly string[]): boolean {
  return new Set(levels.filter((l) => l !== 'NA').map((l) => Number.isNaN(Number(l)))).size > 1
}

/** Factors whose stratum has no error, so that nothing can be said of them beyond what was seen. */
function withoutError({ factorial }: TableAnalysis, { setup }: Structure): string[] {
  const plots = factorial?.strata.find((s) => s.name === 'whole plots')
  return plots?.error.df === 0 ? [...setup] : []
}

/** Names of our own columns are no names of the reader's. */
export const plain = (reason: string): string => reason.replaceAll('#block', 'blocks').replaceAll('#stack', 'stand-ups')
