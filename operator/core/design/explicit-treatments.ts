// SPDX-License-Identifier: Apache-2.0
/** Reads treatments that are written out, as factors and cells, so that everything downstream sees one shape. */
import type { Design } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import { canonicalJson } from './canonical.ts'
import type { Cell, FactorReading, PlannedFactor } from './factors.ts'
import { checkOverlaps, type WrittenPath } from './overlap.ts'
import { getAt, parsePath, type Segment } from './path.ts'
import { type Bases, checkLevel, type ResolvedPath, resolvePath } from './path-schema.ts'

type Treatments = NonNullable<Design['treatments']>
interface Column { readonly path: ResolvedPath; readonly levels: unknown[]; readonly index: Map<string, number> }

/** Each path that some treatment sets becomes a factor; a treatment that does not set it has the base's value. */
export function readTreatments(treatments: Treatments, bases: Bases, constants: readonly WrittenPath[]): FactorReading {
  const columns = new Map<string, Column>()
  const problems: Problem[] = []
  const rows = treatments.map((treatment) => {
    const row = readRow(treatment, bases, columns)
    problems.push(...row.problems, ...checkOverlaps(row.paths, constants))
    return { name: treatment.name, picks: row.picks }
  })
  const names = columnNames([...columns.keys()])
  const factors = [...columns.values()].map((column, i) => asFactor(column, names[i] ?? column.path.text, bases))
  const cells: Cell[] = rows.map(({ name, picks }) => ({ name, picks: [...columns.keys()].map((text) => picks.get(text) ?? -1) }))
  return { plan: { kind: 'treatments', factors, cells }, problems }
}

interface Row { readonly picks: Map<string, number>; readonly paths: WrittenPath[]; readonly problems: Problem[] }

function readRow(treatment: Treatments[number], bases: Bases, columns: Map<string, Column>): Row {
  const row: Row = { picks: new Map(), paths: [], problems: [] }
  for (const [text, level] of Object.entries(treatment.set)) {
    const at = `spec.design.treatments[${treatment.name}].set[${JSON.stringify(text)}]`
    const resolved = resolvePath(text, bases, at)
    if (!resolved.ok) {
      row.problems.push(resolved.problem)
      continue
    }
    const problem = checkLevel(resolved.path, level, { factor: treatment.name, at })
    if (problem !== undefined) row.problems.push({ ...problem, message: problem.message.replace(/^factor/, 'treatment') })
    row.paths.push({ text: resolved.path.text, at, owner: `treatment ${treatment.name}` })
    row.picks.set(resolved.path.text, levelIndex(columns, resolved.path, level))
  }
  return row
}

function levelIndex(columns: Map<string, Column>, path: ResolvedPath, level: unknown): number {
  const column = columns.get(path.text) ?? { path, levels: [], index: new Map<string, number>() }
  columns.set(path.text, column)
  const key = canonicalJson(level)
  const known = column.index.get(key)
  if (known !== undefined) return known
  column.index.set(key, column.levels.push(level) - 1)
  return column.levels.length - 1
}

function asFactor({ path, levels }: Column, name: string, bases: Bases): PlannedFactor {
  return {
    name, role: path.part === 'scenario' ? 'setup' : 'run', paths: [path.text], base: getAt(bases[path.part].value, path.segments) ?? null,
    levels: levels.map((level) => ({ value: level, assignments: [{ path, level }] })),
  }
}

/** The last step of each path, with steps before it where that is not unique: rate, or high_rate and low_rate. */
export function columnNames(paths: readonly string[]): string[] {
  const steps = paths.map((path) => {
    const parsed = parsePath(path)
    return parsed.ok ? parsed.segments.map(identifierOf) : [identifierOf({ kind: 'key', key: path })]
  })
  return steps.map((own, i) => {
    for (let length = 1; length < own.length; length++) {
      const name = own.slice(-length).join('_')
      if (steps.every((other, j) => j === i || other.slice(-length).join('_') !== name)) return name
    }
    return own.join('_')
  })
}

function identifierOf(segment: Segment): string {
  const text = segment.kind === 'index' ? `item${segment.index}` : segment.kind === 'item' ? segment.name : segment.key
  const plain = text.replaceAll(/[^A-Za-z0-9_]/g, '_')
  return /^[0-9]/.test(plain) ? `_${plain}` : plain
}
