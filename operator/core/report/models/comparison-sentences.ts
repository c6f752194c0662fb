// SPDX-License-Identifier: Apache-2.0
/** What a comparison of many groups says of itself: how many questions are decided, and how the table is to be read. */
import type { GroupComparison } from './compare-groups.ts'
import { message, type Message } from '../messages.ts'

export function summaryOf({ rows, found: { study } }: GroupComparison): Message {
  const count = (verdict: string) => rows.filter((r) => r.verdict === verdict).length
  const [better, worse, same, open] = [count('better'), count('worse'), count('same'), count('insufficient')]
  return message('models.pairs.summary', { groups: study.groups.length, by: study.by, decided: rows.length - open, total: rows.length, better, worse, same, open })
}

export function readingOf({ rows, family, alpha, margins }: GroupComparison): Message[] {
  const sources = new Set(margins.map((m) => m.source))
  const once = rows.some((r) => r.verdict === 'insufficient' && (r.base.standUps < 2 || r.candidate.standUps < 2))
  return [
    message('models.pairs.medians'), ...(family === 0 ? [] : [message('models.pairs.family', { family, alpha: `${Number((alpha * 100).toPrecision(3))} %` })]),
    ...(sources.has('given') ? [message('models.pairs.marginGiven')] : []), ...(sources.has('noise floor') ? [message('models.pairs.marginFloor')] : []),
    ...(once ? [message('models.pairs.once')] : []),
  ]
}
