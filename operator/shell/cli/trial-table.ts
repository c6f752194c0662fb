// SPDX-License-Identifier: Apache-2.0
/** The trials of an Experiment one by one, for `-o wide`. */
import type { Findings } from '../../core/model/findings.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { type Column, tableLines } from './table.ts'
import { labelOf } from './watch-view.ts'

const COLUMNS: readonly Column<Findings>[] = [
  { title: 'trial', value: (f) => f.trial.name },
  { title: 'treatment', value: (f) => labelOf(f.treatment) },
  { title: 'attempt', value: (f) => f.trial.attempt, align: 'right' },
  { title: 'verdict', value: (f) => f.verdict.result },
  { title: 'requests', value: (f) => f.stages.reduce((sum, s) => sum + s.requests.ok, 0), align: 'right' },
  { title: 'failed', value: (f) => f.stages.reduce((sum, s) => sum + s.requests.failed, 0), align: 'right' },
  { title: 'started', value: (f) => f.time.start },
  { title: 'why', value: (f) => [...new Set(f.verdict.reasons.map((r) => r.reason))].join(', ') },
]

export function trialLines({ trials, failed }: ExperimentResults): string[] {
  return [...tableLines(COLUMNS, trials), ...failed.map((f) => `✘ ${f.trial}: ${f.reason}${f.message === undefined ? '' : `: ${f.message}`}`)]
}
