// SPDX-License-Identifier: Apache-2.0
/** Trials of one treatment → one response with its interval. The unit of replication is the stand-up, then the trial. */
import type { Findings } from '../model/findings.ts'
import { METRICS } from '../model/metric.ts'
import { summarizeReplicates } from '../stats/mean-interval.ts'
import { isStartup, responseValue, RESPONSES, stagesOf, type Response } from './response.ts'
import type { Cell, TreatmentInfo, TrialValue } from './results.ts'

export function cellsOf({ index, trials }: Pick<TreatmentInfo, 'index' | 'trials'>, responses: readonly Response[] = RESPONSES): Cell[] {
  const stages = [...new Set(trials.flatMap(stagesOf))]
  return stages.flatMap((stage) => responses.flatMap((response) => cellOf({ index, trials }, stage, response) ?? []))
}

/** null where no trial has that response. */
export function cellOf({ index, trials }: Pick<TreatmentInfo, 'index' | 'trials'>, stage: string, response: Response): Cell | null {
  const values = valuesOf(trials, stage, response)
  const summary = summarizeReplicates([...Map.groupBy(values, (v) => v.stack).values()].map((own) => own.map((v) => v.value)))
  if (summary === null) return null
  const { unit, better } = METRICS[response.metric]
  return { treatment: index, stage, ...response, unit: unitOf(trials, stage, response) ?? unit, better, ...summary, weak: values.some((v) => v.weak), ...(values.some((v) => v.claimed) ? { claimed: true } : {}), values }
}

/** Money is in the currency of the scenario's price, which only findings know. */
function unitOf(trials: readonly Findings[], stage: string, { metric }: Response): string | undefined {
  if (!METRICS[metric].unit.includes('¤')) return undefined
  return trials.flatMap((t) => t.stages.filter((s) => s.stage === stage)).find((s) => s.scalars[metric] !== undefined)?.scalars[metric]?.unit
}

function valuesOf(trials: readonly Findings[], stage: string, response: Response): TrialValue[] {
  const values = trials.flatMap((findings) => {
    const found = responseValue(findings, stage, response)
    const suspect = findings.verdict.result === 'suspect'
    return found === null ? [] : [{ trial: findings.trial.name, stack: findings.stack, ...found, suspect }]
  })
  if (!isStartup(response.metric)) return values
  // A stack starts once however many trials run on it.
  return [...Map.groupBy(values, (v) => v.stack).values()].map((own) => own[0] as TrialValue)
}
