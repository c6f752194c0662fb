// SPDX-License-Identifier: Apache-2.0
/** Reads what optimum-benchmark writes: one benchmark, phase by phase. No request is seen, so all of it is the tool's claim; a failed one is a failed stage with its traceback. */
import { z } from 'zod'
import type { AdapterResult } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readOutline } from '../reading/json-file.ts'
import { findJsonResults, noResult, type JsonResult } from '../reading/json-results.ts'
import { shaped } from '../reading/shape.ts'
import { energyNote } from './energy-sources.ts'
import { failedRun } from './failed-run.ts'
import { type PhaseName, PHASES, phaseStage } from './phases.ts'
import { BenchmarkFile, Carbon, type Config, Phase, ReportFile, Sources } from './report-file.ts'

const KNOWN_VERSION = /^0\.6\./
/** Every single latency: no number of ours needs them, and there may be millions. */
const LONG_ARRAYS = ['values']

export async function adaptOptimumBenchmark(files: ResultFiles, job: Pick<TrialJob, 'spec'>): Promise<AdapterResult> {
  const { run, notes } = await findRun(files)
  const { config, report } = run
  const version = config?.environment?.optimum_benchmark_version ?? undefined
  const base = {
    tool: { name: 'optimum-benchmark', version: version ?? job.spec.harness.version },
    served: { model: config?.backend?.model ?? undefined, engine: config?.backend?.name ?? undefined },
  }
  const seen = [...notes, ...(version === undefined || KNOWN_VERSION.test(version) ? [] : [`optimum-benchmark ${version} is not known; its names are taken to mean what they mean in 0.6`])]
  if (typeof report['traceback'] === 'string') {
    const { window, record, note } = failedRun(report['traceback'])
    return { ...base, records: [record], stages: [window], claims: [], notes: [...seen, note] }
  }
  const all = phasesOf(report, run.name)
  const carbons = await carbonsOf(files, run.name)
  const stages = PHASES.flatMap((name) => {
    const phase = all[name]
    return phase === undefined ? [] : [phaseStage({ name, phase, config, carbon: carbons[name], all })]
  })
  const energy = energyNote(Object.values(carbons), await sourcesOf(files, run.name))
  return {
    ...base, records: [], stages: stages.map((s) => s.window), claims: stages.flatMap((s) => s.claims),
    notes: [...seen, ...protocolNotes(config, all), ...stages.flatMap((s) => s.notes), ...(energy === undefined ? [] : [energy])],
  }
}

interface Run { readonly name: string; readonly config: Config | undefined; readonly report: Readonly<Record<string, unknown>> }

/** benchmark.json holds configuration and report; the report alone is what is left where only that was kept. */
async function findRun(files: ResultFiles): Promise<{ readonly run: Run; readonly notes: readonly string[] }> {
  const names = await files.list()
  const { found, notes } = await findJsonResults(files, { names: names.filter((name) => /(^|\/)benchmark(_report)?[^/]*\.json$/.test(name) && !name.endsWith('benchmark_config.json')), without: LONG_ARRAYS, isOne: isRun })
  const whole = found.filter(({ value }) => 'report' in value)
  const candidates = whole.length > 0 ? whole : found
  const [first] = candidates
  if (first === undefined) {
    throw noResult({ tool: 'optimum-benchmark', names, notes, expected: 'benchmark.json or benchmark_report.json, with phases or a traceback', hint: 'the log of the harness says why it ended; a container that is killed for its memory writes nothing' })
  }
  if (candidates.length > 1) throw new Error(`there are ${candidates.length} results of optimum-benchmark (${candidates.map((c) => c.name).slice(0, 3).join(', ')} …): expected one a folder`)
  return { run: runOf(first), notes }
}

function isRun(value: object): boolean {
  return 'report' in value || 'traceback' in value || PHASES.some((phase) => phase in value)
}

function runOf({ name, value }: JsonResult): Run {
  if (!('report' in value)) return { name, config: undefined, report: shaped(ReportFile, value, name) }
  const { config, report } = shaped(BenchmarkFile, value, name)
  return { name, config: config ?? undefined, report: report ?? {} }
}

function phasesOf(report: Run['report'], file: string): Partial<Record<PhaseName, Phase>> {
  return Object.fromEntries(PHASES.flatMap((name) => (report[name] === undefined || report[name] === null ? [] : [[name, shaped(z.object({ [name]: Phase }), report, file)[name]]])))
}

const beside = (file: string, name: string) => file.replace(/[^/]*$/, name)

async function carbonsOf(files: ResultFiles, file: string): Promise<Partial<Record<PhaseName, Carbon>>> {
  const read = await Promise.all(PHASES.map(async (phase) => [phase, await small(files, beside(file, `${phase}_codecarbon.json`), Carbon)] as const))
  return Object.fromEntries(read.filter(([, carbon]) => carbon !== undefined))
}

const sourcesOf = (files: ResultFiles, file: string) => small(files, beside(file, 'energy_sources.json'), Sources)

/** One that was cut off says nothing. */
async function small<S extends z.ZodType>(files: ResultFiles, name: string, schema: S): Promise<z.output<S> | undefined> {
  if (!(await files.list()).includes(name)) return undefined
  const { value, truncated } = await readOutline(files, name)
  return truncated ? undefined : shaped(schema, value, name)
}

function protocolNotes(config: Config | undefined, all: Partial<Record<PhaseName, Phase>>): string[] {
  return [
    ...(config === undefined ? ['missing: benchmark.json, without which nothing says what was measured; batch and tokens of an iteration are not known'] : []),
    ...(config?.backend?.no_weights === true ? ['the weights were made up (no_weights): speed, memory and energy are those of the model\'s shape, and answers mean nothing'] : []),
    ...(all.first_generate === undefined ? [] : ['first_generate: it is the second generation; the tool runs one before it that it does not measure']),
    ...(config?.launcher?.name === 'process' ? ['the tool waited for its process in a loop without a pause (launcher process), which takes one core all the time'] : []),
  ]
}
