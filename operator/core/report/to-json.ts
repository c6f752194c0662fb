// SPDX-License-Identifier: Apache-2.0
/** The results as JSON for programs: cells with intervals and the values of their trials. Whole findings are in files of their own. */
import { tallyVerdicts } from './outcome.ts'
import type { ExperimentResults } from './results.ts'

export function toJson(results: ExperimentResults): string {
  const { name, namespace, phase, run, counts, factors, treatments, stages, cells, gate, failed, trials } = results
  return `${JSON.stringify({
    schema: 'assay.dev/results/v1', name, namespace, phase, run, counts, gate, factors,
    treatments: treatments.map(({ trials, ...treatment }) => ({ ...treatment, trials: trials.map((t) => t.trial.name) })),
    stages, cells, scores: trials.flatMap(({ trial, scores }) => scores.map((score) => ({ trial: trial.name, ...score }))), objections: tallyVerdicts(results), failed,
  })}\n`
}
