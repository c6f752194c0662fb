// SPDX-License-Identifier: Apache-2.0
/** What was measured already, by a leaderboard's CSV or our own rows, against the treatments of a plan: which can be left out, and in words why others cannot. */
import { readTable, type TableRow } from '../analysis/table.ts'
import { canonicalJson } from '../design/canonical.ts'
import { nearest } from '../model/nearest.ts'
import { type Checked, refused, valid } from '../model/problem.ts'
import { levelText } from '../plan/labels.ts'
import type { BoardRow } from './board.ts'
import { quantizationName } from './llm-perf-quantizations.ts'
import { type Configuration, CONFIGURATION_KEYS, type ConfigurationKey, configurationLabel, normalized } from './configuration.ts'

export interface MeasuredRow {
  readonly configuration: Configuration
  /** Level by factor name as tables show it, where it was Assay that measured. */
  readonly levels?: Readonly<Record<string, string>>
  /** Name of the tool, where it is known: another's numbers are no numbers of ours. */
  readonly tool?: string
  readonly failed: boolean
  /** File and line, or folder. */
  readonly from: string
}

export interface PlannedRow {
  readonly levels: Readonly<Record<string, unknown>>
  readonly configuration: Configuration
  readonly tool?: string
}

export interface LeftOut { readonly levels: Readonly<Record<string, unknown>>; readonly from: string }
export interface Matched {
  readonly leftOut: readonly LeftOut[]
  /** Failed before, and measured again. */
  readonly again: readonly LeftOut[]
  /** Rows that may be of several treatments: the table does not tell which. */
  readonly unclear: readonly { readonly row: MeasuredRow; readonly treatments: number }[]
  /** Rows that are of no treatment. */
  readonly others: number
}

const MODEL = 'config.backend.model'
/** Where a leaderboard's CSV writes what tells rows apart. */
const COLUMNS: Readonly<Record<ConfigurationKey, string>> = {
  model: MODEL, backend: 'config.backend.name', device: 'config.backend.device', dtype: 'config.backend.torch_dtype', quantization: 'config.backend.quantization_scheme',
  attention: 'config.backend.attn_implementation', batch: 'config.scenario.input_shapes.batch_size', input: 'config.scenario.input_shapes.sequence_length', output: 'config.scenario.generate_kwargs.max_new_tokens',
}
/** What shows that a row was measured. */
const MEASURES = ['report.decode.latency.p50', 'report.generate.latency.p50', 'report.prefill.latency.p50', 'report.decode.latency.mean', 'report.load_model.latency.mean']

export function readMeasured(text: string, name: string): Checked<MeasuredRow[]> {
  const read = readTable(text, name)
  if (!read.ok) return read
  const { columns, rows } = read.value
  if (!columns.includes(MODEL)) {
    const close = nearest(MODEL, columns)[0]
    return refused({ reason: 'BadFile', path: '', where: name, message: `it is no leaderboard: there is no column ${MODEL}`, expected: 'a CSV of LLM-Perf, or what assay leaderboard publish wrote', ...(close === undefined ? {} : { nearest: `"${close}"` }) })
  }
  return valid(rows.map((row) => measuredRow(row, columns, name)))
}

const EMPTY = /^(|nan|none|null)$/i
const present = (cell: string | undefined): cell is string => cell !== undefined && !EMPTY.test(cell)

function measuredRow({ line, cells }: TableRow, columns: readonly string[], name: string): MeasuredRow {
  const found: Record<string, string> = Object.fromEntries(CONFIGURATION_KEYS.flatMap((key) => (present(cells[COLUMNS[key]]) ? [[key, plainNumber(cells[COLUMNS[key]] as string)]] : [])))
  const { quantization } = found
  if (quantization !== undefined) found['quantization'] = quantizationName(quantization, cells['config.name'] ?? '', settingsOf(cells))
  const levels = levelsOf(cells['assay.levels'])
  const measured = MEASURES.some((column) => columns.includes(column) && present(cells[column]))
  const tool = present(cells['assay.tool']) ? cells['assay.tool'].replace(/ [^ ]*$/, '') : present(cells[OPTIMUM_VERSION]) ? 'optimum-benchmark' : undefined
  return { configuration: normalized(found), ...(levels === undefined ? {} : { levels }), ...(tool === undefined ? {} : { tool }), failed: present(cells['report.traceback']) || !measured, from: `${name}:${line}` }
}

const OPTIMUM_VERSION = 'config.environment.optimum_benchmark_version'
const SETTINGS = 'config.backend.quantization_config.'
function settingsOf(cells: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(cells).flatMap(([column, cell]) => (column.startsWith(SETTINGS) && present(cell) ? [[column.slice(SETTINGS.length), plainNumber(cell)]] : [])))
}

/** Data frames write whole numbers beside gaps as 256.0. */
const plainNumber = (text: string) => (/^\d+\.0$/.test(text) ? text.slice(0, -2) : text)

function levelsOf(cell: string | undefined): Record<string, string> | undefined {
  if (!present(cell)) return undefined
  try {
    const value = JSON.parse(cell) as unknown
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, level]) => [key, levelText(level)])) : undefined
  } catch {
    return undefined
  }
}

export function measuredFromRows(rows: readonly BoardRow[], from: string): MeasuredRow[] {
  return rows.map(({ configuration, levels, failure, witness }) => ({ configuration, levels, ...(witness === undefined ? {} : { tool: witness.tool.name }), failed: failure !== undefined, from }))
}

/** `failedToo`: what failed before is left out as well. */
export function matchMeasured(planned: readonly PlannedRow[], measured: readonly MeasuredRow[], failedToo: boolean): Matched {
  const found = measured.map((row) => ({ row, own: treatmentsOf(row, planned) }))
  const sure = found.filter(({ own }) => own.length === 1)
  const groups = [...Map.groupBy(sure, ({ own }) => own[0] as PlannedRow)].map(([treatment, rows]) => {
    const success = rows.find(({ row }) => !row.failed)
    return { success: success !== undefined, entry: { levels: treatment.levels, from: (success ?? rows[0])?.row.from ?? '' } }
  })
  return {
    leftOut: groups.filter((g) => g.success || failedToo).map((g) => g.entry), again: groups.filter((g) => !g.success && !failedToo).map((g) => g.entry),
    unclear: found.filter(({ own }) => own.length > 1).map(({ row, own }) => ({ row, treatments: own.length })), others: found.filter(({ own }) => own.length === 0).length,
  }
}

/** The same configuration by the same tool, and the same levels where both name the same factors. */
function treatmentsOf({ configuration, levels, tool }: MeasuredRow, planned: readonly PlannedRow[]): PlannedRow[] {
  const sameTool = (p: PlannedRow) => tool === undefined || p.tool === undefined || tool === p.tool
  const alike = planned.filter((p) => configuration.model !== undefined && sameTool(p) && canonicalJson(p.configuration) === canonicalJson(configuration))
  if (levels === undefined) return alike
  return alike.filter((p) => Object.entries(p.levels).every(([name, level]) => levels[name] === undefined || levels[name] === levelText(level)))
}

export const measuredLabel = ({ configuration }: MeasuredRow): string => configurationLabel(configuration)
