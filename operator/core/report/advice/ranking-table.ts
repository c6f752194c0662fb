// SPDX-License-Identifier: Apache-2.0
/** The best operating point of every configuration within the bounds, best first, as rows of text. Renderers draw it. */
import type { VerdictKind } from '../../stats/compare/verdict.ts'
import { displayUnit, formatMeasured, formatShift, scaled } from '../format.ts'
import { type Message, message, type Part } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import type { Cell, ExperimentResults } from '../results.ts'
import { adviceOf, type Rank } from './advise.ts'

export interface RankingTable {
  readonly columns: readonly Part[]
  readonly rows: readonly (readonly Part[])[]
}

const MOST_ROWS = 24

/** null where there is nothing to rank. */
export function rankingTable(results: ExperimentResults): RankingTable | null {
  const advice = adviceOf(results)
  if (advice === null || advice.ranking.length < 2) return null
  const [first] = advice.ranking as [Rank]
  const bounds = first.candidate.bounds.map((b) => b.requirement)
  const objective = first.candidate.objective
  return {
    columns: [
      '',
      message('table.configuration'),
      message('table.load'),
      titleOf(responseTitle(objective), objective),
      ...bounds.map((r, i) => titleOf(responseTitle(r), first.candidate.bounds[i]?.cell)),
      message('table.againstFirst'),
      message('table.verdict'),
    ],
    rows: advice.ranking.slice(0, MOST_ROWS).map(({ candidate: { point, objective: own, bounds: cells }, verdict }, i) => [
      String(i + 1),
      point.configuration,
      point.loadLabel,
      valueOf(own),
      ...bounds.map((r) => {
        const cell = cells.find((b) => b.requirement === r)?.cell
        return cell === undefined ? '–' : valueOf(cell)
      }),
      ...(verdict === null ? ['', ''] : againstFirst(verdict.difference, verdict.verdict, own)),
    ]),
  }
}

const titleOf = (title: Message, cell: Cell | undefined) => (cell === undefined ? title : message('of.column', { title, unit: displayUnit(cell.unit).unit }))
const valueOf = (cell: Cell) => formatMeasured(scaled(cell, displayUnit(cell.unit).scale))

/** The verdict was that of the first against this one. */
function againstFirst({ shift, scale }: NonNullable<Rank['verdict']>['difference'], verdict: VerdictKind, { unit }: Cell): Part[] {
  const back = (x: number) => (scale === 'ratio' ? 1 / x : -x)
  const turned = shift.kind === 'interval' ? { ...shift, estimate: back(shift.estimate), low: back(shift.high), high: back(shift.low) }
    : { ...shift, estimate: shift.estimate === null ? null : back(shift.estimate) }
  const words = { better: 'worse', worse: 'better', same: 'same', insufficient: 'insufficient' } as const
  return [formatShift(turned, scale, unit), message(`ranking.${words[verdict]}`)]
}

