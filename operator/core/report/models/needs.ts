// SPDX-License-Identifier: Apache-2.0
/** Which model serves which need best within the bounds, by how much it is ahead of the next one, and whether that is shown. */
import { compareMetrics, type Verdict } from '../../stats/compare/verdict.ts'
import { armOfCell } from '../compare/arm.ts'
import type { Response } from '../response.ts'
import type { Cell } from '../results.ts'
import { type Place, placesOf, usable } from './candidates.ts'
import { FOLLOWS_ARRIVALS, type Need, NEEDS } from './responses.ts'
import { isOpen } from './laws.ts'
import type { Study } from './study.ts'

export interface Choice { readonly place: Place; readonly cell: Cell }
export interface NeedAnswer {
  readonly need: Need
  readonly response: Response
  readonly best: Choice
  readonly next: Choice | null
  /** Of the best against the next, Holm over all needs; null where there is no next one. */
  readonly verdict: Verdict | null
  /** Nobody meets the bounds with whole intervals. */
  readonly byEstimate: boolean
  /** The least under the loads that were offered, which the arrivals set. */
  readonly openLoop: boolean
}
export interface Needs {
  readonly answers: readonly NeedAnswer[]
  /** Needs of which nothing was measured of two models. */
  readonly unmeasured: readonly Need[]
  /** No model meets the bounds anywhere, or it is not known. */
  readonly none: 'met' | 'missed' | 'unknown'
}

export function needsOf(study: Study): Needs {
  const all = placesOf(study)
  const places = usable(all)
  const none = places.length > 0 ? 'met' : all.some((p) => p.standing === 'unknown') ? 'unknown' : 'missed'
  const found = (Object.keys(NEEDS) as Need[]).map((need) => ({ need, chosen: chosenFor(study, need, places) }))
  const pairs = found.flatMap(({ chosen }) => (chosen?.next == null ? [] : [{ chosen, next: chosen.next }]))
  const verdicts = compareMetrics(pairs.map(({ chosen: { best }, next }, i) => ({
    name: String(i), base: armOfCell(next.cell, study.blocks), candidate: armOfCell(best.cell, study.blocks), better: best.cell.better === 'higher' ? 'higher' : 'lower',
  })))
  return {
    none,
    answers: found.flatMap(({ need, chosen }): NeedAnswer[] => (chosen === null ? [] : [{
      need, ...chosen, verdict: verdicts[pairs.findIndex((p) => p.chosen === chosen)] ?? null,
      byEstimate: study.requirements.length > 0 && chosen.best.place.standing !== 'surely',
      openLoop: FOLLOWS_ARRIVALS.has(chosen.response.metric) && isOpen(chosen.best.place.condition),
    }])),
    unmeasured: found.filter(({ need }) => !NEEDS[need].some((response) => measuredOf(study, response) >= 2)).map(({ need }) => need),
  }
}

const measuredOf = (study: Study, response: Response) => study.groups.filter((g) => study.conditions.some((c) => study.cell(g, c, response) !== null)).length

type Chosen = Pick<NeedAnswer, 'response' | 'best' | 'next'>

/** The best place of each model; a number of one that is not measured of a second model answers nothing. */
function chosenFor(study: Study, need: Need, places: readonly Place[]): Chosen | null {
  const response = NEEDS[need].find((r) => measuredOf(study, r) >= 2)
  if (response === undefined) return null
  const choices = places.flatMap((place): Choice[] => {
    const cell = study.cell(place.group, place.condition, response)
    return cell === null || cell.weak ? [] : [{ place, cell }]
  })
  const isMixed = new Set(choices.map((c) => c.cell.claimed === true)).size > 1
  const alike = choices.filter((c) => !isMixed || c.cell.claimed !== true)
  const ranked = [...Map.groupBy(alike, (c) => c.place.group).values()].map(bestOf).toSorted(order)
  const [best, next = null] = ranked
  return best === undefined ? null : { response, best, next }
}

const order = (a: Choice, b: Choice) => (a.cell.better === 'higher' ? b.cell.mean - a.cell.mean : a.cell.mean - b.cell.mean)
const bestOf = (choices: readonly Choice[]): Choice => choices.toSorted(order)[0] as Choice
