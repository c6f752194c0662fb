// SPDX-License-Identifier: Apache-2.0
/** Reads what lm-eval writes: scores of tasks, each with its standard error and its number of samples. It shows no requests. */
import { z } from 'zod'
import type { AdapterResult, Score } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { findJsonResults, noResult } from '../reading/json-results.ts'
import { maybeNumber, shaped } from '../reading/shape.ts'

const LmEvalResults = z.looseObject({
  results: z.record(z.string(), z.record(z.string(), z.unknown())),
  higher_is_better: z.record(z.string(), z.record(z.string(), z.boolean().nullish())).nullish(),
  'n-samples': z.record(z.string(), z.looseObject({ effective: maybeNumber, original: maybeNumber })).nullish(),
  lm_eval_version: z.string().nullish(), model_name: z.string().nullish(), date: maybeNumber, total_evaluation_time_seconds: z.union([z.string(), z.number()]).nullish(),
})
type LmEvalResults = z.output<typeof LmEvalResults>

const KNOWN_VERSION = /^0\.4\./

export async function adaptLmEval(files: ResultFiles, job: Pick<TrialJob, 'spec'>): Promise<AdapterResult> {
  const names = await files.list()
  const { found, notes } = await findJsonResults(files, { names: names.filter((n) => n.endsWith('.json')), without: ['samples[]'], isOne: isResults })
  if (found.length === 0) {
    throw noResult({ tool: 'lm-eval', names, notes, expected: 'a JSON file with results and n-samples (results_<date>.json)', hint: 'lm-eval needs --output_path, and writes nothing when the server does not answer; its log says why' })
  }
  const read = found.map(({ name, value }) => ({ name, results: shaped(LmEvalResults, value, name) }))
  const versions = [...new Set(read.flatMap(({ results }) => results.lm_eval_version ?? []))]
  const start = read.map(({ results }) => results.date).find((date) => typeof date === 'number')
  return {
    records: [], stages: [], claims: [],
    scores: read.flatMap(({ results }) => scoresOf(results)),
    ...(typeof start === 'number' ? { client: { clock: { epochMs: 1000 * start, source: 'epoch' } } } : {}),
    tool: { name: 'lm-eval', version: versions.length === 0 ? job.spec.harness.version : versions.join(', ') },
    served: { model: read.find(({ results }) => typeof results.model_name === 'string')?.results.model_name ?? undefined },
    notes: [
      ...notes,
      ...versions.filter((v) => !KNOWN_VERSION.test(v)).map((v) => `lm-eval ${v} is not known; its names are taken to mean what they mean in 0.4`),
      ...(read.some(({ results }) => scoresOf(results).length === 0) ? ['lm-eval wrote results without any score'] : []),
    ],
  }
}

function isResults(value: object): boolean {
  return 'results' in value && ('n-samples' in value || 'lm_eval_version' in value || 'versions' in value)
}

function scoresOf({ results, higher_is_better: directions, 'n-samples': samples }: LmEvalResults): Score[] {
  return Object.entries(results).flatMap(([task, values]) => Object.entries(values).flatMap(([key, value]) => {
    const [metric = '', filter] = key.split(',')
    if (typeof value !== 'number' || key === 'sample_len' || metric.endsWith('_stderr')) return []
    const stderr = values[filter === undefined ? `${metric}_stderr` : `${metric}_stderr,${filter}`]
    const n = samples?.[task]?.effective ?? values['sample_len']
    return [{ task, metric: filter === undefined || filter === 'none' ? metric : `${metric} (${filter})`, value, ...spread(stderr, n), better: better(directions?.[task]?.[metric]) }]
  }))
}

/** lm-eval writes N/A where it has none. */
function spread(stderr: unknown, n: unknown): Pick<Score, 'stderr' | 'n'> {
  return { ...(typeof stderr === 'number' && stderr >= 0 ? { stderr } : {}), ...(typeof n === 'number' ? { n } : {}) }
}

function better(higher: boolean | null | undefined): Score['better'] {
  if (typeof higher !== 'boolean') return 'none'
  return higher ? 'higher' : 'lower'
}
