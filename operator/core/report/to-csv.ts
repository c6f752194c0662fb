// SPDX-License-Identifier: Apache-2.0
/** The results as tidy CSV: one row for every trial, stage and metric, all statistics beside each other. RFC 4180, UTF-8. */
import type { Distribution, Findings, Scalar, StageFindings } from '../model/findings.ts'
import { METRICS, STATISTICS, type MetricName } from '../model/metric.ts'
import { levelText } from '../plan/labels.ts'
import { responseValue, STARTUP_STAGE } from './response.ts'
import type { ExperimentResults } from './results.ts'

type Field = string | number | null | undefined

/** Scores stand under this name. */
const SCORES_STAGE = 'scores'
const HEAD = ['experiment', 'trial', 'attempt', 'stack', 'stack_replicate', 'run_replicate', 'verdict']
const TAIL = ['stage', 'offered_rate', 'offered_concurrency', 'metric', 'unit', 'n', 'value', ...STATISTICS, 'weak', 'claimed', 'stderr']

/** Invalid trials are in it, with their verdict: leaving them out is the reader's decision. */
export function toCsv({ name, factors, trials }: ExperimentResults): string {
  const header = [...HEAD, ...factors.map((f) => `factor_${f.name}`), ...TAIL]
  const lines = trials.flatMap((findings) => {
    const { trial, stack, replicate, verdict, treatment } = findings
    const levels = factors.map((f) => (Object.hasOwn(treatment, f.name) ? levelText(treatment[f.name]) : ''))
    const head = [name, trial.name, trial.attempt, stack, replicate.stack, replicate.run, verdict.result, ...levels]
    return [...findings.stages.flatMap(stageRows), ...startupRows(findings), ...findings.scores.map(scoreRow)].map((row) => [...head, ...row])
  })
  return [header, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('')
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
    const found = responseValue(findings, STARTUP_STAGE, { metric, statistic: 'value' })
    const { unit } = METRICS[metric]
    return found === null ? [] : [[STARTUP_STAGE, null, null, metric, unit, null, found.value, ...STATISTICS.map(() => null), null, null, null]]
  })
}

/** A score is no measurement of a stage; its error is of the questions that were asked. */
function scoreRow({ task, metric, value, n, stderr }: Findings['scores'][number]): Field[] {
  return [SCORES_STAGE, null, null, `${task} ${metric}`, 'score', n, value, ...STATISTICS.map(() => null), null, 'true', stderr]
}

/** Quoted where it must be; a text that a spreadsheet would run as a formula is made text. */
function field(value: Field): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
