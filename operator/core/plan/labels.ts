// SPDX-License-Identifier: Apache-2.0
/** Treatments and levels as tables name them. */
import { type Cell, type PlannedFactor, shownLevel } from '../design/factors.ts'

const LONGEST = 40

/** The treatment's own name, or its levels: `tp=1 rate=4`; empty where nothing is varied. */
export function cellLabel(factors: readonly PlannedFactor[], cell: Cell): string {
  return cell.name ?? factors.map((factor, i) => `${factor.name}=${levelText(shownLevel(factor, cell.picks[i] ?? -1))}`).join(' ')
}

/** Level by factor name; `only` setup factors for a stack. */
export function levelsOf(factors: readonly PlannedFactor[], picks: readonly number[], only?: PlannedFactor['role']): Record<string, unknown> {
  return Object.fromEntries(factors.flatMap((factor, i) => (only === undefined || factor.role === only ? [[factor.name, shownLevel(factor, picks[i] ?? -1)]] : [])))
}

/** One level in a table. */
export function levelText(level: unknown): string {
  const text = typeof level === 'string' ? level : JSON.stringify(level) ?? 'unset'
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
