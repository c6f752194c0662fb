// SPDX-License-Identifier: Apache-2.0
/** Checked answers → scores beside those of other tools, and notes. It checks nothing. */
import type { Score } from '../model/record.ts'
import type { StageResult } from './stage-findings.ts'
import { crossedNumbers } from './crossed-answers.ts'

/** Questions are numbers in words; several stages ask each their own. */
const TASK = 'number-words'

export function answerScores(stages: readonly StageResult[]): Score[] {
  return stages.flatMap(({ findings: { stage }, checks: { answers } }): Score[] => {
    if (answers === undefined || answers.checked === 0) return []
    const { checked, wrong } = answers
    const value = 1 - wrong / checked
    return [{ task: stages.length > 1 ? `${TASK} (${stage})` : TASK, metric: 'match', value, stderr: Math.sqrt((value * (1 - value)) / checked), n: checked, better: 'higher' }]
  })
}

export function answerNotes(stages: readonly StageResult[]): string[] {
  return stages.flatMap(({ findings: { stage }, checks: { answers } }) => {
    if (answers === undefined) return []
    const { cut, crossings, byChance } = answers
    return [
      ...(cut > 0 ? [`${stage}: ${cut} answers are longer than what is kept of them, and their number was not found in it: they count as neither right nor wrong`] : []),
      ...(crossings.length > 0 && crossedNumbers(answers) === undefined ? [`${stage}: ${crossings.length} wrong answers hold the number of another request in flight; wrong answers at random would give ${byChance.toPrecision(2)}`] : []),
    ]
  })
}
