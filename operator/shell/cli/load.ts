// SPDX-License-Identifier: Apache-2.0
/** `assay load`: measures any endpoint by a workload profile, without a cluster. It only puts together what trials are made of. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { createLogUpdate } from 'log-update'
import { stringify } from 'yaml'
import type { LiveCounts } from '../../../harnesses/native/run.ts'
import { measureTrial, type TrialMeasurement } from '../../core/measure/measure-trial.ts'
import { ENDPOINT_APIS, type EndpointApi } from '../../core/model/endpoint-api.ts'
import { FILE_FORMS, Results } from '../../core/model/experiment.ts'
import { formatProblem } from '../../core/model/problem.ts'
import type { TrialJob } from '../../core/model/trial-job.ts'
import type { WorkloadProfileSpec } from '../../core/model/workload-profile.ts'
import { checkFiles } from '../../core/plan/check-files.ts'
import { needsOf } from '../../core/plan/needs.ts'
import { protocolProblems } from '../../core/plan/protocol-problems.ts'
import { readResults } from '../collector/raw-results.ts'
import { createRedactor } from '../collector/redact.ts'
import { writeToolFiles } from '../collector/write-tool-files.ts'
import { asInputProblem } from '../prepare/input-problem.ts'
import { prepareTrial } from '../prepare/prepare.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { runHarness, type HarnessExit } from './load-child.ts'
import { writeLoadJob } from './load-job.ts'
import { readProfile, withStages } from './load-profile.ts'
import { findingsTable } from './load-table.ts'
import { servedModel } from './load-model.ts'
import { readPrice } from './load-prices.ts'
import { CREDENTIAL_ENV } from '../probe/probe-command.ts'
import { addressOf, credentialEnv } from './provider-variables.ts'

interface LoadOptions {
  readonly url?: string
  readonly api?: EndpointApi
  readonly prices?: string
  readonly model?: string
  readonly workload: string
  readonly harnessOut?: string
  readonly stage: readonly string[]
  readonly seed: number
  readonly header: Readonly<Record<string, string>>
  readonly ca?: string
  readonly client?: string
  readonly gpus: number
  readonly files: readonly string[]
  readonly envFile?: string
  readonly metadata: Readonly<Record<string, string>>
  readonly output: 'table' | 'json' | 'yaml'
}

export function registerLoad(program: Command): void {
  program.command('load')
    .description('measure an endpoint by a workload profile; needs no cluster')
    .option('--url <url>', 'base address of the server, without /v1; by default from the variables of the API (OPENAI_API_BASE, …)', address)
    .addOption(new Option('--api <protocol>', 'protocol that the server speaks (default: openai)').choices(ENDPOINT_APIS))
    .option('--prices <file>', 'prices of a million tokens, as endpoint.prices of a Scenario has them')
    .option('--model <name>', 'model to ask for; by default the only one that the server lists')
    .requiredOption('--workload <file>', 'WorkloadProfile, as YAML or JSON')
    .option('--harness-out <folder>', 'where all files go (default: work/load-<time>)')
    .option('--stage <name...>', 'only these stages', [])
    .option('--seed <n>', 'seed of arrivals and prompts', wholeNumber, 1)
    .option('--header <name=value...>', 'headers sent with every request; credentials go into the variable ASSAY_CREDENTIAL, _FILE or _COMMAND of it, or those of the API', header, {})
    .option('--ca <file>', 'CA certificate of the server')
    .option('--env-file <file>', 'file of variables, such as ASSAY_CREDENTIAL; those that are set already stay')
    .option('--client <module>', 'module with another client (createClient), for APIs that are none of these')
    .option('--gpus <n>', 'accelerators of the server, for figures per GPU', wholeNumber, 0)
    .addOption(new Option('--files <form...>', 'write the results in the form of another tool too').choices(FILE_FORMS).default([]))
    .option('--metadata <name=value...>', 'further members of LLMPerf\'s summary', header, {})
    .addOption(new Option('-o, --output <form>', 'form of the output').choices(['table', 'json', 'yaml']).default('table'))
    .action(async (options: LoadOptions) => {
      process.exitCode = await load(options)
    })
}

async function load(options: LoadOptions): Promise<number> {
  readEnvironment(options.envFile)
  const profile = await readProfile(options.workload)
  const [misfit] = checkFiles(profile.spec, Results.parse({ files: filesOf(options) }).files)
  if (misfit !== undefined) throw new CliError(EXIT.invalidExperiment, formatProblem({ ...misfit, path: '--files' }))
  const folder = resolve(options.harnessOut ?? join('work', `load-${new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, '')}`))
  await mkdir(folder, { recursive: true })
  const asked = { url: options.url, api: options.api }
  const api = options.api ?? 'openai'
  refuseUnsaid(profile.spec, api, options.client)
  const url = knownAddress(asked)
  const credential = credentialEnv(asked, process.env)
  const model = options.model ?? await servedModel({ ...options, url, api }, credential?.[CREDENTIAL_ENV])
  const job = await writeLoadJob({
    profile: { ...profile, spec: withStages(profile.spec, options.stage) }, seed: options.seed, folder, files: filesOf(options),
    target: {
      url, api, model, headers: options.header, hasCredential: credential !== undefined, ca: options.ca, gpus: options.gpus,
      price: options.prices === undefined ? undefined : await readPrice(options.prices, model),
    },
  })
  const { measurement, exit } = await measure(job, options, credential)
  await writeResults(folder, measurement)
  show(measurement, options.output)
  process.stderr.write(`\nfiles: ${folder}\n`)
  if (exit.interrupted) return EXIT.interrupted
  return measurement.findings.stages.some((stage) => stage.requests.ok > 0) ? EXIT.ok : EXIT.experimentFailed
}

/** Node has looked whether it is there, wherever the option stands, and read it only where the option is its own. */
function readEnvironment(file: string | undefined): void {
  if (file === undefined) return
  try {
    process.loadEnvFile(file)
  } catch (error) {
    throw new CliError(EXIT.usage, `${file} cannot be read as a file of variables: ${(error as Error).message}`)
  }
}

