// SPDX-License-Identifier: Apache-2.0
/** `assay report`: the report of an Experiment as files, from the cluster or from a work folder. */
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { priceTrials } from '../../core/report/price-trials.ts'
import { repeated, wholeNumber } from './arguments.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { type Collected, collectFromCluster, resultsOf } from './collect.ts'
import { FIGURE_FORMS, type FigureForm, saveFigures } from './figures-out.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { readQualityTables } from './leaderboard-sources.ts'
import { readPriceTable } from './price-table.ts'
import { experimentName } from './results.ts'
import { say } from './say.ts'
import { defaultFolder, isWorkFolder, readWorkFolder, REPORT_FORMATS, type ReportFormat, saveData, saveReports } from './work-folder.ts'

interface ReportOptions extends ClusterOptions, LanguageOptions {
  readonly out?: string
  readonly format: readonly ReportFormat[]
  readonly run?: number
  readonly figures?: FigureForm
  readonly font?: string
  readonly prices?: string
  readonly quality: readonly string[]
}

export function registerReport(program: Command): void {
  withClusterOptions(program.command('report'))
    .description('write the report of an Experiment: one HTML file that needs no network, Markdown, CSV, JSON, JUnit, Parquet, and figures')
    .argument('<experiment|folder>', 'name of the Experiment, or a folder that run, results, report or load wrote')
    .option('-o, --out <folder>', 'where it goes (default: work/<name>-<run>, or the folder itself)')
    .option('--format <list>', `comma-separated, of ${REPORT_FORMATS.join(', ')}`, formats, [...REPORT_FORMATS])
    .addOption(
      new Option('--figures <form>', 'also write every figure as a file of its own, into figures/ of the folder').choices(FIGURE_FORMS),
    )
    .option('--font <file>', 'TrueType font that PNG figures are lettered with (default: one of this machine)')
    .option('--prices <file>', 'what accelerators cost an hour: a list of product, amount, currency, for trials that were measured without a price')
    .option('--quality <file>', 'CSV of published scores by model, for the leaderboard of engines in the tool\'s own process; may be repeated', repeated, [])
    .option('--run <number>', 'an earlier run (default: the last)', wholeNumber)
    .addOption(languageOption())
    .action(async (what: string, options: ReportOptions) => {
      for (const path of await write(what, options)) process.stdout.write(`${path}\n`)
    })
}

async function write(what: string, options: ReportOptions): Promise<string[]> {
  if (isWorkFolder(what)) return save(options.out ?? what, await readWorkFolder(what), options)
  const name = experimentName(what)
  return withCluster(options, (cluster) => fromCluster(cluster, name, options))
}

async function fromCluster(cluster: Cluster, name: string, options: ReportOptions): Promise<string[]> {
  const collected = await collectFromCluster(cluster, name, options.run)
  const folder = options.out ?? defaultFolder(collected.experiment)
  await saveData(folder, collected)
  say(`work folder: ${folder}`)
  return save(folder, collected, options)
}

/** Findings stay as they were measured; costs by a table are the report's. */
async function save(folder: string, measured: Collected, { format, figures, font, prices, lang, quality }: ReportOptions): Promise<string[]> {
  const { trials, notes } = prices === undefined ? { trials: measured.trials, notes: [] } : priceTrials(measured.trials, await readPriceTable(prices))
  for (const note of notes) say(`note: ${note}`)
  const collected = { ...measured, trials, quality: await readQualityTables(quality) }
  const written = Object.values(await saveReports(folder, collected, { formats: format, texts: lang }))
  if (figures === undefined) return written
  const drawn = await saveFigures(resultsOf(collected), { folder: join(folder, 'figures'), form: figures, font, texts: lang })
  say(`figures: ${drawn.length} in ${join(folder, 'figures')}`)
  return written
}

function formats(text: string): ReportFormat[] {
  return text.split(',').map((word) => {
    const format = REPORT_FORMATS.find((f) => f === word.trim() || (f === 'markdown' && word.trim() === 'md'))
    if (format === undefined) throw new InvalidArgumentError(`there is no form "${word}"; expected ${REPORT_FORMATS.join(', ')}`)
    return format
  })
}
