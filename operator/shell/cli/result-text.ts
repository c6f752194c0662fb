// SPDX-License-Identifier: Apache-2.0
/** Results for a terminal: the table, then in one line what came of it, and everything that speaks against the numbers. Pure. */
import { type Message, message, type Texts } from '../../core/report/messages.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import { headline, type ObjectionLine, reasonText, ruleText, tallyVerdicts } from '../../core/report/outcome.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { toTable } from '../../core/report/to-table.ts'

const MARKS = { good: '✔', doubt: '!', bad: '✘' } as const
const MOST = 8

export function resultText(results: ExperimentResults, texts: Texts = ENGLISH): string {
  const { say, textOf } = texts
  const { level, text } = headline(results)
  const objections = tallyVerdicts(results)
  const hidden = objections.length - MOST
  const gate = (results.gate?.rules ?? []).map((rule) => `  ${rule.result === 'passed' ? '✔' : rule.result === 'failed' ? '✘' : '?'} ${say('text.gate', { name: rule.name, message: ruleText(rule) })}`)
  return [
    toTable(results, texts), `${MARKS[level]} ${textOf(text)}`, ...gate,
    ...objections.slice(0, MOST).map((objection) => `  ${textOf(objectionText(objection))}`),
    ...(hidden > 0 ? [`  … ${say(hidden === 1 ? 'text.moreOne' : 'text.more', { count: hidden })}`] : []), '',
  ].join('\n')
}

function objectionText({ severity, reason, stage, message: stored, trials }: ObjectionLine): Message {
  return message('text.objection', {
    severity: message(`verdict.${severity}`), message: { stored }, trials: message(trials.length === 1 ? 'text.trial' : 'text.trials', { count: trials.length }),
    reason: stage === undefined ? reasonText(reason) : message('text.inStage', { reason: reasonText(reason), stage }),
  })
}
