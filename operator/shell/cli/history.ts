// SPDX-License-Identifier: Apache-2.0
/** `assay history append`: results of runs as lines of a history, each run once, for scheduled jobs that look at trends. */
import { type Command, InvalidArgumentError } from 'commander'
import { analyze, compared } from '../../core/report/analyze.ts'
import { baselineResponses } from '../../core/report/baseline.ts'
import { parseResponses, PRIMARY, responseName } from '../../core/report/primary.ts'
import type { Response } from '../../core/report/response.ts'
import { fingerprintOf } from '../../core/trend/fingerprint.ts'
import { historyEntry } from '../../core/trend/history-entry.ts'
import type { HistoryLine } from '../../core/trend/history-line.ts'
import { repeated } from './arguments.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { type ClusterOptions, withClusterOptions } from './cluster.ts'
import { inputOf } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { appendHistory, isHistoryFile, readHistories } from './history-files.ts'
import { counted, say } from './say.ts'
import { readSubjects, type Subject } from './subject.ts'

interface AppendOptions extends ClusterOptions {
  readonly as?: string
  readonly commit?: string
  readonly label: readonly string[]
  readonly time?: string
  readonly metrics?: readonly Response[]
}

export function registerHistory(program: Command): void {
  const command = program.command('history').description('keep what scheduled runs measured, for assay trends')
  withClusterOptions(command.command('append'))
    .description('add runs to a history: a file of JSON lines (NAME.jsonl), or a folder with a file for each run; a run that is there already is added once')
    .argument('<history>', 'file that ends in .jsonl, or a folder; it is made where it is not there')
    .argument('<results...>', 'work folders, Experiments (NAME@RUN for an earlier run), results.json, or other histories (.jsonl) to merge')
    .option('--as <name>', 'name of the series of runs in the history (default: that of the Experiment)')
    .option('--commit <sha>', 'commit that was measured')
    .option('--label <key=value>', 'something else to know of it; may be repeated', repeated, [])
    .option('--time <time>', 'its place in the history, as ISO 8601 (default: when it was measured)', instant)
    .option('--metrics <list>', `what it keeps (default: those measured of ${PRIMARY.map(responseName).join(',')}, and those of regressions in the gate)`, metrics)
    .addHelpText('after', `
Two jobs may append to one file at once; in Git, a folder never conflicts. A line carries the environment (model, GPU, tool, workload, versions): assay trends does not
compare runs of different ones. Exit codes: ${EXIT.ok} added, or there already; ${EXIT.usage} wrong usage; ${EXIT.invalidExperiment} a bad line in the history, or a run without results.`)
    .action(append)
}

async function append(history: string, whats: readonly string[], options: AppendOptions): Promise<void> {
  const labels = labelsOf(options.label)
  const others = whats.filter(isHistoryFile)
  const subjects = await readSubjects(whats.filter((what) => !isHistoryFile(what)), options)
  const entries = subjects.map((subject) => entryOf(subject, { ...options, labels }))
  const lines = [...entries, ...(others.length === 0 ? [] : await readHistories(others))]
  const added = await appendHistory(history, lines)
  const there = lines.length - added
  say(`${history}: ${counted(added, 'run')} added${there > 0 ? `, ${there} there already` : ''}`)
}

function entryOf({ what, collected, results }: Subject, options: AppendOptions & { readonly labels: Readonly<Record<string, string>> }): HistoryLine {
  const input = collected === undefined ? undefined : inputOf(collected)
  const responses = options.metrics ?? baselineResponses(input?.experiment.spec.gate?.rules.map((r) => r.expr) ?? [])
  if (input === undefined) say(`${what} is exported results, which do not say what they were measured with: the history has no environment of it`)
  const found = input === undefined ? results(responses) : entered(input, responses)
  const fingerprint = input === undefined ? { environment: {}, subject: {} } : fingerprintOf(input, collected?.library)
  const entry = historyEntry(found, { ...fingerprint, responses, name: options.as, commit: options.commit, labels: options.labels, time: options.time }, what)
  if (!entry.ok) throw invalidInput(entry.problems)
  return entry.value
}

/** Cells of these responses alone, and of the whole analysis what costs little. */
function entered(input: Parameters<typeof analyze>[0], responses: readonly Response[]): Parameters<typeof historyEntry>[0] {
  const { counts, gate } = analyze(input)
  return { ...compared(input, responses), counts, ...(gate !== undefined && { gate }) }
}

function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(text) ?? []
    if (key === '') throw new CliError(EXIT.usage, `--label ${text} is no label`, 'expected KEY=VALUE, such as branch=main')
    return [key.trim(), value.trim()]
  }))
}

function instant(text: string): string {
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || !/^\d{4}-\d{2}-\d{2}/.test(text)) throw new InvalidArgumentError('expected a time as ISO 8601 writes it, such as 2026-11-29T02:00:00Z')
  return new Date(ms).toISOString()
}

function metrics(text: string): Response[] {
  const read = parseResponses(text, '--metrics')
  if (!read.ok) throw invalidInput(read.problems)
  return read.value
}
