// SPDX-License-Identifier: Apache-2.0
/** Combinations that a design leaves out because they were measured elsewhere (`design.measured`): which cells they are, and entries that are none. */
import { canonicalJson } from '../design/canonical.ts'
import type { Cell, FactorPlan } from '../design/factors.ts'
import type { Design } from '../model/design.ts'
import { nearest } from '../model/nearest.ts'
import type { Problem } from '../model/problem.ts'
import { levelsOf } from './labels.ts'

export interface MeasuredElsewhere {
  /** Where the cell was measured; undefined where it is to be measured here. */
  readonly whereMeasured: (cell: Cell) => string | undefined
  /** Asked once all cells were: entries that were none of them. */
  readonly unknown: () => readonly Problem[]
}

const MOST_PROBLEMS = 5

export function measuredElsewhere({ measured = [], search, successiveHalving }: Design, { factors }: FactorPlan): MeasuredElsewhere {
  const entries = new Map(measured.map(({ levels, from }, i) => [canonicalJson(levels), { i, from, levels }]))
  const seen = new Set<string>()
  const names = factors.map((f) => f.name)
  const problemOf = ({ i, levels }: { readonly i: number; readonly levels: Readonly<Record<string, unknown>> }): Problem => {
    const wrong = Object.keys(levels).find((name) => !names.includes(name))
    const close = wrong === undefined ? undefined : nearest(wrong, names)[0]
    return {
      reason: 'BadFactor', path: `spec.design.measured[${i}].levels`, message: 'it is no combination of this design', found: JSON.stringify(levels),
      expected: `a level of each of ${names.join(', ')}`, ...(close === undefined ? {} : { nearest: close }),
    }
  }
  return {
    whereMeasured: ({ picks }) => {
      if (entries.size === 0) return undefined
      const key = canonicalJson(levelsOf(factors, picks))
      const entry = entries.get(key)
      if (entry !== undefined) seen.add(key)
      return entry?.from
    },
    unknown: () => {
      if (entries.size > 0 && (search !== undefined || successiveHalving !== undefined)) {
        return [{ reason: 'BadReplicates', path: 'spec.design.measured', message: 'a design that is decided by what is measured cannot leave out what others measured', expected: 'no measured here, or a design of fixed combinations' }]
      }
      return [...entries].filter(([key]) => !seen.has(key)).slice(0, MOST_PROBLEMS).map(([, entry]) => problemOf(entry))
    },
  }
}
