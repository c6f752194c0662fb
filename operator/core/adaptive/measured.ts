// SPDX-License-Identifier: Apache-2.0
/** What adaptive designs know of a trial: its treatment, its replicate, and the few numbers that are asked of it. */
import { canonicalJson } from '../design/canonical.ts'
import type { Findings } from '../model/findings.ts'
import { responseValue } from '../report/response.ts'
import type { Question } from './question.ts'

export interface MeasuredTrial {
  /** Level by factor name, as the trial's specification has it. */
  readonly levels: Readonly<Record<string, unknown>>
  readonly stack: number
  readonly run: number
  /** An answer to each question; null where it has none that may decide. null as a whole of a trial that failed or is invalid: it is no evidence. */
  readonly values: readonly (number | null)[] | null
}

/** Trials that have ended, in any order. */
export type Measured = readonly MeasuredTrial[]

/** Answers of a trial; a percentile from too small a sample is kept elsewhere and never decides. */
export function valuesOf({ verdict, ...rest }: Findings, questions: readonly Question[]): MeasuredTrial['values'] {
  if (verdict.result === 'invalid') return null
  return questions.map(({ stage, ...response }) => {
    const found = responseValue({ verdict, ...rest }, stage, response)
    return found === null || found.weak ? null : found.value
  })
}

export function measuredOf(findings: Findings, questions: readonly Question[]): MeasuredTrial {
  return { levels: findings.treatment, stack: findings.replicate.stack, run: findings.replicate.run, values: valuesOf(findings, questions) }
}

export const levelsKey = (levels: Readonly<Record<string, unknown>>): string => canonicalJson(levels)
