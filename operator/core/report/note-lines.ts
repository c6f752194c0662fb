// SPDX-License-Identifier: Apache-2.0
/** What trials note of their numbers: where a tool differs and why, what is missing. The same note with other numbers is one line; names keep theirs. */
import { message, type Part } from './messages.ts'
import type { ExperimentResults } from './results.ts'

export interface NoteLine {
  /** As the first of its trials has it. */
  readonly text: string
  readonly trials: readonly string[]
}

export function noteLines({ trials }: Pick<ExperimentResults, 'trials'>): NoteLine[] {
  const all = trials.flatMap(({ trial, notes }) => notes.map((text) => ({ text, trial: trial.name })))
  return [...Map.groupBy(all, ({ text }) => text.replaceAll(/(?<![\w-])[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?/g, '#')).values()]
    .map((group) => ({ text: group[0]?.text ?? '', trials: [...new Set(group.map((n) => n.trial))] }))
}

/** `a`, or `a and 3 more`. */
export function whose([first = '', ...others]: readonly string[]): Part {
  return others.length === 0 ? first : message('page.whose', { first, count: others.length })
}
