// SPDX-License-Identifier: Apache-2.0
/** A work folder: the Experiment as it was, findings and reports of every trial, what was planned, and the report in every form. Written here and read back. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Gate } from '../../core/model/experiment.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import type { Texts } from '../../core/report/messages.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { toCsv } from '../../core/report/to-csv.ts'
import { toJson } from '../../core/report/to-json.ts'
import { toJunit } from '../../core/report/to-junit.ts'
import { toMarkdown } from '../../core/report/to-markdown.ts'
import { CliError } from './cli-error.ts'
import { type Collected, parseFindings, resultsOf, singleTrial } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { writePlan } from './plan-files.ts'

export const REPORT_FORMATS = ['html', 'markdown', 'csv', 'json', 'junit', 'parquet'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

interface Context { readonly gate: Gate | undefined; readonly texts: Texts }
interface ReportChoice { readonly formats?: readonly ReportFormat[]; readonly texts?: Texts | undefined }

const FILES: Readonly<
  Record<
    ReportFormat,
    {
      readonly name: string
      readonly render: (results: ExperimentResults, context: Context) => string | Uint8Array | Promise<string | Uint8Array>
    }
  >
> = {
  // Figures bring a plotting library along, which nothing else needs.
  html: { name: 'report.html', render: async (results, { texts }) => (await import('../../core/report/to-html.ts')).toHtml(results, texts) },
  markdown: { name: 'report.md', render: (results, { texts }) => toMarkdown(results, texts) },
  csv: { name: 'results.csv', render: toCsv },
  json: { name: 'results.json', render: toJson },
  junit: { name: 'junit.xml', render: (results, { gate }) => toJunit(results, { onInsufficient: gate?.onInsufficient ?? 'Fail' }) },
  parquet: { name: 'results.parquet', render: async (results) => (await import('../../core/report/to-parquet.ts')).toParquet(results) },
}

const HEAD = 'experiment.json'
const SCHEMA = 'assay.dev/work-folder/v1'
/** What `assay load` writes for its one measurement. */
const SINGLE = 'findings.json'

interface Head extends Pick<Collected, 'failed' | 'treatments' | 'library' | 'blocks'> {
  readonly schema: string
  readonly experiment: Experiment
}

export const defaultFolder = ({ metadata, status }: Experiment): string => join('work', `${metadata.name}-${status?.run ?? 1}`)

/** Whether the argument of a command is a folder of ours rather than the name of an object. */
export const isWorkFolder = (path: string): boolean => existsSync(join(path, HEAD)) || existsSync(join(path, SINGLE))

/** Everything but the rendered report. */
export async function saveData(
  folder: string,
  { experiment, failed, treatments, library, blocks, trials, reports, plan }: Collected,
): Promise<void> {
  await Promise.all(['findings', 'reports'].map((name) => mkdir(join(folder, name), { recursive: true })))
  const { managedFields: _bookkeeping, ...metadata } = experiment.metadata as Experiment['metadata'] & { readonly managedFields?: unknown }
  const head: Head = { schema: SCHEMA, experiment: { ...experiment, metadata }, failed, treatments, library, blocks }
  await writeFile(join(folder, HEAD), `${JSON.stringify(head, null, 2)}\n`)
  for (const findings of trials) await writeFile(join(folder, 'findings', `${findings.trial.name}.json`), `${JSON.stringify(findings)}\n`)
  for (const { trial, stage, text } of reports) await writeFile(join(folder, 'reports', `${trial}.${stage}.yaml`), text)
  if (plan !== undefined) await writePlan(plan, join(folder, 'plan'), metadata.namespace)
}

/** Paths of the reports that were written, by format. */
export async function saveReports(folder: string, collected: Collected, { formats = REPORT_FORMATS, texts = ENGLISH }: ReportChoice = {}): Promise<Partial<Record<ReportFormat, string>>> {
  await mkdir(folder, { recursive: true })
  const results = resultsOf(collected)
  const written: Partial<Record<ReportFormat, string>> = {}
  for (const format of formats) {
    const path = join(folder, FILES[format].name)
    await writeFile(path, await FILES[format].render(results, { gate: collected.experiment.spec.gate, texts }))
    written[format] = path
  }
  return written
}

/** What a folder holds; its findings say all that is measured, so that no cluster is needed. */
export async function readWorkFolder(folder: string): Promise<Collected> {
  if (!existsSync(join(folder, HEAD))) return readSingle(folder)
  const { experiment, failed, treatments, library, blocks } = await readHead(folder)
  const texts = (await filesIn(join(folder, 'findings'))).filter((name) => name.endsWith('.json'))
  const trials = await Promise.all(texts.map(async (name) => parseFindings(await readFile(join(folder, 'findings', name), 'utf8'), join(folder, 'findings', name))))
  const reports = await Promise.all((await filesIn(join(folder, 'reports'))).flatMap((name) => {
    const [, trial, stage] = /^(.+?)\.(.+)\.yaml$/.exec(name) ?? []
    return trial === undefined || stage === undefined ? [] : [readFile(join(folder, 'reports', name), 'utf8').then((text) => ({ trial, stage, text }))]
  }))
  return {
    experiment,
    failed,
    trials: trials.sort((a, b) => a.time.start.localeCompare(b.time.start)),
    reports,
    ...(treatments !== undefined && { treatments }),
    ...(library !== undefined && { library }),
    ...(blocks !== undefined && { blocks }),
  }
}

async function readHead(folder: string): Promise<Head> {
  const head = JSON.parse(await readFile(join(folder, HEAD), 'utf8')) as Head
  if (head.schema !== SCHEMA) throw new CliError(EXIT.usage, `${join(folder, HEAD)} is of schema ${head.schema}, not ${SCHEMA}`, 'it was written by another version of Assay')
  return head
}

/** One measurement without a cluster, as an Experiment of one trial. */
async function readSingle(folder: string): Promise<Collected> {
  const path = join(folder, SINGLE)
  const text = await readFile(path, 'utf8').catch(() => { throw new CliError(EXIT.usage, `${folder} holds neither ${HEAD} nor ${SINGLE}`, 'expected a folder that `assay run`, `assay results --out`, `assay report` or `assay load` wrote') })
  return singleTrial(parseFindings(text, path), { name: basename(resolve(folder)) })
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch((): string[] => [])).sort()
}
