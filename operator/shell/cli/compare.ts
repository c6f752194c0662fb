// SPDX-License-Identifier: Apache-2.0
/** `assay compare`: what got better or worse between two Experiments, with uncertainty, and what else differs between them. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ResultsComparison } from '../../core/report/compare/comparison.ts'
import { compareResults } from '../../core/report/compare/compare-results.ts'
import type { TreatmentPick } from '../../core/report/compare/match-treatments.ts'
import { PRIMARY, parseResponses, responseName } from '../../core/report/primary.ts'
import type { Response } from '../../core/report/response.ts'
import type { ComparedResults } from '../../core/report/results.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { withClusterOptions } from './cluster.ts'
import { compareByGroup, type GroupsAsked } from './compare-groups.ts'
import { comparisonJson, comparisonText } from './compare-view.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { compareFacts, type Comparison, experimentFacts } from './facts.ts'
import { languageOption } from './language.ts'
import { readSubjects, type Subject } from './subject.ts'

interface CompareOptions extends Omit<GroupsAsked, 'by'> {
  readonly by?: string
  readonly treatment: readonly TreatmentPick[]
}

export function registerCompare(program: Command): void {
  withClusterOptions(program.command('compare'))
    .description('say what got better or worse from one Experiment to another, how sure that is, and what else differs')
    .argument('<base>', 'name of an Experiment (NAME@RUN for an earlier run), a work folder, results.json, or what export baseline wrote')
    .argument('[others...]', 'NEW, the same; with --by any number of further ones, or none')
    .option('--by <model|factor>', 'not two sides but many: every served model (or every level of a factor) of all that is named, each against each')
    .option('--reference <name>', 'with --by: all others against this one (default: all pairs)')
    .option(
      '--metrics <list>',
      `what decides, such as p99(ttft),output_throughput (default: those measured of ${PRIMARY.map(responseName).join(',')})`,
      metrics,
    )
    .option(
      '--treatment <factor=level>',
      'only such treatments; base:FACTOR=LEVEL or new:FACTOR=LEVEL chooses on one side; may be repeated',
      treatment,
      [],
    )
    .option('--stage <name>', 'only this stage (default: all that both have)')
    .option(
      '--margin <percent>',
      'differences within it do not matter, such as 3% (default: the A/A noise floor of the replicates)',
      percent,
    )
    .option(
      '--same-stand-up',
      'both loaded one and the same running server: runs are the units, and the answer holds for that stand-up alone',
      false,
    )
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['table', 'json', 'markdown']).default('table'))
    .addOption(languageOption())
    .addHelpText(
      'after',
      `
A verdict is better, worse, same (surely within the margin) or insufficient (with how many more stand-ups would do); stand-ups are the units.
Exit codes: ${EXIT.ok} nothing is worse and all is decided, ${EXIT.gateFailed} something is worse, ${EXIT.insufficientData} nothing is worse and something is undecided, ${EXIT.usage} wrong usage,
${EXIT.invalidExperiment} the two cannot be compared as asked, ${EXIT.clusterUnreachable} no cluster. With --by a comparison that could be made is ${EXIT.ok}, whatever it says.`,
    )
    .action(async (base: string, others: readonly string[], { by, reference, ...options }: CompareOptions) => {
      if (by !== undefined) process.exitCode = await compareByGroup([base, ...others], { ...options, by, ...(reference !== undefined && { reference }) })
      else process.exitCode = await compare([base, onlyOne(others, reference)], options)
    })
}

function onlyOne([fresh, ...more]: readonly string[], reference: string | undefined): string {
  if (reference !== undefined) throw new CliError(EXIT.usage, '--reference has no meaning without --by', 'assay compare A --by model --reference NAME')
  if (fresh !== undefined && more.length === 0) return fresh
  const found = fresh === undefined ? 'NEW is missing' : `expected two, BASE and NEW, and found ${more.length + 2}`
  throw new CliError(EXIT.usage, found, 'assay compare BASE NEW; or, of many models or levels of a factor, assay compare A [B…] --by model')
}

async function compare(whats: readonly [string, string], options: CompareOptions): Promise<ExitCode> {
  const { metrics: responses, treatment: picks, stage, margin, sameStandUp } = options
  const [base, fresh] = await readSubjects(whats, options) as [Subject, Subject]
  const [left, right] = [base.results(responses ?? PRIMARY), fresh.results(responses ?? PRIMARY)]
  // Two treatments of one run were measured together, replicate by replicate.
  const sameExperiment = isSame(left, right) && picks.some((p) => p.side !== 'both')
  const compared = compareResults(left, right, {
    responses,
    picks,
    stage,
    sameStandUp,
    sameExperiment,
    ...(margin !== undefined && { margin: { relative: margin } }),
  })
  if (!compared.ok) throw invalidInput(compared.problems)
  const differences = factsOf(base, fresh)
  const subject = { comparison: compared.value, differences, names: { base: whats[0], fresh: whats[1] } }
  process.stdout.write(options.output === 'json' ? comparisonJson(subject) : comparisonText(subject, { markdown: options.output === 'markdown', texts: options.lang }))
  return codeOf(compared.value)
}

/** Undefined where one side is exported results, which say nothing of how they were measured. */
function factsOf(base: Subject, fresh: Subject): Comparison | undefined {
  return base.collected === undefined || fresh.collected === undefined
    ? undefined
    : compareFacts(experimentFacts(base.collected), experimentFacts(fresh.collected))
}

/** One run of one Experiment, wherever it was read from. */
function isSame(a: ComparedResults, b: ComparedResults): boolean {
  const identity = ({ name, namespace, run, measured, standUps, cells }: ComparedResults) =>
    JSON.stringify([name, namespace, run, measured, standUps, cells.map((c) => c.values)])
  return identity(a) === identity(b)
}

function codeOf({ counts }: ResultsComparison): ExitCode {
  if (counts.worse > 0) return EXIT.gateFailed
  return counts.insufficient > 0 ? EXIT.insufficientData : EXIT.ok
}

function metrics(text: string): Response[] {
  const read = parseResponses(text, '--metrics')
  if (!read.ok) throw invalidInput(read.problems)
  return read.value
}

function treatment(text: string, before: readonly TreatmentPick[]): TreatmentPick[] {
  const [, side, factor = '', level = ''] = /^(?:(base|new):)?([^=:]+)=(.+)$/.exec(text) ?? []
  if (factor === '') throw new InvalidArgumentError('expected FACTOR=LEVEL, base:FACTOR=LEVEL or new:FACTOR=LEVEL')
  return [...before, { side: side === 'base' || side === 'new' ? side : 'both', factor: factor.trim(), level: level.trim() }]
}

function percent(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? []
  const share = Number(number) / 100
  if (number === undefined || !(share > 0) || share >= 1)
    throw new InvalidArgumentError('expected a percentage between 0 and 100, such as 3%')
  return share
}
