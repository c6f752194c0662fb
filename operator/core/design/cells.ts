// SPDX-License-Identifier: Apache-2.0
/** From points in coded units to combinations of levels: levels made where the design places them, equal points counted, the centre added. */
import type { Problem } from '../model/problem.ts'
import type { DesignPoints } from './design-points.ts'
import type { Cell, PlannedFactor } from './factors.ts'
import { codedValue, spreadValue } from './range.ts'
import type { ReadFactor } from './read-levels.ts'
import { placeValues, type RangeReading } from './read-range.ts'

export interface PlacedCells { readonly factors: readonly PlannedFactor[]; readonly cells: readonly Cell[]; readonly problems: readonly Problem[] }

/** Place of the middle level of a factor of two levels. */
const CENTER = 2

/** A point that comes again is measured again, in its block: that is what the design reckons with. */
export function cellsOfTwoLevels({ rows, blocks, center }: DesignPoints, centered: readonly boolean[]): Cell[] {
  const corners = rows.map((row, i): Cell => ({ picks: row.map((coded) => (coded < 0 ? 0 : 1)), ...(blocks === undefined ? {} : { block: blocks[i] ?? 0 }) }))
  if (center === 0) return counted(corners)
  const all = blocks === undefined ? [undefined] : [...new Set(blocks)].sort((a, b) => a - b)
  const centers = all.flatMap((block) => centerPicks(centered).map((picks): Cell => ({ picks, ...(center > 1 ? { repeats: center } : {}), ...(block === undefined ? {} : { block }) })))
  return counted([...corners, ...centers])
}

/** The middle of every factor that has one, at each combination of the others. */
function centerPicks(centered: readonly boolean[]): number[][] {
  return centered.reduce<number[][]>((picks, has) => picks.flatMap((p) => (has ? [[...p, CENTER]] : [[...p, 0], [...p, 1]])), [[]])
}

function counted(cells: readonly Cell[]): Cell[] {
  const known = new Map<string, Cell>()
  for (const cell of cells) {
    const key = `${cell.block ?? 0}/${cell.picks.join()}`
    const before = known.get(key)
    const repeats = (before === undefined ? 0 : (before.repeats ?? 1)) + (cell.repeats ?? 1)
    known.set(key, repeats === 1 ? cell : { ...cell, repeats })
  }
  return [...known.values()]
}

/** Every coded position becomes a level; positions that fall on one level spoil the design. */
export function cellsOfSurface({ rows, center }: DesignPoints, read: readonly (ReadFactor | RangeReading)[], at: string): PlacedCells {
  const points = center > 0 ? [...rows, read.map(() => 0)] : rows
  const placed = read.map((r, f) => {
    const range = 'range' in r ? r.range : undefined
    const positions = points.map((row) => row[f] ?? 0)
    const values = range === undefined ? [] : positions.map((coded) => codedValue(range, coded))
    const place = `${at}.factors[${r.factor.name}]`
    const one = placeValues(r, values, place)
    const wanted = new Set(positions).size
    const fallen = one.factor.levels.length < wanted ? [fallTogether(one.factor, wanted, place)] : []
    return { ...one, problems: [...one.problems.map(beyond), ...fallen] }
  })
  const cells = points.map((_, i): Cell => ({ picks: placed.map((p) => p.picks[i] ?? -1) }))
  const last = cells.at(-1)
  return { factors: placed.map((p) => p.factor), cells: last !== undefined && center > 1 ? [...cells.slice(0, -1), { ...last, repeats: center }] : cells, problems: placed.flatMap((p) => p.problems) }
}

function beyond(problem: Problem): Problem {
  return { ...problem, message: `${problem.message}; axial points lie beyond low and high`, expected: `${problem.expected ?? 'a value that fits'}: alpha: faceCentered, or inscribed: true, stays between low and high` }
}

function fallTogether({ name, levels }: PlannedFactor, wanted: number, at: string): Problem {
  return { reason: 'BadFactor', path: at, message: `factor ${name}: in steps its ${wanted} levels fall together`, found: levels.map((l) => String(l.value)).join(', '), expected: 'low and high further apart, or a smaller step' }
}

/** Ranges take values, written levels their share of the points. */
export function cellsOfSpread({ rows }: DesignPoints, read: readonly (ReadFactor | RangeReading)[], at: string): PlacedCells {
  const placed = read.map((r, f) => {
    const positions = rows.map((row) => row[f] ?? 0)
    const range = 'range' in r ? r.range : undefined
    if (range !== undefined) return placeValues(r, positions.map((p) => spreadValue(range, p)), `${at}.factors[${r.factor.name}]`)
    const count = r.factor.levels.length
    return { factor: r.factor, picks: positions.map((p) => Math.min(count - 1, Math.floor(p * count))), problems: [] }
  })
  return { factors: placed.map((p) => p.factor), cells: rows.map((_, i) => ({ picks: placed.map((p) => p.picks[i] ?? -1) })), problems: placed.flatMap((p) => p.problems) }
}
