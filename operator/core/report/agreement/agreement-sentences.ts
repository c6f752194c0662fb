// SPDX-License-Identifier: Apache-2.0
/** In words where tools agree, where they differ and why. */
import { formatP, formatShift } from '../format.ts'
import { joined, listed, type Message, message, type Part } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import type { ExperimentResults } from '../results.ts'
import { agreementOf, type AgreementGroup, type AgreementRow, type Standing } from './agreement.ts'
import { causesOf } from './causes.ts'

/** Nothing where one tool measured everything. */
export function agreementSentences(results: ExperimentResults): Message[] {
  const agreement = agreementOf(results)
  if (agreement === null) return []
  const many = agreement.groups.length > 1
  return agreement.groups.flatMap((group) => group.rows.flatMap((row) => rowSentences(row, group, many ? whereOf(group) : '')))
}

const whereOf = (group: AgreementGroup): Message => message('agreement.where', { place: placeOf(group) })

export const placeOf = ({ label, stage }: AgreementGroup): string => [stage, label].filter(Boolean).join(', ')

function rowSentences(row: AgreementRow, group: AgreementGroup, where: Part): Message[] {
  const response = responseTitle(row.response)
  const own = (standing: Standing) => row.cells.filter((c) => c.standing === standing)
  const [agree, open, differ] = [own('agrees'), own('open'), own('differs')]
  const names = (cells: readonly { readonly tool: string }[]) => listed(cells.map((c) => c.tool))
  return [
    ...(agree.length === 0 ? [] : [agree.length === row.cells.length
      ? message('agreement.all', { count: agree.length, response, where, margin: { stored: agree[0]?.verdict.margin?.text ?? '' } })
      : message('agreement.some', { tools: names(agree), response, where })]),
    ...differ.map((cell) => message('agreement.differs', {
      tool: cell.tool, response, where, shift: formatShift(cell.verdict.difference.shift, cell.verdict.difference.scale, row.unit), p: formatP(cell.verdict.p ?? 1),
      causes: joined(causesOf(cell, group), 'list.semicolon'),
    })),
    ...(open.length === 0 ? [] : [message('agreement.open', { tools: names(open), response, where })]),
    ...(row.missing.length === 0 ? [] : [message('agreement.missing', { tools: listed(row.missing), response, where })]),
  ]
}
