// SPDX-License-Identifier: Apache-2.0
/** How much load to put on a model, and after how long a client should give up: the highest load within the bounds, or where load stops to pay. */
import type { Cell } from '../results.ts'
import { type Place, placesOf } from './candidates.ts'
import type { Group } from './groups.ts'
import type { Condition, Study } from './study.ts'

export interface LoadAdvice {
  readonly group: Group
  readonly place: Place
  /** `bounds`: the highest load that meets them. `power`: without bounds, where throughput ÷ mean latency is greatest (Kleinrock 1979). */
  readonly by: 'bounds' | 'power'
  /** The highest that was measured: higher ones may do too. */
  readonly isHighest: boolean
  readonly timeout: Timeout | null
}
export interface Timeout {
  /** Upper end of the 95 % interval of that percentile of E2E, in ms, rounded up to two digits. */
  readonly ms: number
  readonly percentile: 'p99' | 'p99p9'
  readonly cell: Cell
}

/** Only of loads that are numbers. */
export function loadAdviceOf(study: Study): LoadAdvice[] {
  const places = placesOf(study)
  return study.groups.flatMap((group): LoadAdvice[] => {
    const own = places.filter((p) => p.group === group && loadOf(p.condition) !== null)
    const chosen = study.requirements.length > 0 ? highest(own.filter((p) => p.standing === 'surely')) : mostPower(study, own)
    if (chosen === undefined) return []
    return [{
      group, place: chosen, by: study.requirements.length > 0 ? 'bounds' : 'power', timeout: timeoutOf(study, chosen),
      isHighest: own.every((p) => (loadOf(p.condition) ?? 0) <= (loadOf(chosen.condition) ?? 0)),
    }]
  })
}

export function loadOf({ offered: { rate, concurrency } }: Condition): number | null {
  return rate ?? concurrency ?? null
}

const highest = (places: readonly Place[]) => places.toSorted((a, b) => (loadOf(b.condition) ?? 0) - (loadOf(a.condition) ?? 0))[0]

/** Of two loads neither is between others: three are the fewest that can show a bend. */
const FEWEST_LOADS = 3

function mostPower(study: Study, places: readonly Place[]): Place | undefined {
  const powers = places.flatMap((place) => {
    const [output, latency] = [study.cell(place.group, place.condition, { metric: 'output_throughput', statistic: 'value' }), study.cell(place.group, place.condition, { metric: 'e2e', statistic: 'mean' })]
    return output === null || latency === null || latency.mean <= 0 ? [] : [{ place, power: output.mean / latency.mean }]
  })
  if (new Set(powers.map((p) => loadOf(p.place.condition))).size < FEWEST_LOADS) return undefined
  return powers.toSorted((a, b) => b.power - a.power)[0]?.place
}

/** The further percentile where there are requests enough for it; none without stand-ups to make an interval from. */
function timeoutOf(study: Study, { group, condition }: Place): Timeout | null {
  for (const percentile of ['p99p9', 'p99'] as const) {
    const cell = study.cell(group, condition, { metric: 'e2e', statistic: percentile })
    if (cell !== null && !cell.weak && cell.interval.kind === 'interval' && cell.interval.high > 0) return { ms: roundedUp(cell.interval.high), percentile, cell }
  }
  return null
}

/** To two digits. */
function roundedUp(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(3))
}
