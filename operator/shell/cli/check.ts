// SPDX-License-Identifier: Apache-2.0
/** `assay check`: a gate against what was measured, from the cluster or from a folder, for pipelines: exit code, JUnit, step summary. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { analyze } from '../../core/report/analyze.ts'
import type { Gate } from '../../core/model/experiment.ts'
import type { Texts } from '../../core/report/messages.ts'
import type { ExperimentResults, GateOutcome } from '../../core/report/results.ts'
import { ruleText } from '../../core/report/outcome.ts'
import { withoutParts } from '../../core/report/to-json.ts'
import { toJunit } from '../../core/report/to-junit.ts'
import { toStepSummary } from '../../core/report/to-step-summary.ts'
import { repeated } from './arguments.ts'
import { gateFor } from './check-gate.ts'
import { baselinesFor } from './check-baselines.ts'
import { CliError } from './cli-error.ts'
import { type ClusterOptions, withClusterOptions } from './cluster.ts'
import { inputOf } from './collect.ts'
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { say } from './say.ts'
import { readSubjects } from './subject.ts'

interface CheckOptions extends ClusterOptions, LanguageOptions {
  readonly gate?: string
  readonly rule: readonly string[]
  readonly baseline: readonly NamedBaseline[]
  readonly onInsufficient?: Gate['onInsufficient']
  readonly junit?: string
  readonly github: boolean
  readonly output: 'table' | 'json'
}
export interface NamedBaseline { readonly name: string; readonly where: string }

export function registerCheck(program: Command): void {
  withClusterOptions(program.command('check'))
    .description('hold what was measured against a gate: bounds, and regressions against a baseline; the exit code is the verdict')
    .argument('<experiment|folder>', 'name of an Experiment (NAME@RUN for an earlier run), or a work folder')
    .option('--gate <file>', 'a gate in YAML: rules with name and expr, onInsufficient (default: that of the Experiment)')
    .option(
      '--rule <expr>',
      'a rule, such as "p99(ttft) <= 500ms" or "regression(output_throughput, baseline=nightly) <= 5%"; may be repeated',
      repeated,
      [],
    )
    .option(
      '--baseline <name=where>',
      'where a baseline that rules name is: a work folder, an Experiment, results.json, or what export baseline wrote; may be repeated',
      baseline,
      [],
    )
    .addOption(
      new Option('--on-insufficient <verdict>', 'what insufficient data counts as (default: as the gate says, else Fail)').choices([
        'Fail',
        'Pass',
        'Unknown',
      ]),
    )
    .option('--junit <file>', 'also write the verdict as JUnit XML')
    .option(
      '--github',
      'also write a summary for the page of a GitHub workflow: to $GITHUB_STEP_SUMMARY, or to standard output where there is none',
      false,
    )
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['table', 'json']).default('table'))
    .addOption(languageOption())
    .addHelpText(
      'after',
      `
A regression passes where it surely stays within its bound, fails where it surely does not, and is insufficient in between (each at 5 %, stand-ups as units).
Exit codes: ${EXIT.ok} passed, ${EXIT.gateFailed} failed, ${EXIT.insufficientData} insufficient data (unless that counts as Pass), ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} the gate is wrong, ${EXIT.clusterUnreachable} no cluster.`,
    )
    .action(async (what: string, options: CheckOptions) => {
      process.exitCode = await check(what, options)
    })
}

async function check(what: string, options: CheckOptions): Promise<ExitCode> {
  const [subject] = await readSubjects([what], options)
  if (subject?.collected === undefined)
    throw new CliError(
      EXIT.usage,
      `${what} is exported results, which keep no findings of trials`,
      'check a work folder or an Experiment; exported results can be a baseline: --baseline NAME=FILE',
    )
  const input = inputOf(subject.collected)
  const { gate, isOwn } = await gateFor(input, options)
  const { found, missing } = await baselinesFor(gate, { what, given: options.baseline, cluster: options, isLocal: !isOwn })
  const spec = { ...input.experiment.spec, gate }
  // A verdict on record stands only for the gate that it was found by.
  const status = isOwn && found.size === 0 ? input.experiment.status : { ...input.experiment.status, gate: undefined }
  const results = analyze({ ...input, experiment: { ...input.experiment, spec, status }, baselines: found, missingBaselines: missing })
  const outcome = results.gate as GateOutcome
  await write(results, { ...options, onInsufficient: gate.onInsufficient })
  process.stdout.write(options.output === 'json' ? `${JSON.stringify({ schema: 'assay.dev/check/v1', experiment: results.name, onInsufficient: gate.onInsufficient, ...withoutParts(outcome), counts: results.counts }, null, 2)}\n` : text(outcome, options.lang))
  return codeOf(outcome, gate)
}

async function write(results: ExperimentResults, { junit, github, onInsufficient = 'Fail', lang }: CheckOptions): Promise<void> {
  if (junit !== undefined) {
    await mkdir(dirname(junit), { recursive: true })
    await writeFile(junit, toJunit(results, { onInsufficient }))
    say(`JUnit: ${junit}`)
  }
  if (!github) return
  const file = process.env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') process.stdout.write(toStepSummary(results, lang))
  else await appendFile(file, toStepSummary(results, lang))
}

const SIGNS = { passed: '✔', failed: '✘', insufficient: '?' } as const

function text({ rules, result }: GateOutcome, { say, textOf }: Texts): string {
  const lines = rules.map((r) => `${SIGNS[r.result]} ${r.name}: ${textOf(ruleText(r))}`)
  return `${[...lines, `${SIGNS[result]} ${say(`check.gate.${result}`)}`].join('\n')}\n`
}

function codeOf({ result }: GateOutcome, { onInsufficient }: Gate): ExitCode {
  const code =
    result === 'failed' ? EXIT.gateFailed : result === 'insufficient' && onInsufficient !== 'Pass' ? EXIT.insufficientData : EXIT.ok
  if (code !== EXIT.ok) say(`exit code ${code}: ${EXIT_MEANINGS[code]}`)
  return code
}

function baseline(text: string, before: readonly NamedBaseline[]): NamedBaseline[] {
  const [, name = '', where = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('expected NAME=WHERE, such as nightly=work/nightly-1')
  return [...before, { name: name.trim(), where: where.trim() }]
}
