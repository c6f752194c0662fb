// SPDX-License-Identifier: Apache-2.0
/** The results as a tidy table: one row for every trial, stage and metric, all statistics beside each other. CSV and Parquet write it. */
import type { Distribution, Findings, Scalar, StageFindings } from '../model/findings.ts'
import { METRICS, STATISTICS, type MetricName } from '../model/metric.ts'
import { levelText } from '../plan/labels.ts'
import { responseValue, startupStageOf } from './response.ts'
import type { ExperimentResults } from './results.ts'

export type Field = string | number | null | undefined
export interface TidyColumn { readonly name: string; readonly type: 'text' | 'number' | 'whole' }
export interface TidyTable { readonly columns: readonly TidyColumn[]; readonly rows: readonly (readonly Field[])[] }

const text = (name: string): TidyColumn => ({ name, type: 'text' })
const number = (name: string): TidyColumn => ({ name, type: 'number' })
const whole = (name: string): TidyColumn => ({ name, type: 'whole' })

/** Scores stand under this name. */
const SCORES_STAGE = 'scores'
const HEAD = [
  text('experiment'),
  text('trial'),
  whole('attempt'),
  text('stack'),
  whole('stack_replicate'),
  whole('run_replicate'),
  text('verdict'),
]
const TAIL = [
  text('stage'),
  number('offered_rate'),
  number('offered_concurrency'),
  text('metric'),
  text('unit'),
  whole('n'),
  number('value'),
  ...STATISTICS.map(number),
  text('weak'),
  text('claimed'),
  number('stderr'),
]

/** Invalid trials are in it, with their verdict: leaving them out is the reader's decision. */
export function tidyTable({ name, factors, trials }: Pick<ExperimentResults, 'name' | 'factors' | 'trials'>): TidyTable {
  return {
    columns: [...HEAD, ...factors.map((f) => text(`factor_${f.name}`)), ...TAIL],
    rows: trials.flatMap((findings) => {
      const { trial, stack, replicate, verdict, treatment } = findings
      const levels = factors.map((f) => (Object.hasOwn(treatment, f.name) ? levelText(treatment[f.name]) : ''))
      const head = [name, trial.name, trial.attempt, stack, replicate.stack, replicate.run, verdict.result, ...levels]
      const rows = [...findings.stages.flatMap(stageRows), ...startupRows(findings), ...findings.scores.map(scoreRow)]
      return rows.map((row) => [...head, ...row])
    }),
  }
}

function stageRows({ stage, offered, distributions, scalars, claimed = [] }: StageFindings): Field[][] {
  const isClaimed = (metric: string): Field => (claimed.includes(metric) ? 'true' : null)
  const head = (metric: string, unit: string) => [stage, offered.rate, offered.concurrency, metric, unit]
  const spread = (d: Distribution): Field[] => [d.n, null, ...STATISTICS.map((s) => d[s]), d.weak.join(' ')]
  const single = (s: Scalar): Field[] => [s.n, s.value, ...STATISTICS.map(() => null), null]
  return [
    ...Object.entries(distributions).map(([metric, d]) => [...head(metric, d.unit), ...spread(d), isClaimed(metric), null]),
    ...Object.entries(scalars).map(([metric, s]) => [...head(metric, s.unit), ...single(s), isClaimed(metric), null]),
  ]
}

function startupRows(findings: Findings): Field[][] {
  const metrics = (Object.keys(METRICS) as MetricName[]).filter((metric) => metric.startsWith('startup_'))
  return metrics.flatMap((metric) => {
    const found = responseValue(findings, startupStageOf(findings), { metric, statistic: 'value' })
    const { unit } = METRICS[metric]
    return found === null ? [] : [[startupStageOf(findings), null, null, metric, unit, null, found.value, ...STATISTICS.map(() => null), null, null, null]]
  })
}

/** A score is no measurement of a stage; its error is of the questions that were asked. */
function scoreRow({ task, metric, value, n, stderr }: Findings['scores'][number]): Field[] {
  return [SCORES_STAGE, null, null, `${task} ${metric}`, 'score', n, value, ...STATISTICS.map(() => null), null, 'true', stderr]
}
