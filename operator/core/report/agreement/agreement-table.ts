// SPDX-License-Identifier: Apache-2.0
/** A row for each tool, a column for each number: as it measured, and how that stands to the others. Renderers draw it. */
import { displayUnit, formatMeasured, formatShift, scaled } from '../format.ts'
import { message, type Part } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import type { ExperimentResults } from '../results.ts'
import { agreementOf, type AgreementRow, type Standing } from './agreement.ts'
import { placeOf } from './agreement-sentences.ts'

export interface AgreementTable {
  /** `in main, rate=8`; empty for the only one. */
  readonly where: Part
  readonly columns: readonly Part[]
  readonly rows: readonly { readonly tool: string; readonly cells: readonly (AgreementText | null)[] }[]
}
export interface AgreementText { readonly value: string; readonly against: readonly Part[]; readonly standing: Standing }

export function agreementTables(results: ExperimentResults): AgreementTable[] {
  const agreement = agreementOf(results)
  if (agreement === null) return []
  return agreement.groups.filter((g) => g.rows.length > 0).map((group, _, all) => ({
    where: all.length > 1 ? message('agreement.place', { place: placeOf(group) }) : '',
    columns: group.rows.map(({ response, unit }) => message('agreement.column', { response: responseTitle(response), unit: displayUnit(unit).unit })),
    rows: agreement.tools.filter((tool) => group.trials.has(tool)).map((tool) => ({ tool, cells: group.rows.map((row) => textOf(row, tool)) })),
  }))
}

function textOf({ cells, unit }: AgreementRow, tool: string): AgreementText | null {
  const found = cells.find((c) => c.tool === tool)
  if (found === undefined) return null
  const { cell, verdict: { difference }, standing } = found
  const words = { agrees: [message('agreement.agrees')], open: [message('agreement.undecided')], differs: [] }
  return {
    value: formatMeasured(scaled(cell, displayUnit(unit).scale)), standing,
    against: [formatShift(difference.shift, difference.scale, unit), ...words[standing]],
  }
}
