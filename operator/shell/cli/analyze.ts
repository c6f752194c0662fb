// SPDX-License-Identifier: Apache-2.0
/** `assay analyze`: effects, analysis of variance and their doubts, for any table of runs. It needs no cluster. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { analyzeTable } from '../../core/analysis/analyze-table.ts'
import type { AnalysisRequest } from '../../core/analysis/request.ts'
import { analysisLines } from './analyze-view.ts'
import { wholeNumber } from './arguments.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

interface AnalyzeOptions {
  readonly factors: readonly string[]
  readonly response: string
  readonly block?: readonly string[]
  readonly wholePlot?: readonly string[]
  readonly where: NonNullable<AnalysisRequest['where']>
  readonly categorical?: readonly string[]
  readonly order?: number
  readonly sums: NonNullable<AnalysisRequest['sums']>
  readonly model: NonNullable<AnalysisRequest['model']>
  readonly log?: boolean
  readonly runOrder?: string
  readonly level: number
  readonly output: 'text' | 'json'
}

export function registerAnalyze(program: Command): void {
  program.command('analyze')
    .description('analyse any table of runs: which factors matter, by how much, how sure that is')
    .argument('<table.csv>', 'CSV with a heading, one row a run (comma, tab or semicolon); "-" for standard input')
    .requiredOption('--factors <columns>', 'what was varied, comma-separated', columns)
    .requiredOption('--response <column>', 'what was measured')
    .option('--block <columns>', 'what else differed between groups of runs, such as the day', columns)
    .option('--whole-plot <columns>', 'what names a stand-up: factors that change only between stand-ups are tested against their scatter', columns)
    .option('--where <column=value>', 'only such rows; may be repeated, several values of one column are alternatives', condition, [])
    .option('--order <number>', 'highest order of interactions (default: as many as the data can carry)', wholeNumber)
    .addOption(new Option('--model <kind>', 'factorial, or quadratic: a response surface of numeric factors')
      .choices(['factorial', 'quadratic']).default('factorial'))
    .addOption(new Option('--sums <kind>', 'sums of squares of unbalanced data: type I, II or III')
      .choices(['sequential', 'hierarchical', 'partial']).default('hierarchical'))
    .option('--log', 'analyse logarithms: effects are ratios')
    .option('--categorical <columns>', 'factors whose numbers are labels', columns)
    .option('--run-order <column>', 'number or time by which runs were made (default: the order of the rows)')
    .option('--level <share>', 'confidence of intervals', share, 0.95)
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['text', 'json']).default('text'))
    .addHelpText('after', `\nExit codes: ${EXIT.ok} analysed, ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} the table cannot be analysed as asked.`)
    .action(analyze)
}

async function analyze(path: string, { factors, response, block, wholePlot, output, ...options }: AnalyzeOptions): Promise<void> {
  const { text, name } = await contentOf(path)
  const analysis = analyzeTable(text, name, { ...options, factors, response, blocks: block ?? [], wholePlot: wholePlot ?? [] })
  if (!analysis.ok) throw invalidInput(analysis.problems)
  process.stdout.write(output === 'json' ? `${JSON.stringify(analysis.value, null, 2)}\n` : `${analysisLines(analysis.value).join('\n')}\n`)
}

async function contentOf(path: string): Promise<{ readonly text: string; readonly name: string }> {
  if (path === '-') return { text: await readAll(process.stdin), name: 'standard input' }
  try {
    return { text: await readFile(path, 'utf8'), name: basename(path) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new CliError(EXIT.invalidExperiment, `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}`)
  }
}

/** A name with a comma in it is quoted, as in the table itself. */
function columns(text: string, before: readonly string[] = []): string[] {
  const names = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/g)]
    .map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
  // The pattern also meets the empty end.
  const found = names.slice(0, -1)
  if (found.length === 0 || found.includes('')) throw new InvalidArgumentError('expected names of columns, separated by commas')
  return [...before, ...found]
}

function condition(text: string, before: AnalyzeOptions['where'] = []): AnalyzeOptions['where'] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected column=value')
  return [...before, { column: text.slice(0, at).trim(), value: text.slice(at + 1).trim() }]
}

function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('expected a share between 0 and 1, such as 0.95')
  return value
}