/** As an Experiment's results.files would have it. */
function filesOf({ files, metadata }: LoadOptions): object {
  return Object.fromEntries(files.map((form) => [form, form === 'llmperf' ? { metadata } : {}]))
}

/** A module of the user's own says whatever it says. */
function refuseUnsaid(workload: WorkloadProfileSpec, api: EndpointApi, client: string | undefined): void {
  if (client !== undefined) return
  const problems = protocolProblems({ workload: needsOf(workload), endpoint: { server: true, protocol: api, features: [] } })
  if (problems.length > 0) throw new CliError(EXIT.invalidExperiment, problems.map(formatProblem).join('\n'))
}

function knownAddress(asked: { readonly url?: string | undefined; readonly api?: EndpointApi | undefined }): string {
  const found = addressOf(asked, process.env)
  if ('url' in found) return address(found.url)
  const variables = found.missing.length > 0 ? `, or set ${found.missing.join(', ')}` : ''
  throw new CliError(EXIT.usage, `nobody says where the server is: expected --url${variables}`)
}

async function measure(job: TrialJob, options: LoadOptions, env: Readonly<Record<string, string>> | undefined): Promise<{ measurement: TrialMeasurement; exit: HarnessExit }> {
  const startEpochMs = Date.now()
  const requests = await prepareTrial(job).catch((error: unknown) => {
    const problem = asInputProblem(error)
    throw problem === undefined ? error : new CliError(EXIT.invalidExperiment, problem.message)
  })
  const progress = createProgress(options.output === 'table')
  progress.say(`${requests?.count ?? 0} requests prepared`)
  const trial = join(job.paths.config, 'trial.json')
  const exit = await runHarness({ trial, requests: job.paths.requests, out: job.paths.out, client: options.client, env, onLive: progress.show })
  progress.done()
  if (exit.exitCode !== 0) throw new CliError(EXIT.unexpected, `the harness could not run: ${exit.output.trim()}`)
  const spool = join(job.paths.config, 'records.jsonl')
  const { adapter, problem } = await readResults(job, spool)
  if (problem !== undefined) throw new CliError(EXIT.unexpected, problem)
  const harness = { exitCode: exit.exitCode, timedOut: false, oomKilled: false }
  const measurement = await measureTrial({ job, adapter, scrapes: [], harness, artifacts: [], requests, time: { startEpochMs, endEpochMs: Date.now() } })
  await writeToolFiles({ job, ...adapter, endEpochMs: Date.now() }, job.paths.config, createRedactor([]))
  // The harness's own records are in out.
  await rm(spool)
  return { exit, measurement: { ...measurement, findings: { ...measurement.findings, notes: [...(requests?.notes ?? []), ...measurement.findings.notes] } } }
}

async function writeResults(folder: string, { findings, reports }: TrialMeasurement): Promise<void> {
  await writeFile(join(folder, 'findings.json'), `${JSON.stringify(findings, undefined, 2)}\n`)
  for (const [stage, report] of Object.entries(reports)) await writeFile(join(folder, `report.${stage}.yaml`), stringify(report))
}

function show({ findings }: TrialMeasurement, output: LoadOptions['output']): void {
  const texts = { table: () => findingsTable(findings), json: () => JSON.stringify(findings, undefined, 2), yaml: () => stringify(findings).trimEnd() }
  process.stdout.write(`${texts[output]()}\n`)
}

/** One line that is redrawn on a terminal; elsewhere a line a second. Nothing at all where the output is for programs. */
function createProgress(wanted: boolean): { say: (text: string) => void; show: (counts: LiveCounts) => void; done: () => void } {
  const update = createLogUpdate(process.stderr)
  let saidMs = 0
  const say = (text: string) => {
    if (wanted) process.stderr.write(`${text}\n`)
  }
  return {
    say,
    show: ({ stage, sent, done, failed, inFlight }) => {
      const text = `${stage || 'start'}: ${sent} sent, ${done} ended, ${failed} failed, ${inFlight} in flight`
      if (wanted && process.stderr.isTTY) update(text)
      else if (Date.now() - saidMs > 1000) {
        saidMs = Date.now()
        say(text)
      }
    },
    done: () => {
      if (wanted && process.stderr.isTTY) update.done()
    },
  }
}

function address(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) throw new InvalidArgumentError('expected an address such as http://127.0.0.1:8000')
  return value.replace(/\/v1\/?$/, '').replace(/\/+$/, '')
}

function wholeNumber(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > 2_147_483_647) throw new InvalidArgumentError('expected a whole number from 0 on')
  return number
}

function header(value: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = value.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected name=value')
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) }
}
