// SPDX-License-Identifier: Apache-2.0
/** What a leaderboard is made of: Experiments of work folders or of the cluster, and tables of published scores. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { BoardRow, Leaderboard } from '../../core/leaderboard/board.ts'
import { boardRows } from '../../core/leaderboard/board-rows.ts'
import { leaderboard } from '../../core/leaderboard/leaderboard.ts'
import { type QualityTable, readQualityTable } from '../../core/leaderboard/quality-table.ts'
import { analyze } from '../../core/report/analyze.ts'
import { CliError, invalidInput } from './cli-error.ts'
import type { ClusterOptions } from './cluster.ts'
import { type Collected, inputOf } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { readSubjects } from './subject.ts'

export interface BoardSources { readonly board: Leaderboard; readonly collected: readonly Collected[] }

export async function readBoard(whats: readonly string[], { quality, ...options }: ClusterOptions & { readonly quality: readonly string[] }): Promise<BoardSources> {
  const tables = await readQualityTables(quality)
  const subjects = await readSubjects(whats, options)
  const sources = subjects.map(({ what, collected }) => {
    if (collected === undefined) throw new CliError(EXIT.usage, `${what} holds exported results, which a leaderboard cannot be made of`, 'expected a work folder, or the name of an Experiment')
    return { what, collected, rows: rowsOf(collected) }
  })
  const empty = sources.filter((s) => s.rows.length === 0)
  if (empty.length > 0) throw new CliError(EXIT.invalidExperiment, empty.map(({ what, collected }) => `${what} holds no results of an engine in the tool's own process: ${toolsOf(collected)}`).join('\n'), 'a leaderboard is of harnesses with inProcess: true, such as optimum-benchmark')
  return { board: leaderboard(sources.flatMap((s) => s.rows), tables), collected: sources.map((s) => s.collected) }
}

/** Nothing where no engine ran in the tool's own process. */
export function rowsOf(collected: Collected): BoardRow[] {
  const input = inputOf(collected)
  return boardRows(input, analyze(input).treatments)
}

function toolsOf({ trials }: Collected): string {
  return trials.length === 0 ? 'it has no findings' : `it was measured with ${[...new Set(trials.map((t) => t.tool.name))].join(', ')}`
}

export async function readQualityTables(files: readonly string[]): Promise<QualityTable[]> {
  const read = await Promise.all(files.map(async (file) => readQualityTable(await textOf(file), basename(file))))
  const problems = read.flatMap((r) => (r.ok ? [] : r.problems))
  if (problems.length > 0) throw invalidInput(problems)
  return read.flatMap((r) => (r.ok ? [r.value] : []))
}

export async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(EXIT.invalidExperiment, `${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EISDIR' ? 'it is a folder' : error.message}`)
  })
}
