// SPDX-License-Identifier: Apache-2.0
/** Means of a response over levels and pairs of levels: what main-effect and interaction plots are drawn from. */
import type { Factor } from './anova/terms.ts'
import { mean } from './summary.ts'

export interface LevelMean {
  readonly levels: readonly string[]
  readonly n: number
  readonly mean: number
  /** Each combination of the other factors counts once, however often it ran; null where some combination was never run at this level. */
  readonly meanOfCells: number | null
}

/** One row per level of one factor, or per combination of several; combinations without runs are left out. */
export function meansTable(y: readonly number[], factors: readonly Factor[], of: readonly string[]): LevelMean[] {
  const [own, others] = [factors.filter((f) => of.includes(f.name)), factors.filter((f) => !of.includes(f.name))]
  const key = (list: readonly Factor[], row: number) => list.map((f) => f.codes[row] as number).join()
  const rows = y.map((value, row) => ({ value, own: key(own, row), other: key(others, row) }))
  const everyOther = new Set(rows.map((r) => r.other))
  return [...Map.groupBy(rows, (r) => r.own)].map(([code, members]) => {
    const cells = [...Map.groupBy(members, (m) => m.other).values()].map((cell) => mean(cell.map((c) => c.value)) as number)
    return {
      codes: code.split(',').map(Number), n: members.length, mean: mean(members.map((m) => m.value)) as number,
      meanOfCells: cells.length === everyOther.size ? mean(cells) : null,
    }
  }).sort((a, b) => compareCodes(a.codes, b.codes))
    .map(({ codes, ...rest }) => ({ levels: own.map((f, i) => f.levels[codes[i] as number] as string), ...rest }))
}

function compareCodes(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((code, i) => code !== b[i])
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number)
}
