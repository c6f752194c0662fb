// SPDX-License-Identifier: Apache-2.0
/** The capacity of every configuration as a table. Renderers draw it. */
import { capacityText } from '../adaptive/capacity-text.ts'
import type { CapacityResults, CapacityRow, ExperimentResults } from './results.ts'
import type { ScoreTable } from './score-table.ts'

export interface CapacityTable extends ScoreTable { readonly note: string }

/** Without rows where nothing was searched. */
export function capacityTable({ capacity }: Pick<ExperimentResults, 'capacity'>): CapacityTable {
  if (capacity === undefined) return { head: [], firstNumber: 0, rows: [], note: '' }
  const { factors, load, unit, rows } = capacity
  const of = unit === undefined ? '' : ` [${unit}]`
  const head = [...factors.map((f) => (f.unit === undefined ? f.name : `${f.name} [${f.unit}]`)), `highest ${load}${of}`, 'surely met', 'surely not', 'stand-ups', 'probes', 'trials', 'doubts']
  return { head, firstNumber: factors.length + 1, rows: rows.map((row) => cells(row, unit)), note: noteOf(capacity) }
}

function cells(row: CapacityRow, unit: string | undefined): string[] {
  const { levels, results, met, missed, probes, trials, doubts } = row
  return [...levels, answer(row, unit), bound(met), bound(missed), String(results.length), String(probes), String(trials), doubts.join('; ')]
}

const bound = (load: number | null) => (load === null ? '–' : short(load))
const short = (value: number) => String(Number(value.toPrecision(4)))

function answer({ results, summary }: CapacityRow, unit: string | undefined): string {
  if (summary === null) return [...new Set(results.map((r) => capacityText(r, unit)))].join('; ')
  const { mean, interval } = summary
  return interval.kind === 'none' ? short(mean) : `${short(mean)} ± ${Number(((interval.high - interval.low) / 2).toPrecision(2))}`
}

function noteOf({ objectives, rows }: CapacityResults): string {
  const between = rows.some((r) => r.summary?.interval.kind === 'interval')
  const single = rows.some((r) => r.results.length === 1)
  return [
    `The highest load that meets ${objectives.join(' and ')}: where the means of its trials cross the bounds, between the highest load that surely met them and the lowest that surely did not (90 % each).`,
    ...(between ? ['± is half of the 95 % confidence interval between stand-ups (Student).'] : []),
    ...(single ? ['With one stand-up it speaks for that stand-up alone.'] : []),
    'Loads are chosen by what earlier ones showed, so that drift over time and load cannot be told apart.',
  ].join(' ')
}
