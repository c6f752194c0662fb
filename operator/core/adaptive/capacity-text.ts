// SPDX-License-Identifier: Apache-2.0
/** The answer of a capacity search in words, with what speaks against it. */
import type { SearchResult } from './capacity-search.ts'

/** Loads of the simplest form: 22.79, 6. */
const number = (load: number) => String(Number(load.toPrecision(4)))

/** `22.8 req/s (22.5 to 23.1)`, or why there is no such number. */
export function capacityText({ ending, met, missed, estimate }: SearchResult, unit: string | undefined): string {
  const of = unit === undefined ? '' : ` ${unit}`
  switch (ending) {
    case 'aboveUpper':
      return `at least ${number(met ?? 0)}${of}: the upper limit meets the objectives`
    case 'belowLower':
      return `below ${number(missed ?? 0)}${of}: the lowest load does not meet the objectives`
    case 'insufficient':
      return 'not known: no trial could be used'
    case 'found':
    case 'unresolved':
      return between({ met, missed, estimate }, of)
  }
}

function between({ met, missed, estimate }: Pick<SearchResult, 'met' | 'missed' | 'estimate'>, of: string): string {
  if (met !== null && missed !== null) return `${number(estimate ?? met)}${of} (${number(met)} surely met, ${number(missed)} surely not)`
  if (met !== null) return `at least ${number(met)}${of}: no higher load surely failed`
  return missed === null ? 'not known: no load could be told' : `below ${number(missed)}${of}: no lower load surely met the objectives`
}

/** Doubts that a reader must see beside the number. */
export function capacityDoubts({ ending, undecided, unmeasured, contradictions, probes }: SearchResult): string[] {
  const list = (loads: readonly number[]) => loads.map(number).join(', ')
  return [
    ...(ending === 'unresolved' ? [`the tolerance was not reached in ${probes} probes`] : []),
    ...(undecided.length > 0 ? [`the trials at ${list(undecided)} could not tell; ${undecided.length === 1 ? 'it counts' : 'they count'} as not met`] : []),
    ...(unmeasured.length > 0 ? [`no trial at ${list(unmeasured)} could be used; ${unmeasured.length === 1 ? 'it counts' : 'they count'} as not met`] : []),
    ...(contradictions.length > 0 ? [`${list(contradictions)} met the objectives although a lower load did not`] : []),
  ]
}
