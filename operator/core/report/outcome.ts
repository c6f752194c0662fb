// SPDX-License-Identifier: Apache-2.0
/** What came of the experiment in words: one headline, and everything that speaks against its numbers. */
import type { ExperimentResults } from './results.ts'
import type { Spent } from './spent.ts'

export interface Headline {
  readonly level: 'good' | 'doubt' | 'bad'
  readonly text: string
}

export interface ObjectionLine {
  readonly severity: 'failed' | 'invalid' | 'suspect'
  readonly reason: string
  readonly stage?: string
  readonly message: string
  /** Trials that it holds for. */
  readonly trials: readonly string[]
}

export function headline({ counts, gate, treatments, spent = {} }: ExperimentResults): Headline {
  const { valid, suspect, invalid, failed } = counts
  const missing = treatments.filter((t) => t.trials.length === 0).length
  const kinds = Object.entries({ valid, suspect, invalid, failed }).filter(([kind, n]) => n > 0 || kind === 'valid')
  const total = kinds.reduce((sum, [, n]) => sum + n, 0)
  const trials = `${total} ${total === 1 ? 'trial' : 'trials'}: ${kinds.map(([kind, n]) => `${n} ${kind}`).join(', ')}`
  const uncovered = missing > 0 ? `; ${missing} of ${treatments.length} treatments have no usable trial` : ''
  const gateText = { none: '', passed: 'Gate passed. ', failed: 'Gate failed. ', insufficient: 'Gate undecided: insufficient data. ' }
  const text = `${gateText[gate?.result ?? 'none']}${trials}${uncovered}.${spentText(spent)}`
  const bad = gate?.result === 'failed' || valid + suspect === 0
  return { level: bad ? 'bad' : missing + suspect + invalid + failed > 0 || gate?.result === 'insufficient' || spent.budgetEnd !== undefined ? 'doubt' : 'good', text }
}

function spentText({ used, budgetEnd }: Spent): string {
  return `${used === undefined ? '' : ` Used ${used}.`}${budgetEnd === undefined ? '' : ` Ended for its budget: ${budgetEnd}.`}`
}

const ORDER = { failed: 0, invalid: 1, suspect: 2 } as const

/** The same objection to many trials is one line. Worst first. */
export function tallyVerdicts({ trials, failed }: ExperimentResults): ObjectionLine[] {
  const found = [
    ...failed.map((f): ObjectionLine => ({ severity: 'failed', reason: f.reason, message: f.message ?? '', trials: [f.trial] })),
    ...trials.flatMap(({ trial, verdict }) => verdict.reasons.map((r): ObjectionLine => {
      const severity = verdict.result === 'invalid' ? 'invalid' : 'suspect'
      return { severity, reason: r.reason, ...(r.stage === undefined ? {} : { stage: r.stage }), message: r.message, trials: [trial.name] }
    })),
  ]
  const groups = Map.groupBy(found, (o) => `${o.severity}/${o.reason}/${o.stage ?? ''}`)
  return [...groups.values()]
    .map((group) => ({ ...(group[0] as ObjectionLine), trials: group.flatMap((o) => o.trials) }))
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity])
}
