// SPDX-License-Identifier: Apache-2.0
/** Scores of quality by treatment and task. The error of a score is that of the questions asked, which every trial asks alike: trials do not shrink it. */
import type { Score } from '../model/record.ts'
import { formatNumber } from './format.ts'
import { message, type Part } from './messages.ts'
import type { ExperimentResults, FactorInfo, TreatmentInfo } from './results.ts'

export interface ScoreTable {
  readonly head: readonly Part[]
  /** Column from which on there are numbers. */
  readonly firstNumber: number
  readonly rows: readonly (readonly Part[])[]
}

const COLUMNS: readonly Part[] = [
  message('score.task'), message('score.metric'), message('score.better'), message('score.score'), '±', message('score.questions'), message('score.range'), message('score.trials'),
]

export function scoreTable({ factors, treatments }: ExperimentResults): ScoreTable {
  return { head: [...factors.map((f) => f.name), ...COLUMNS], firstNumber: factors.length + 3, rows: treatments.flatMap((t) => treatmentRows(t, factors)) }
}

function treatmentRows({ levels, trials }: TreatmentInfo, factors: readonly FactorInfo[]): Part[][] {
  const scores = trials.flatMap((t) => t.scores)
  return [...Map.groupBy(scores, (s) => `${s.task}\n${s.metric}`).values()].map((own) => [...factors.map((f) => levels[f.name] ?? ''), ...scoreCells(own)])
}

function scoreCells(scores: readonly Score[]): Part[] {
  const { task, metric, better } = scores[0] as Score
  const values = scores.map((s) => s.value)
  const errors = scores.flatMap((s) => s.stderr ?? [])
  const counts = [...new Set(scores.flatMap((s) => s.n ?? []))].sort((a, b) => a - b)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return [
    task, metric, better === 'none' ? '' : message(`score.${better}`), formatNumber(values.reduce((sum, v) => sum + v, 0) / values.length),
    errors.length === 0 ? '–' : formatNumber(Math.max(...errors)), counts.length === 0 ? '–' : counts.join(', '),
    low === high ? '–' : message('score.fromTo', { low: formatNumber(low), high: formatNumber(high) }), String(scores.length),
  ]
}
