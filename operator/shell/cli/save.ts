// SPDX-License-Identifier: Apache-2.0
/** Writes a work folder: the experiment as it was, one findings file a trial, and the report in every form. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '../../core/report/analyze.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { toCsv } from '../../core/report/to-csv.ts'
import { toJson } from '../../core/report/to-json.ts'
import { toMarkdown } from '../../core/report/to-markdown.ts'
import type { Collected } from './collect.ts'

export const FORMATS = ['html', 'markdown', 'csv', 'json'] as const
export type ReportFormat = (typeof FORMATS)[number]
const FILES: Readonly<Record<ReportFormat, { readonly name: string; readonly render: (results: ExperimentResults) => string | Promise<string> }>> = {
  // Figures bring a plotting library along, which only this needs.
  html: { name: 'report.html', render: async (results) => (await import('../../core/report/to-html.ts')).toHtml(results) }, markdown: { name: 'report.md', render: toMarkdown }, csv: { name: 'results.csv', render: toCsv }, json: { name: 'results.json', render: toJson },
}

export function resultsOf({ experiment, trials, failed }: Collected): ExperimentResults {
  const { name, namespace = 'default' } = experiment.metadata
  return analyze({ experiment: { name, namespace, spec: experiment.spec, status: experiment.status }, trials, failed })
}

/** Paths of the reports that were written, by format. */
export async function saveReports(folder: string, collected: Collected, formats: readonly ReportFormat[] = FORMATS): Promise<Record<string, string>> {
  const findings = join(folder, 'findings')
  await mkdir(findings, { recursive: true })
  const { metadata: { managedFields: _managed, ...metadata }, ...experiment } = collected.experiment as Collected['experiment'] & { metadata: { managedFields?: unknown } }
  await writeFile(join(folder, 'experiment.json'), `${JSON.stringify({ experiment: { ...experiment, metadata }, failed: collected.failed }, null, 2)}\n`)
  for (const trial of collected.trials) await writeFile(join(findings, `${trial.trial.name}.json`), `${JSON.stringify(trial)}\n`)
  const results = resultsOf(collected)
  const written: Record<string, string> = {}
  for (const format of formats) {
    const path = join(folder, FILES[format].name)
    await writeFile(path, await FILES[format].render(results))
    written[format] = path
  }
  return written
}
