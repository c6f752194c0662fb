// SPDX-License-Identifier: Apache-2.0
/** What came of the experiment in words: one headline, and everything that speaks against its numbers. */
import { joined, type Message, message, type Part } from './messages.ts'
import { PHASES } from '../model/experiment.ts'
import { VERDICT_REASONS } from '../model/findings.ts'
import type { ExperimentResults, RuleOutcome } from './results.ts'
import type { Spent } from './spent.ts'

export interface Headline {
  readonly level: 'good' | 'doubt' | 'bad'
  readonly text: Part
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
  const kinds = ([['valid', valid], ['suspect', suspect], ['invalid', invalid], ['failed', failed]] as const).filter(([kind, n]) => n > 0 || kind === 'valid')
  const total = kinds.reduce((sum, [, n]) => sum + n, 0)
  const text = joined([
    ...(gate === undefined ? [] : [message(`headline.${gate.result}`)]),
    message(total === 1 ? 'headline.one' : 'headline.many', {
      count: total, kinds: joined(kinds.map(([kind, count]) => message('headline.kind', { count, kind: message(`verdict.${kind}`) })), 'list.comma'),
      uncovered: missing > 0 ? message('headline.uncovered', { missing, total: treatments.length }) : '',
    }),
    ...spentSentences(spent),
  ], 'list.sentence')
  const bad = gate?.result === 'failed' || valid + suspect === 0
  return { level: bad ? 'bad' : missing + suspect + invalid + failed > 0 || gate?.result === 'insufficient' || spent.budgetEnd !== undefined ? 'doubt' : 'good', text }
}

function spentSentences({ used, budgetEnd }: Spent): Message[] {
  return [
    ...(used === undefined ? [] : [message('headline.used', { used })]),
    ...(budgetEnd === undefined ? [] : [message('headline.budgetEnd', { why: { stored: budgetEnd } })]),
  ]
}

/** Empty where it is not known; a phase of another version is shown as it is. */
export function phaseText({ phase = '' }: Pick<ExperimentResults, 'phase'>): Part {
  const known = PHASES.find((p) => p === phase)
  return known === undefined ? phase : message(`page.phase.${known}`)
}

/** Reasons of verdicts are words of ours; those of failures come from anywhere. */
export function reasonText(reason: string): Part {
  const known = VERDICT_REASONS.find((r) => r === reason)
  return known === undefined ? reason : message(`reason.${known}`)
}

/** What a verdict on record says is English. */
export const ruleText = ({ said, message: stored }: RuleOutcome): Part => said ?? { stored }

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
