// SPDX-License-Identifier: Apache-2.0
/** Treatments and levels as tables name them. */
import { canonicalJson } from '../design/canonical.ts'
import type { Problem } from '../model/problem.ts'
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

/** What is measured of a treatment is found by its levels, where a design grows from it: no two may look the same. */
export function checkAlike(treatments: readonly Readonly<Record<string, unknown>>[]): Problem | undefined {
  const seen = new Set<string>()
  for (const levels of treatments) {
    const key = canonicalJson(levels)
    if (seen.has(key)) return { reason: 'BadFactor', path: 'spec.design', message: `two treatments have the same levels: ${Object.entries(levels).map(([name, level]) => `${name}=${levelText(level)}`).join(' ')}`, expected: 'each level once, and labels that differ for zipped paths' }
    seen.add(key)
  }
  return undefined
}

/** One level in a table. */
export function levelText(level: unknown): string {
  const text = typeof level === 'string' ? level : JSON.stringify(level) ?? 'unset'
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
