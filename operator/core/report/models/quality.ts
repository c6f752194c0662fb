// SPDX-License-Identifier: Apache-2.0
/** How well models answer, from the scores that their trials left, and whether two of them differ by more than the error of the questions. */
import type { Score } from '../../model/record.ts'
import { holm } from '../../stats/compare/holm.ts'
import { normalSurvival } from '../../stats/distribution/normal.ts'
import { mean } from '../../stats/summary.ts'
import type { Group } from './groups.ts'

export interface QualityScore extends Pick<Score, 'task' | 'metric' | 'better'> {
  readonly value: number
  /** Over the questions of the task: all trials ask the same ones, so that trials do not shrink it. null where the tool gives none. */
  readonly stderr: number | null
}

export interface QualityDifference {
  readonly task: string
  readonly metric: string
  readonly base: QualityScore
  readonly other: QualityScore
  /** Of the difference, as if both had been asked other questions: the same ones make it smaller, so that this errs on the side of "not shown". */
  readonly stderr: number | null
  readonly p: number | null
  /** Of `other`; open where it is not shown, or there is no error to judge it by. */
  readonly verdict: 'better' | 'worse' | 'open' | 'no error'
}

export function scoresOf({ trials }: Group): QualityScore[] {
  const scores = trials.flatMap((t) => t.findings.scores)
  return [...Map.groupBy(scores, (s) => `${s.task}\n${s.metric}`).values()].map((own) => {
    const { task, metric, better } = own[0] as Score
    const errors = own.flatMap((s) => s.stderr ?? [])
    return { task, metric, better, value: mean(own.map((s) => s.value)) as number, stderr: errors.length === 0 ? null : Math.max(...errors) }
  })
}

/** Over the tasks that both have and of which it is known which way is better; Holm over these. */
export function qualityDifferences(base: Group, other: Group, alpha = 0.05): QualityDifference[] {
  const theirs = scoresOf(other)
  const both = scoresOf(base).flatMap((score) => {
    const match = theirs.find((s) => s.task === score.task && s.metric === score.metric && s.better === score.better)
    return match === undefined || score.better === 'none' ? [] : [{ base: score, other: match }]
  })
  const tested = both.map((pair) => ({ ...pair, ...testOf(pair) }))
  const adjusted = holm(tested.map((t) => t.p ?? 1))
  return tested.map(({ base: a, other: b, stderr, p }, i) => {
    const shown = p !== null && (adjusted[i] as number) <= alpha
    const improved = b.value > a.value === (a.better === 'higher')
    return { task: a.task, metric: a.metric, base: a, other: b, stderr, p: p === null ? null : (adjusted[i] as number), verdict: p === null ? 'no error' : shown ? (improved ? 'better' : 'worse') : 'open' }
  })
}

function testOf({ base, other }: { readonly base: QualityScore; readonly other: QualityScore }): Pick<QualityDifference, 'stderr' | 'p'> {
  if (base.stderr === null || other.stderr === null) return { stderr: null, p: null }
  const stderr = Math.hypot(base.stderr, other.stderr)
  if (stderr === 0) return { stderr, p: base.value === other.value ? 1 : null }
  return { stderr, p: 2 * normalSurvival(Math.abs(other.value - base.value) / stderr) }
}
