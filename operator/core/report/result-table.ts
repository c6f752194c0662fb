// SPDX-License-Identifier: Apache-2.0
/** The result table: a row for every treatment and stage, a column for every response that was measured. Renderers draw it. */
import { METRICS, type MetricName } from '../model/metric.ts'
import { formatMeasured, marksOf, MARKS, type Mark } from './format.ts'
import { STARTUP_STAGE, type Response } from './response.ts'
import type { Cell, ExperimentResults } from './results.ts'

export interface ResponseColumn extends Response {
  readonly title: string
  readonly unit: string
  /** Shares are shown in percent, as people write them. */
  readonly scale: number
}
export interface ResultRow {
  readonly levels: readonly string[]
  readonly stage: string
  /** `2 × 3`: stand-ups and trials, as `stacks/trials`. */
  readonly replicates: string
  readonly values: readonly (ResultValue | null)[]
}
export interface ResultValue {
  readonly text: string
  readonly marks: readonly Mark[]
  readonly cell: Cell
  /** Of the column, among rows of the same stage. */
  readonly best: boolean
}
export interface ResultTable {
  readonly factors: readonly { readonly name: string; readonly unit?: string }[]
  readonly columns: readonly ResponseColumn[]
  readonly rows: readonly ResultRow[]
  /** What the marks mean that occur. */
  readonly notes: readonly string[]
}

const column = (metric: MetricName, statistic: Response['statistic'], title: string): ResponseColumn => {
  const { unit } = METRICS[metric]
  return { metric, statistic, title, ...(unit === 'ratio' ? { unit: '%', scale: 100 } : { unit, scale: 1 }) }
}

/** What a reader of a serving benchmark looks for first; everything else is in the files. */
const COLUMNS: readonly ResponseColumn[] = [
  column('ttft', 'p50', 'TTFT p50'), column('ttft', 'p99', 'TTFT p99'), column('tpot', 'p50', 'TPOT p50'), column('e2e', 'p99', 'E2E p99'),
  column('request_throughput', 'value', 'Requests'), column('output_throughput', 'value', 'Output'), column('goodput', 'value', 'Goodput'),
  column('attainment', 'value', 'SLO met'), column('error_rate', 'value', 'Errors'),
]
const STARTUP_COLUMNS: readonly ResponseColumn[] = [
  column('startup_total', 'value', 'Start-up'), column('startup_schedule', 'value', 'Schedule'), column('startup_pull', 'value', 'Pull'),
  column('startup_load', 'value', 'Load'),
]

export function resultTable(results: ExperimentResults): ResultTable {
  return tableOf(results, COLUMNS, results.stages)
}

/** The same for what was measured of stacks. */
export function startupTable(results: ExperimentResults): ResultTable {
  return tableOf(results, STARTUP_COLUMNS, results.treatments.map((t) => ({ treatment: t.index, stage: STARTUP_STAGE })))
}

interface RowKey { readonly treatment: number; readonly stage: string }

function tableOf(results: ExperimentResults, candidates: readonly ResponseColumn[], keys: readonly RowKey[]): ResultTable {
  const index = new Map(results.cells.map((cell) => [keyOf(cell, cell), cell]))
  const find = (key: RowKey, response: Response) => index.get(keyOf(key, response))
  const measured = keys.filter((key) => candidates.some((c) => find(key, c) !== undefined))
  const columns = candidates.filter((c) => measured.some((key) => find(key, c) !== undefined))
  const best = bestCells(measured.map((key) => columns.map((c) => find(key, c))))
  const factors = results.factors.map(({ name, unit }) => ({ name, ...(unit === undefined ? {} : { unit }) }))
  const rows = measured.map((key): ResultRow => {
    const cells = columns.map((c) => find(key, c))
    const widest = cells.reduce<Cell | undefined>((most, c) => (c !== undefined && c.trials > (most?.trials ?? 0) ? c : most), undefined)
    return {
      levels: factors.map(({ name }) => results.treatments[key.treatment]?.levels[name] ?? ''),
      stage: key.stage, replicates: `${widest?.stacks ?? 0}/${widest?.trials ?? 0}`,
      values: cells.map((cell, i) => (cell === undefined ? null : valueOf(cell, columns[i] as ResponseColumn, best.has(cell)))),
    }
  })
  const seen = new Set(rows.flatMap((r) => r.values.flatMap((v) => v?.marks ?? [])))
  const marks = (Object.keys(MARKS) as Mark[]).filter((m) => seen.has(m))
  return { factors, columns, rows, notes: marks.map((m) => `${MARKS[m].mark} ${MARKS[m].text}`) }
}

function keyOf({ treatment, stage }: RowKey, { metric, statistic }: { readonly metric: string; readonly statistic: string }): string {
  return `${treatment}/${stage}/${metric}/${statistic}`
}

function valueOf(cell: Cell, { scale }: ResponseColumn, best: boolean): ResultValue {
  const { interval } = cell
  const scaled = interval.kind === 'none' ? interval : { ...interval, low: interval.low * scale, high: interval.high * scale }
  return { text: formatMeasured({ mean: cell.mean * scale, interval: scaled }), marks: marksOf(cell), cell, best }
}

/** The best value of each column and stage, where there is something to be better than. */
function bestCells(rows: readonly (readonly (Cell | undefined)[])[]): ReadonlySet<Cell> {
  const cells = rows.flat().filter((c): c is Cell => c !== undefined && c.better !== 'none' && !c.weak)
  const groups = Map.groupBy(cells, (c) => `${c.stage}/${c.metric}/${c.statistic}`)
  return new Set([...groups.values()].flatMap((group) => {
    const [first, ...others] = [...group].sort((a, b) => (a.better === 'lower' ? a.mean - b.mean : b.mean - a.mean))
    return first === undefined || others.length === 0 || others.some((o) => o.mean === first.mean) ? [] : [first]
  }))
}
