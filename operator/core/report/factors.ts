// SPDX-License-Identifier: Apache-2.0
/** The factors of a design as tables and axes need them: order of levels, unit, role. It expands nothing. */
import { columnNames } from '../design/explicit-treatments.ts'
import { levelText } from '../plan/labels.ts'
import { type Design, type Factor, type RangeFactor, writtenFactors } from '../model/design.ts'
import type { FactorInfo } from './results.ts'

type Levels = Readonly<Record<string, unknown>>

/** Factors in the order of the design; levels that the design does not list (a base, an older run) come after it, smallest first. */
export function factorsOf(design: Design, treatments: readonly Levels[]): FactorInfo[] {
  const designed = design.treatments === undefined ? listed(writtenFactors(design)) : written(design.treatments)
  const names = new Set([...designed.keys(), ...treatments.flatMap((levels) => Object.keys(levels))])
  return [...names].map((name) => {
    const { unit, paths = [], levels = [] } = designed.get(name) ?? {}
    const seen = treatments.flatMap((t) => (Object.hasOwn(t, name) ? [levelText(t[name])] : []))
    const others = [...new Set(seen)].filter((level) => !levels.includes(level)).sort(byNumberThenText)
    return {
      name, ...(unit === undefined ? {} : { unit }),
      role: paths.some((path) => path.startsWith('scenario')) ? 'setup' : 'run',
      isLoad: paths.length > 0 && paths.every((path) => path.startsWith('workload.load')),
      levels: [...levels, ...others],
    }
  })
}

interface Designed { readonly unit?: string | undefined; readonly paths: readonly string[]; readonly levels: readonly string[] }

function listed(factors: readonly (Factor | RangeFactor)[]): Map<string, Designed> {
  return new Map(factors.map(({ name, unit, path, levels, zip, labels }) => {
    const shown = labels ?? levels ?? zip?.[0]?.levels ?? []
    return [name, { unit, paths: path === undefined ? (zip ?? []).map((m) => m.path) : [path], levels: [...new Set(shown.map(levelText))] }]
  }))
}

function written(treatments: NonNullable<Design['treatments']>): Map<string, Designed> {
  const paths = [...new Set(treatments.flatMap((t) => Object.keys(t.set)))]
  const names = columnNames(paths)
  return new Map(paths.map((path, i) => {
    const levels = treatments.flatMap((t) => (Object.hasOwn(t.set, path) ? [levelText(t.set[path])] : []))
    return [names[i] ?? path, { paths: [path], levels: [...new Set(levels)] }]
  }))
}

function byNumberThenText(a: string, b: string): number {
  const difference = Number(a) - Number(b)
  if (!Number.isNaN(difference) && difference !== 0) return difference
  return a < b ? -1 : Number(a > b)
}
