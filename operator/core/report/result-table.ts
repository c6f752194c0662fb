// SPDX-License-Identifier: Apache-2.0
/** The result table: a row for every treatment and stage, a column for every response that was measured. Renderers draw it. */
import { METRICS, type MetricName } from '../model/metric.ts'
import { displayUnit, formatMeasured, intervalMarks, MARKS, scaled, valueMarks, type Mark } from './format.ts'
import { type Message, message, type MessageKey } from './messages.ts'
import { cellKey } from './operating-points.ts'
import { STARTUP_STAGE, type Response, UPGRADED_STAGE } from './response.ts'
import type { Cell, ExperimentResults, FactorInfo } from './results.ts'

interface ResponseColumn extends Response {
  readonly title: Message
  readonly unit: string
}
export interface ResultRow {
  readonly levels: readonly string[]
  readonly stage: string
  /** `stacks/trials` */
  readonly replicates: string
  /** What to know of the intervals of this row. */
  readonly marks: readonly Mark[]
  readonly values: readonly (ResultValue | null)[]
}
export interface ResultValue {
  readonly text: string
  readonly marks: readonly Mark[]
  readonly cell: Cell
  /** Better than all others under the same load, by intervals that do not touch. */
  readonly best: boolean
}
export interface ResultTable {
  readonly factors: readonly { readonly name: string; readonly unit?: string }[]
  /** false where all rows are of the stack. */
  readonly hasStages: boolean
  readonly columns: readonly ResponseColumn[]
  readonly rows: readonly ResultRow[]
  /** What the marks mean that occur. */
  readonly notes: readonly Message[]
}

type Titled = MessageKey extends infer Key ? Key extends `column.${infer Metric extends MetricName}.${infer Statistic extends Response['statistic']}` ? readonly [Metric, Statistic] : never : never

const column = (...[metric, statistic]: Titled): ResponseColumn =>
  ({ metric, statistic, title: message(`column.${metric}.${statistic}` as MessageKey & `column.${string}`), unit: displayUnit(METRICS[metric].unit).unit })

/** What a reader of a serving benchmark looks for first; everything else is in the files. */
const COLUMNS: readonly ResponseColumn[] = [
  column('ttft', 'p50'), column('ttft', 'p99'), column('tpot', 'p50'), column('e2e', 'p99'),
  column('request_throughput', 'value'), column('output_throughput', 'value'), column('goodput', 'value'),
  column('attainment', 'value'), column('error_rate', 'value'),
  column('batch_latency', 'p50'), column('engine_start', 'mean'), column('engine_compile', 'mean'),
]
const STARTUP_COLUMNS: readonly ResponseColumn[] = [
  column('startup_total', 'value'), column('startup_schedule', 'value'), column('startup_pull', 'value'),
  column('startup_load', 'value'), column('startup_weights', 'value'), column('startup_compile', 'value'),
  column('startup_graphs', 'value'), column('startup_kv_cache', 'value'), column('startup_engine', 'value'),
]

export function resultTable(results: ExperimentResults): ResultTable {
  const keys = results.stages.map(({ treatment, stage, offered: { rate, concurrency } }) =>
    ({ treatment, stage, load: `${stage} ${rate} ${concurrency}` }))
  return tableOf(results, { candidates: COLUMNS, factors: results.factors, keys })
}

/** What was measured of stacks: a row for every setup, because the treatments of one setup share its stacks. */
export function startupTable(results: ExperimentResults): ResultTable {
  const factors = results.factors.filter((f) => f.role === 'setup')
  const setups = Map.groupBy(results.treatments, (t) => JSON.stringify(factors.map((f) => t.levels[f.name])))
  const firsts = [...setups.values()].map((own) => own.find((t) => t.trials.length > 0) ?? own[0])
  const keys = [STARTUP_STAGE, UPGRADED_STAGE].flatMap((stage) => firsts.flatMap((t) => (t === undefined ? [] : [{ treatment: t.index, stage, load: stage }])))
  return tableOf(results, { candidates: STARTUP_COLUMNS, factors, keys })
}

interface RowKey { readonly treatment: number; readonly stage: string; readonly load: string }
interface Layout {
  readonly candidates: readonly ResponseColumn[]
  readonly factors: readonly FactorInfo[]
  readonly keys: readonly RowKey[]
}

function tableOf(results: ExperimentResults, { candidates, factors, keys }: Layout): ResultTable {
  const index = new Map(results.cells.map((cell) => [cellKey(cell, cell), cell]))
  const find = (key: RowKey, response: Response) => index.get(cellKey(key, response))
  const measured = keys.filter((key) => candidates.some((c) => find(key, c) !== undefined))
  const columns = candidates.filter((c) => measured.some((key) => find(key, c) !== undefined))
  const best = bestCells(measured.flatMap((key) => columns.map((c) => ({ load: key.load, cell: find(key, c) }))))
  const rows = measured.map((key): ResultRow => {
    const cells = columns.map((c) => find(key, c))
    return {
      levels: factors.map(({ name }) => results.treatments[key.treatment]?.levels[name] ?? ''),
      stage: key.stage, ...replicatesOf(cells),
      values: cells.map((cell) => (cell === undefined ? null : valueOf(cell, best.has(cell)))),
    }
  })
  const seen = new Set(rows.flatMap((r) => [...r.marks, ...r.values.flatMap((v) => v?.marks ?? [])]))
  const marks = (Object.keys(MARKS) as Mark[]).filter((m) => seen.has(m))
  return {
    factors: factors.map(({ name, unit }) => ({ name, ...(unit === undefined ? {} : { unit }) })),
    hasStages: rows.some((r) => r.stage !== STARTUP_STAGE), columns, rows, notes: marks.map((m) => message(`mark.${m}`, { mark: MARKS[m] })),
  }
}

function valueOf(cell: Cell, best: boolean): ResultValue {
  return { text: formatMeasured(scaled(cell, displayUnit(cell.unit).scale)), marks: valueMarks(cell), cell, best }
}

/** Of the response that most trials have. */
function replicatesOf(cells: readonly (Cell | undefined)[]): Pick<ResultRow, 'replicates' | 'marks'> {
  const widest = cells.reduce((most, c) => (c !== undefined && c.trials > (most?.trials ?? 0) ? c : most), undefined)
  if (widest === undefined) return { replicates: '0/0', marks: [] }
  return { replicates: `${widest.stacks}/${widest.trials}`, marks: intervalMarks(widest) }
}

/** The winner of each column and load. Without intervals, or with intervals that touch, there is none: bold must mean something. */
function bestCells(candidates: readonly { readonly load: string; readonly cell: Cell | undefined }[]): ReadonlySet<Cell> {
  const groups = Map.groupBy(candidates, ({ load, cell }) => `${load}/${cell?.metric}/${cell?.statistic}/${cell?.unit}`)
  return new Set([...groups.values()].flatMap((group) => winner(group.flatMap(({ cell }) => cell ?? [])) ?? []))
}

function winner(cells: readonly Cell[]): Cell | undefined {
  const [first, ...others] = [...cells].sort((a, b) => (a.better === 'lower' ? a.mean - b.mean : b.mean - a.mean))
  if (first === undefined || others.length === 0 || first.better === 'none') return undefined
  return others.every((other) => apart(first, other)) ? first : undefined
}

function apart(a: Cell, b: Cell): boolean {
  // Tools define what they claim each in their own way.
  if (a.weak || b.weak || a.claimed === true || b.claimed === true || a.interval.kind === 'none' || b.interval.kind === 'none') return false
  return a.better === 'lower' ? a.interval.high < b.interval.low : a.interval.low > b.interval.high
}
