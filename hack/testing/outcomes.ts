// SPDX-License-Identifier: Apache-2.0
/** What a test run came to: counts outcomes and words the summary; knows neither a test framework nor files. */

export interface Outcome {
  /** The vitest project, or `verify` for the checks that are not tests. */
  readonly suite: string
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or what failed, in one line. */
  readonly note?: string
}

export type Count = Readonly<Record<Outcome['state'], number>>

export function countOutcomes(outcomes: readonly Outcome[]): Count {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { state } of outcomes) count[state] += 1
  return count
}

/** `12 passed, 0 failed`, and `, 3 skipped` where there are any. */
export function wordCount({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** What was skipped and why, what failed and how, and at the very end one line with the sum. */
export function summarise(outcomes: readonly Outcome[]): string {
  const lines = [
    ...listed('Skipped', outcomes.filter(({ state }) => state === 'skipped'), 'no reason given'),
    ...listed('Failed', outcomes.filter(({ state }) => state === 'failed'), 'see above'),
    wordCount(countOutcomes(outcomes)),
  ]
  return `${lines.join('\n')}\n`
}

/** One outcome a line, as JSON; blank lines are none. */
export function parseOutcomes(text: string): Outcome[] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Outcome)
}

export function printOutcomes(outcomes: readonly Outcome[]): string {
  return outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join('')
}

function listed(title: string, outcomes: readonly Outcome[], otherwise: string): string[] {
  if (outcomes.length === 0) return []
  return [`${title}:`, ...outcomes.map(({ suite, name, note }) => `  ${suite}: ${name} (${note ?? otherwise})`), '']
}
