// SPDX-License-Identifier: Apache-2.0
/** A row for each tool, a column for each number: as it measured, and how that stands to the others. Renderers draw it. */
import { displayUnit, formatMeasured, formatShift, scaled } from '../format.ts'
import { say } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import type { ExperimentResults } from '../results.ts'
import { agreementOf, type AgreementRow, type Standing } from './agreement.ts'
import { whereOf } from './agreement-sentences.ts'

export interface AgreementTable {
  /** ` in stage main`; empty for the only one. */
  readonly where: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly tool: string; readonly cells: readonly (AgreementText | null)[] }[]
}
export interface AgreementText { readonly value: string; readonly against: string; readonly standing: Standing }

export function agreementTables(results: ExperimentResults): AgreementTable[] {
  const agreement = agreementOf(results)
  if (agreement === null) return []
  return agreement.groups.filter((g) => g.rows.length > 0).map((group, _, all) => ({
    where: all.length > 1 ? whereOf(group) : '',
    columns: group.rows.map(({ response, unit }) => `${responseTitle(response)} [${displayUnit(unit).unit}]`),
    rows: agreement.tools.filter((tool) => group.trials.has(tool)).map((tool) => ({ tool, cells: group.rows.map((row) => textOf(row, tool)) })),
  }))
}

function textOf({ cells, unit }: AgreementRow, tool: string): AgreementText | null {
  const found = cells.find((c) => c.tool === tool)
  if (found === undefined) return null
  const { cell, verdict: { difference }, standing } = found
  const words = { agrees: say('agreement.agrees'), open: say('agreement.undecided'), differs: '' }
  return {
    value: formatMeasured(scaled(cell, displayUnit(unit).scale)), standing,
    against: [formatShift(difference.shift, difference.scale, unit), words[standing]].filter(Boolean).join(' · '),
  }
}
