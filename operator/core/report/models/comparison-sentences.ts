// SPDX-License-Identifier: Apache-2.0
/** What a comparison of many groups says of itself: how many questions are decided, and how the table is to be read. */
import type { GroupComparison } from './compare-groups.ts'
import { isFlat } from '../compare/to-lines.ts'
import { displayUnit, formatNumber } from '../format.ts'
import { message, type Message } from '../messages.ts'
import type { PairRow } from './pairs.ts'

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
    ...(once ? [message('models.pairs.once')] : []), ...flatNotes(rows),
  ]
}

/** Rows in which something differs: of the others a line says enough. */
export const tellingRows = (rows: readonly PairRow[]): PairRow[] => rows.filter((r) => !isFlat(r))

function flatNotes(rows: readonly PairRow[]): Message[] {
  return [...Map.groupBy(rows.filter(isFlat), (r) => r.name)].map(([name, own]) => {
    const { unit, scale } = displayUnit(own[0]?.unit ?? '')
    return message('compare.flat', { name, count: own.length, value: `${formatNumber((own[0]?.base.median.estimate ?? Number.NaN) * scale)} ${unit}` })
  })
}
