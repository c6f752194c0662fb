// SPDX-License-Identifier: Apache-2.0
/** The capacity of every configuration as a table. Renderers draw it. */
import { capacityText } from '../adaptive/capacity-text.ts'
import { joined, message, type Part } from './messages.ts'
import type { CapacityResults, CapacityRow, ExperimentResults } from './results.ts'
import type { ScoreTable } from './score-table.ts'

export interface CapacityTable extends ScoreTable {
  /** Of single rows: sentences, too long for a column. */
  readonly doubts: readonly Part[]
  readonly note: Part
}

/** Without rows where nothing was searched. */
export function capacityTable({ capacity }: Pick<ExperimentResults, 'capacity'>): CapacityTable {
  if (capacity === undefined) return { head: [], firstNumber: 0, rows: [], doubts: [], note: '' }
  const { factors, load, unit, rows } = capacity
  const of = unit === undefined ? '' : ` [${unit}]`
  const head = [...factors.map((f) => (f.unit === undefined ? f.name : `${f.name} [${f.unit}]`)), message('capacity.highest', { load: `${load}${of}` }), message('capacity.met'), message('capacity.missed'), message('capacity.standUps'), message('capacity.probes'), message('table.trials')]
  const doubts = rows.filter((row) => row.doubts.length > 0).map((row) => doubtOf(row, factors.map((f, i) => `${f.name}=${row.levels[i]}`).join(' ')))
  return { head, firstNumber: factors.length + 1, rows: rows.map((row) => cells(row, unit)), doubts, note: noteOf(capacity) }
}

function doubtOf(row: CapacityRow, configuration: string): Part {
  const doubts = joined(row.doubts.map((stored) => ({ stored })), 'list.semicolon')
  return configuration === '' ? doubts : message('capacity.doubt', { configuration, doubts })
}

function cells(row: CapacityRow, unit: string | undefined): Part[] {
  const { levels, results, met, missed, probes, trials } = row
  return [...levels, answer(row, unit), bound(met), bound(missed), String(results.length), String(probes), String(trials)]
}

const bound = (load: number | null) => (load === null ? '–' : short(load))
const short = (value: number) => String(Number(value.toPrecision(4)))

function answer({ results, summary }: CapacityRow, unit: string | undefined): Part {
  if (summary === null) return joined([...new Set(results.map((r) => capacityText(r, unit)))].map((stored) => ({ stored })), 'list.semicolon')
  const { mean, interval } = summary
  return interval.kind === 'none' ? short(mean) : `${short(mean)} ± ${Number(((interval.high - interval.low) / 2).toPrecision(2))}`
}

function noteOf({ objectives, rows }: CapacityResults): Part {
  const between = rows.some((r) => r.summary?.interval.kind === 'interval')
  const single = rows.some((r) => r.results.length === 1)
  return joined([
    message('capacity.objectives', { objectives: objectives.length < 2 ? objectives.join('') : joined(objectives, 'list.and') }),
    ...(between ? [message('capacity.interval')] : []),
    ...(single ? [message('capacity.single')] : []),
    message('capacity.chosen'),
  ], 'list.sentence')
}
