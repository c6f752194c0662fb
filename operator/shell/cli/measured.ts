// SPDX-License-Identifier: Apache-2.0
/** `--measured` of run and plan: treatments that a leaderboard or earlier results have already are left out of the design, which says so itself. */
import { existsSync } from 'node:fs'
import { glob, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type LeftOut, matchMeasured, type MeasuredRow, measuredFromRows, measuredLabel, readMeasured } from '../../core/leaderboard/measured-rows.ts'
import { plannedRows, withMeasured } from '../../core/leaderboard/planned-rows.ts'
import { levelText } from '../../core/plan/labels.ts'
import type { Plan } from '../../core/plan/plan.ts'
import type { LoadedObject } from '../library.ts'
import { repeated } from './arguments.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { rowsOf, textOf } from './leaderboard-sources.ts'
import { isWorkFolder, readWorkFolder } from './work-folder.ts'

export interface MeasuredOptions { readonly measured: readonly string[]; readonly skipFailed: boolean }

export function withMeasuredOptions(command: Command): Command {
  return command
    .option('--measured <csv|folder>', 'leave out what was measured there already: a CSV of LLM-Perf or of assay leaderboard publish, a folder of such, or a work folder; may be repeated', repeated, [])
    .option('--skip-failed', 'with --measured: leave out what failed there too, instead of measuring it again', false)
}

export async function readMeasuredRows(places: readonly string[]): Promise<MeasuredRow[]> {
  return (await Promise.all(places.map(readPlace))).flat()
}

async function readPlace(place: string): Promise<MeasuredRow[]> {
  if (!existsSync(place)) throw new CliError(EXIT.usage, `--measured ${place}: there is no such file or folder`)
  if (!(await stat(place)).isDirectory()) return readTableFile(place)
  if (isWorkFolder(place)) {
    const rows = rowsOf(await readWorkFolder(place))
    if (rows.length === 0) throw new CliError(EXIT.invalidExperiment, `--measured ${place} holds no results of an engine in the tool's own process`)
    return measuredFromRows(rows, place)
  }
  const files: string[] = []
  for await (const file of glob('**/perf-df-*.csv', { cwd: place })) files.push(join(place, file))
  if (files.length === 0) throw new CliError(EXIT.usage, `--measured ${place} is neither a work folder nor one with tables`, 'expected perf-df-….csv in it, as assay leaderboard publish writes them')
  return (await Promise.all(files.sort().map(readTableFile))).flat()
}

async function readTableFile(file: string): Promise<MeasuredRow[]> {
  const read = readMeasured(await textOf(file), file)
  if (!read.ok) throw invalidInput(read.problems)
  return read.value
}

export interface Remaining {
  /** With `design.measured`; undefined where nothing is left to be measured. */
  readonly object: LoadedObject | undefined
  readonly lines: readonly string[]
}

/** Lines that name one thing each. */
const MOST_LINES = 10

export function leaveOutMeasured(object: LoadedObject, plan: Plan, { rows, skipFailed }: { readonly rows: readonly MeasuredRow[]; readonly skipFailed: boolean }): Remaining {
  const { leftOut, again, unclear, others } = matchMeasured(plannedRows(plan), rows, skipFailed)
  const total = plan.treatments.length
  const lines = [
    ...(leftOut.length === 0 ? [`${object.name}: none of its ${total} treatments is among the ${rows.length} rows that were measured`] : []),
    ...few(leftOut.map((entry) => `left out, measured already: ${told(entry)}`)),
    ...few(again.map((entry) => `measured again, since it failed: ${told(entry)}`)),
    ...few(unclear.map(({ row, treatments }) => `not left out: ${row.from} (${measuredLabel(row)}) may be any of ${treatments} treatments; what tells them apart is not in the table`)),
    ...(others === 0 ? [] : [`${others} of the ${rows.length} rows ${others === 1 ? 'is' : 'are'} of no treatment of ${object.name}`]),
  ]
  if (leftOut.length === total) return { object: undefined, lines: [...lines, `${object.name}: all of its ${total} treatments were measured already, so that nothing is left to do`] }
  return { object: leftOut.length === 0 ? object : { ...object, spec: withMeasured(object.spec, leftOut) }, lines }
}

const told = ({ levels, from }: LeftOut) => `${Object.entries(levels).map(([name, level]) => `${name}=${levelText(level)}`).join(' ')} (${from})`
const few = (lines: readonly string[]) => (lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`])
