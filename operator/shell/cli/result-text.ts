// SPDX-License-Identifier: Apache-2.0
/** Results for a terminal: the table, then in one line what came of it, and everything that speaks against the numbers. Pure. */
import type { Texts } from '../../core/report/messages.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import { headline, tallyVerdicts } from '../../core/report/outcome.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { toTable } from '../../core/report/to-table.ts'
import { counted } from './say.ts'

const MARKS = { good: '✔', doubt: '!', bad: '✘' } as const
const MOST = 8

export function resultText(results: ExperimentResults, texts: Texts = ENGLISH): string {
  const { level, text } = headline(results)
  const objections = tallyVerdicts(results)
  const hidden = objections.length - MOST
  const gate = (results.gate?.rules ?? []).map((rule) => `  ${rule.result === 'passed' ? '✔' : rule.result === 'failed' ? '✘' : '?'} gate ${rule.name}: ${rule.message}`)
  return [
    toTable(results, texts), `${MARKS[level]} ${texts.textOf(text)}`, ...gate,
    ...objections.slice(0, MOST).map(({ severity, reason, stage, message, trials }) => `  ${severity}: ${reason}${stage === undefined ? '' : ` in stage ${stage}`}, ${counted(trials.length, 'trial')}: ${message}`),
    ...(hidden > 0 ? [`  … and ${counted(hidden, 'more objection')} (the report has them all)`] : []), '',
  ].join('\n')
}
