// SPDX-License-Identifier: Apache-2.0
/** Trials as rows of a table that an analysis of variance can read: one response of one stage, with its stand-up, its block and its time. */
import type { Findings } from '../../model/findings.ts'
import { levelText } from '../../plan/labels.ts'
import type { Table } from '../../analysis/table.ts'
import { responseValue, type Response } from '../response.ts'
import type { ExperimentResults, FactorInfo } from '../results.ts'

/** Columns besides the factors; no factor can be called so. */
export const COLUMN = { response: '#response', stack: '#stack', block: '#block', started: '#started' } as const

export interface EffectRow {
  readonly trial: string
  readonly value: number
  readonly weak: boolean
  readonly claimed?: true
  readonly suspect: boolean
  readonly stack: string
  readonly block: string
  readonly started: string
  /** Level by factor. */
  readonly levels: Readonly<Record<string, string>>
}

/** Usable trials that have the response, in the order in which they began. */
export function effectRows({ treatments, standUps, factors }: ExperimentResults, response: Response, stage: string): EffectRow[] {
  const blockOf = new Map(standUps.map((s) => [s.stack, `${s.block}/${s.replicate}`]))
  const rowOf = (findings: Findings): EffectRow[] => {
    const found = responseValue(findings, stage, response)
    if (found === null) return []
    const levels = Object.fromEntries(
      factors.map(({ name }) => [name, Object.hasOwn(findings.treatment, name) ? levelText(findings.treatment[name]) : 'NA']),
    )
    const { trial: { name: trial }, stack, time: { start: started }, verdict } = findings
    return [{ trial, ...found, suspect: verdict.result === 'suspect', stack, block: blockOf.get(stack) ?? '', started, levels }]
  }
  return treatments
    .flatMap((t) => t.trials.flatMap(rowOf))
    .sort((a, b) => (a.started < b.started ? -1 : Number(a.started > b.started)) || (a.trial < b.trial ? -1 : 1))
}

/** Factors that are not the same in all rows. */
export function variedIn(rows: readonly EffectRow[], factors: readonly FactorInfo[]): FactorInfo[] {
  return factors.filter(({ name }) => new Set(rows.map((r) => r.levels[name])).size > 1)
}

export function tableOf(rows: readonly EffectRow[], factors: readonly FactorInfo[]): Table {
  const names = factors.map((f) => f.name)
  return {
    name: 'trials', columns: [...names, ...Object.values(COLUMN)],
    rows: rows.map((row, i) => ({
      line: i + 1,
      cells: {
        ...Object.fromEntries(names.map((name) => [name, row.levels[name] ?? 'NA'])),
        [COLUMN.response]: String(row.value), [COLUMN.stack]: row.stack, [COLUMN.block]: row.block, [COLUMN.started]: row.started,
      },
    })),
  }
}
