// SPDX-License-Identifier: Apache-2.0
/** `assay export baseline`: results of an Experiment as a ConfigMap, so that gates can compare with them when the Experiment is long gone. */
import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { stringify } from 'yaml'
import { analyze } from '../../core/report/analyze.ts'
import { baselineConfigMap, baselineResponses, MOST_BYTES } from '../../core/report/baseline.ts'
import { parseResponses, responseName } from '../../core/report/primary.ts'
import type { Response } from '../../core/report/response.ts'
import { toBaselineJson } from '../../core/report/to-json.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { type ClusterOptions, withClusterOptions } from './cluster.ts'
import { inputOf } from './collect.ts'
import { EXIT } from './exit-codes.ts'
import { say } from './say.ts'
import { readSubjects } from './subject.ts'

interface BaselineOptions extends ClusterOptions {
  readonly name?: string
  readonly metrics?: readonly Response[]
  readonly output?: string
}

export function registerExportBaseline(command: Command): void {
  withClusterOptions(command.command('baseline'))
    .description('results as a ConfigMap that gates can name as a baseline: regression(METRIC, baseline=NAME) <= 5%')
    .argument('<experiment|folder>', 'name of an Experiment (NAME@RUN for an earlier run), or a work folder')
    .option('--name <name>', 'name of the ConfigMap (default: that of the Experiment)', objectName)
    .option(
      '--metrics <list>',
      'which metrics it keeps, such as p99(ttft),output_throughput (default: the primary ones and those of regressions in the gate)',
      metrics,
    )
    .option('-o, --output <file>', 'where it goes (default: standard output)')
    .action(async (what: string, options: BaselineOptions) => {
      const { name, text } = await baseline(what, options)
      if (options.output === undefined) process.stdout.write(text)
      else {
        await writeFile(options.output, text)
        say(
          `wrote ${options.output}; to compare with it in a cluster: kubectl apply -n NAMESPACE -f ${options.output}, and baseline=${name} in a rule`,
        )
      }
    })
}

async function baseline(
  what: string,
  { name, metrics: asked, ...options }: BaselineOptions,
): Promise<{ readonly name: string; readonly text: string }> {
  const [subject] = await readSubjects([what], options)
  if (subject?.collected === undefined) throw new CliError(EXIT.usage, `${what} is exported results already`)
  const input = inputOf(subject.collected)
  const responses = asked ?? baselineResponses(input.experiment.spec.gate?.rules.map((r) => r.expr) ?? [])
  const results = analyze(input)
  const json = toBaselineJson(results, responses)
  const bytes = Buffer.byteLength(json)
  if (bytes > MOST_BYTES)
    throw new CliError(
      EXIT.usage,
      `the results are ${Math.ceil(bytes / 1000)} kB, and a ConfigMap holds ${MOST_BYTES / 1000} kB`,
      `keep fewer metrics: --metrics ${responseName(responses[0] as Response)}`,
    )
  const called = name ?? results.name
  return { name: called, text: stringify(baselineConfigMap(called, json), { lineWidth: 0 }) }
}

function metrics(text: string): Response[] {
  const read = parseResponses(text, '--metrics')
  if (!read.ok) throw invalidInput(read.problems)
  return read.value
}

/** As rules can name it: a DNS subdomain. */
function objectName(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('expected lower-case letters, digits, hyphens and dots')
  return text
}
