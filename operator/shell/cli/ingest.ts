// SPDX-License-Identifier: Apache-2.0
/** `assay ingest`: results that benchmark tools left somewhere → findings, records and one report that compares them. It needs no cluster. */
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'yaml'
import type { TrialMeasurement } from '../../core/measure/measure-trial.ts'
import { API_VERSION, type Experiment } from '../../core/model/kinds.ts'
import { FILE_FORMS, Results } from '../../core/model/experiment.ts'
import { HarnessSpec } from '../../core/model/harness.ts'
import { CliError } from './cli-error.ts'
import { type Collected, resultsOf } from './collect.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { openSources, type Source, TOOLS } from './ingest-sources.ts'
import { measureSource, readSource, type ReadSource } from './ingest-trial.ts'
import type { IngestSetting } from './ingest-job.ts'
import { formatResults, type ResultForm, resultFormOption } from './result-forms.ts'
import { say } from './say.ts'
import { readSpecFile } from './spec-file.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { isWorkFolder, saveData, saveReports } from './work-folder.ts'

/** llmval's files hold its options and checked answers, which no files of other tools tell. */
const INGEST_FORMS = FILE_FORMS.filter((form) => form !== 'llmval')

interface IngestOptions extends LanguageOptions {
  readonly tool?: string
  readonly harness?: string
  readonly gpus?: number
  readonly files: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly out?: string
  readonly output: ResultForm
}

export function registerIngest(program: Command): void {
  program.command('ingest')
    .description('read results that a benchmark tool left in a folder or file; several are compared in one report')
    .argument('<folder|file...>', 'what one run of a tool left; each is a run of its own')
    .addOption(new Option('--tool <name>', 'which tool wrote them (default: known by its files)').choices(TOOLS))
    .addOption(new Option('--harness <file>', 'Harness whose results.mapping reads the files of a tool that is not known').conflicts('tool'))
    .option('--gpus <n>', 'accelerators of the server, for figures per GPU (default: what the files say)', accelerators)
    .addOption(new Option('--files <form...>', 'write the results in the form of another tool too, beside the records').choices(INGEST_FORMS).default([]))
    .option('--metadata <name=value...>', 'further members of LLMPerf\'s summary', assignments, {})
    .option('--out <folder>', 'where findings, records and reports go (default: work/ingest-<time>)')
    .addOption(resultFormOption())
    .addOption(languageOption())
    .action(async (paths: string[], options: IngestOptions) => {
      process.exitCode = await ingest(paths, options)
    })
}

async function ingest(paths: readonly string[], options: IngestOptions): Promise<ExitCode> {
  const folder = options.out ?? join('work', `ingest-${new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, '')}`)
  if (isWorkFolder(folder)) throw new CliError(EXIT.usage, `${folder} holds results already`, 'name another folder: --out')
  const harness = options.harness === undefined ? undefined : await readSpecFile(options.harness, 'Harness', HarnessSpec)
  const files = options.files.length === 0 ? undefined : Results.parse({ files: { llmperf: { metadata: options.metadata } } }).files
  if (files === undefined && Object.keys(options.metadata).length > 0) throw new CliError(EXIT.usage, '--metadata is of LLMPerf\'s summary, and no such file is asked for', 'add --files llmperf')
  const setting = { harness: harness?.spec, gpus: options.gpus, files, command: commandOf(paths, options) }
  const sources = await openSources(paths, harness === undefined ? options.tool : harness.name)
  const collected = await collect(sources, folder, setting)
  await saveData(folder, collected)
  await saveReports(folder, collected, { texts: options.lang })
  for (const { trial, notes } of collected.trials) for (const note of notes) say(`${trial.name}: ${note}`)
  process.stdout.write(formatResults(resultsOf(collected), options.output, options.lang))
  say(`files: ${folder}`)
  const usable = collected.trials.some((t) => t.verdict.result !== 'invalid')
  return usable && collected.failed.length === 0 ? EXIT.ok : EXIT.experimentFailed
}

/** What cannot be read is a failed trial beside the others. */
async function collect(sources: readonly Source[], folder: string, setting: IngestSetting): Promise<Collected> {
  const read: ReadSource[] = []
  const failed: Collected['failed'][number][] = []
  for (const source of sources) {
    try {
      read.push(await readSource(source, join(folder, 'data', source.name, 'records.jsonl'), setting))
    } catch (error) {
      const { message, hint } = error as Error & { readonly hint?: string }
      failed.push({ trial: source.name, reason: 'ResultsUnreadable', message: `${source.from}: ${message}${hint === undefined ? '' : ` (${hint})`}` })
    }
  }
  const levels = levelsOf(read)
  const measured: TrialMeasurement[] = []
  for (const [i, one] of read.entries()) {
    const { written, ...measurement } = await measureSource(one, levels[i] ?? {}, setting)
    measured.push(measurement)
    if (setting.files !== undefined && written.length === 0) say(`${one.source.name}: ${one.source.from} tells of no request that succeeded, so there are no files of it in another tool's form`)
  }
  return { experiment: experimentOf(sources), failed, trials: measured.map((m) => m.findings), reports: measured.flatMap(reportsOf) }
}

/** Several runs are told apart by their names, and by what else differs among them. */
function levelsOf(read: readonly ReadSource[]): Readonly<Record<string, string>>[] {
  if (read.length < 2) return read.map(() => ({}))
  const of = ({ source, raw: { adapter: { tool, served } } }: ReadSource) => ({ run: source.label, tool: `${tool.name} ${tool.version}`, model: served?.model ?? 'unknown' })
  const all = read.map(of)
  const differs = (name: 'tool' | 'model') => new Set(all.map((levels) => levels[name])).size > 1
  return all.map(({ run, tool, model }) => ({ run, ...(differs('tool') ? { tool } : {}), ...(differs('model') ? { model } : {}) }))
}

function experimentOf(sources: readonly Source[]): Experiment {
  const [first] = sources
  const name = sources.length === 1 && first !== undefined ? first.name : 'ingested'
  return { apiVersion: API_VERSION, kind: 'Experiment', metadata: { name, namespace: 'local' }, spec: { design: { treatments: [] } } } as unknown as Experiment
}

function reportsOf({ findings, reports }: TrialMeasurement): Collected['reports'][number][] {
  return Object.entries(reports).map(([stage, report]) => ({ trial: findings.trial.name, stage, text: stringify(report) }))
}

/** As a shell takes it. */
function commandOf(paths: readonly string[], { tool, harness, gpus }: IngestOptions): string {
  const options = Object.entries({ tool, harness, gpus }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
  return ['assay', 'ingest', ...paths, ...options].map((word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`)).join(' ')
}

function assignments(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected name=value')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

function accelerators(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || text.trim() === '') throw new InvalidArgumentError('expected a whole number from 0')
  return value
}
