// SPDX-License-Identifier: Apache-2.0
/**
 * A history on disk: one file of JSON lines, or a folder with a file for each run, which two jobs can add to without a conflict in Git.
 * Lines are only ever appended; readers sort them and take each run once.
 */
import { existsSync, statSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { formatHistoryLine, type HistoryLine, mergeHistory, readHistory } from '../../core/trend/history-line.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

const EXTENSION = '.jsonl'

export const isHistoryFile = (path: string): boolean => path.endsWith(EXTENSION)

/** Every run of all of them once, in the order of time. */
export async function readHistories(paths: readonly string[]): Promise<HistoryLine[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat()
  const read = await Promise.all(files.map(async (file) => readHistory(await readFile(file, 'utf8'), file)))
  const problems = read.flatMap((r) => (r.ok ? [] : r.problems))
  if (problems.length > 0) throw invalidInput(problems)
  return mergeHistory(read.flatMap((r) => (r.ok ? r.value : [])))
}

async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) throw new CliError(EXIT.usage, `there is no history ${path}`, 'assay history append HISTORY RESULTS begins one')
  if (!statSync(path).isDirectory()) return [path]
  return (await readdir(path)).filter(isHistoryFile).sort().map((name) => join(path, name))
}

/** Number of runs that were not there before, or of which there is more now. */
export async function appendHistory(path: string, lines: readonly HistoryLine[]): Promise<number> {
  const before = existsSync(path) ? await readHistories([path]) : []
  const known = new Map(before.map((line) => [line.id, line]))
  // What would not be taken for the better one of two is there already.
  const fresh = mergeHistory(lines).filter((line) => {
    const old = known.get(line.id)
    return old === undefined || mergeHistory([old, line])[0] !== old
  })
  if (isHistoryFile(path)) await appendLines(path, fresh)
  else await Promise.all(fresh.map((line) => writeRun(path, line)))
  return fresh.length
}

/** In one write, which other writers do not come between. */
async function appendLines(file: string, lines: readonly HistoryLine[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const text = existsSync(file) ? await readFile(file, 'utf8') : ''
  const end = text === '' || text.endsWith('\n') ? '' : '\n'
  await appendFile(file, lines.length === 0 ? '' : `${end}${lines.map(formatHistoryLine).join('')}`)
}

async function writeRun(folder: string, line: HistoryLine): Promise<void> {
  await mkdir(folder, { recursive: true })
  const time = new Date(line.time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  await writeFile(join(folder, `${time}Z-${line.id}${EXTENSION}`), formatHistoryLine(line))
}
