// SPDX-License-Identifier: Apache-2.0
/** `assay trends`: what a history of runs shows: shifts of level, drifts, and whether something is worse than it was. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { didYouMean } from '../../core/model/nearest.ts'
import { parseResponses, responseName } from '../../core/report/primary.ts'
import { isSame, type Response } from '../../core/report/response.ts'
import { DEFAULT_FALSE_ALARMS, DEFAULT_RECENT, findTrends } from '../../core/trend/find-trends.ts'
import type { HistoryLine } from '../../core/trend/history-line.ts'
import { trendsJson } from '../../core/trend/to-json.ts'
import { trendsMarkdown } from '../../core/trend/to-markdown.ts'
import type { Trends } from '../../core/trend/trends.ts'
import { repeated, wholeNumber } from './arguments.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts'
import { readHistories } from './history-files.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { say } from './say.ts'

interface TrendsOptions extends LanguageOptions {
  readonly output: 'markdown' | 'html' | 'json'
  readonly experiment: readonly string[]
  readonly metrics?: readonly Response[]
  readonly recent: number
  readonly falseAlarms: number
  readonly failOn?: 'worse'
}

export function registerTrends(program: Command): void {
  program.command('trends')
    .description('show what changed over the runs of a history: shifts of level with commits, size and interval; drifts; other environments')
    .argument('<history...>', 'what assay history append wrote: .jsonl files, or folders of them')
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['markdown', 'html', 'json']).default('markdown'))
    .addOption(languageOption())
    .option('--experiment <name>', 'only this series of runs; may be repeated', repeated, [])
    .option('--metrics <list>', 'only these, such as p99(ttft),output_throughput (default: all that the history has)', metrics)
    .option('--recent <runs>', 'what began within so many last runs is recent, and may fail the command', wholeNumber, DEFAULT_RECENT)
    .option('--false-alarms <percent>', 'chance of one false alarm in all series together, for one look', percent, DEFAULT_FALSE_ALARMS)
    .addOption(new Option('--fail-on <what>', 'end with an exit code where something recently got worse and is so still').choices(['worse']))
    .addHelpText('after', `
Exit codes: ${EXIT.ok} shown, ${EXIT.gateFailed} with --fail-on worse: a series got worse among the recent runs and is worse still; ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} a bad line in the history.`)
    .action(async (paths: readonly string[], options: TrendsOptions) => {
      const trends = find(await readHistories(paths), options)
      process.stdout.write(await rendered(trends, options))
      if (options.failOn === undefined || !trends.series.some((s) => s.isWorse)) return
      process.exitCode = EXIT.gateFailed
      say(`exit code ${EXIT.gateFailed}: ${EXIT_MEANINGS[EXIT.gateFailed]}`)
    })
}

function find(lines: readonly HistoryLine[], { experiment, metrics: responses, recent, falseAlarms }: TrendsOptions): Trends {
  const names = [...new Set(lines.map((l) => l.experiment))]
  const unknown = experiment.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new CliError(EXIT.usage, `the history has no ${unknown}${didYouMean(unknown, names)}`, `it has ${names.join(', ') || 'no runs'}`)
  const missing = responses?.find((r) => !lines.some((l) => l.responses.some((own) => isSame(r, own))))
  if (missing !== undefined) {
    const kept = [...new Set(lines.flatMap((l) => l.responses.map((r) => responseName(r as Response))))]
    throw new CliError(EXIT.usage, `the history has no ${responseName(missing)}`, `it has ${kept.join(', ') || 'no runs'}; assay history append --metrics says what is kept`)
  }
  return findTrends(lines, { falseAlarms, recent, responses, ...(experiment.length > 0 && { experiments: experiment }) })
}

/** Figures bring a plotting library along, which nothing else needs. */
async function rendered(trends: Trends, { output, lang }: TrendsOptions): Promise<string> {
  switch (output) {
    case 'markdown':
      return trendsMarkdown(trends, lang)
    case 'json':
      return trendsJson(trends)
    case 'html':
      return (await import('../../core/trend/to-html.ts')).trendsHtml(trends, lang)
  }
}

function metrics(text: string): Response[] {
  const read = parseResponses(text, '--metrics')
  if (!read.ok) throw invalidInput(read.problems)
  return read.value
}

function percent(text: string): number {
  const share = Number(/^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())?.[1]) / 100
  if (!(share > 0) || share > 0.5) throw new InvalidArgumentError('expected a percentage above 0 and at most 50, such as 5%')
  return share
}
