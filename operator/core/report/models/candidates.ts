// SPDX-License-Identifier: Apache-2.0
/** Models at the loads that they were measured at, and how each stands to the bounds that were asked for. */
import type { Cell, Requirement } from '../results.ts'
import type { Group } from './groups.ts'
import type { Condition, Study } from './study.ts'

export interface Bounded { readonly requirement: Requirement; readonly cell: Cell }
/** `surely`: the whole interval of every bound lies within it. `unknown`: something was not measured, or from too few requests. */
export type Standing = 'surely' | 'by estimate' | 'no' | 'unknown'
export interface Place {
  readonly group: Group
  readonly condition: Condition
  readonly standing: Standing
  readonly bounds: readonly Bounded[]
}

export function placesOf(study: Study): Place[] {
  return study.groups.flatMap((group) => study.conditions.flatMap((condition): Place[] => {
    if (study.trials(group, condition).length === 0) return []
    const wanted = study.requirements.filter((r) => r.stage === undefined || r.stage === condition.stage)
    // A stage that no bound speaks of is none that the bounds allow.
    if (wanted.length === 0 && study.requirements.length > 0) return []
    const found = wanted.map((requirement) => ({ requirement, cell: study.cell(group, condition, requirement) }))
    const bounds = found.flatMap(({ requirement, cell }) => (cell === null || cell.weak ? [] : [{ requirement, cell }]))
    return [{ group, condition, bounds, standing: bounds.length < wanted.length ? 'unknown' : worst(bounds.map(standingOf)) }]
  }))
}

function worst(standings: readonly Standing[]): Standing {
  return (['no', 'by estimate'] as const).find((s) => standings.includes(s)) ?? 'surely'
}

function standingOf({ requirement: { relation, bound }, cell: { mean, interval } }: Bounded): Standing {
  const holds = (value: number) => (relation === 'at most' ? value <= bound : value >= bound)
  if (!holds(mean)) return 'no'
  return interval.kind === 'interval' && holds(relation === 'at most' ? interval.high : interval.low) ? 'surely' : 'by estimate'
}

/** Those that surely meet the bounds; where there are none, those that do by their estimate. */
export function usable(places: readonly Place[]): Place[] {
  const surely = places.filter((p) => p.standing === 'surely')
  return surely.length > 0 ? surely : places.filter((p) => p.standing === 'by estimate')
}
