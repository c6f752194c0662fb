// SPDX-License-Identifier: Apache-2.0
/** Factors for treatments that somebody listed: one for each setting where every combination is there, else one whose settings change together. */
import { canonicalJson } from '../design/canonical.ts'
import { columnNames } from '../design/explicit-treatments.ts'
import { parsePath } from '../design/path.ts'
import { specDifference, valueOf } from './spec-difference.ts'

export interface NamedSpec { readonly name: string; readonly spec: unknown }
type Factor = Readonly<Record<string, unknown>>

/** Factors that lead from the base to each of the treatments; none where nothing differs. */
export function factorsFromTreatments(part: 'scenario' | 'workload', base: unknown, treatments: readonly NamedSpec[]): Factor[] {
  const paths = outermost([...new Set(treatments.flatMap(({ spec }) => [...specDifference(part, base, spec).keys()]))].sort())
  if (paths.length === 0) return []
  const columns = paths.map((path) => {
    const parsed = parsePath(path)
    const segments = parsed.ok ? parsed.segments.slice(1) : []
    return { path, values: treatments.map(({ spec }) => valueOf(spec, segments)) }
  })
  const names = columnNames(paths)
  const [only] = columns
  const labels = unique(treatments.map(({ name }) => name))
  if (columns.length === 1 && only !== undefined && distinct(only.values).length === treatments.length) return [{ name: names[0], path: only.path, levels: only.values, labels }]
  if (isProduct(columns.map((c) => c.values), treatments.length)) return columns.map((column, i) => ({ name: names[i], path: column.path, levels: distinct(column.values) }))
  return [{ name: part === 'scenario' ? 'setup' : 'run', labels, zip: columns.map(({ path, values }) => ({ path, levels: values })) }]
}

/** A place within another one is set with it. */
const outermost = (paths: readonly string[]) => paths.filter((path) => !paths.some((other) => other !== path && (path.startsWith(`${other}.`) || path.startsWith(`${other}[`))))

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()]
}

/** Whether the treatments are every combination of the values, each once. */
function isProduct(columns: readonly (readonly unknown[])[], treatments: number): boolean {
  const size = columns.reduce((product, values) => product * distinct(values).length, 1)
  const combinations = new Set(Array.from({ length: treatments }, (_, i) => canonicalJson(columns.map((values) => values[i]))))
  return size === treatments && combinations.size === treatments
}

function unique(names: readonly string[]): string[] {
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}-${i + 1}`))
}
