// SPDX-License-Identifier: Apache-2.0
/** The results as JSON for programs: cells with intervals and the values of their trials. Whole findings are in files of their own. */
import { adviceSentences } from './advice/advice-sentences.ts'
import { effectsOf } from './effects/analyze-effects.ts'
import { effectSentences } from './effects/effect-sentences.ts'
import { RESULTS_SCHEMA } from './from-json.ts'
import { said } from './messages/said.ts'
import { modelsJson } from './models/models-json.ts'
import { tallyVerdicts } from './outcome.ts'
import { isSame, type Response } from './response.ts'
import type { ExperimentResults, GateOutcome } from './results.ts'

/** In files a verdict has its English words. */
export function withoutParts({ result, rules }: GateOutcome): GateOutcome {
  return { result, rules: rules.map((rule) => ({ name: rule.name, result: rule.result, message: rule.message })) }
}

export function toJson(results: ExperimentResults): string {
  const { phase, counts, stages, gate, failed, requirements, order, trials } = results
  return `${JSON.stringify({
    ...comparedOf(results),
    phase,
    counts,
    gate: gate === undefined ? undefined : withoutParts(gate),
    stages,
    requirements,
    order,
    scores: trials.flatMap(({ trial, scores }) => scores.map((score) => ({ trial: trial.name, ...score }))),
    objections: tallyVerdicts(results),
    failed,
    advice: adviceSentences(results).map(said),
    models: modelsJson(results),
    effects: { said: effectSentences(results).map(said), responses: effectsOf(results).responses },
  })}\n`
}

/** As much as others are compared with: small enough for a ConfigMap where only some responses are kept. */
export function toBaselineJson(results: ExperimentResults, responses: readonly Response[]): string {
  const cells = results.cells.filter((cell) => responses.some((r) => isSame(r, cell)))
  return JSON.stringify(comparedOf({ ...results, cells }))
}

function comparedOf({ name, namespace, run, measured, factors, treatments, standUps, cells }: ExperimentResults): object {
  return {
    schema: RESULTS_SCHEMA, name, namespace, run, measured, factors, standUps,
    treatments: treatments.map(({ trials, ...treatment }) => ({ ...treatment, trials: trials.map((t) => t.trial.name) })), cells,
  }
}
