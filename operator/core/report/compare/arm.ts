// SPDX-License-Identifier: Apache-2.0
/** One side of a comparison: the independent units of one response of one treatment, and what is to be known of them. */
import { type Arm, armOf } from '../../stats/compare/verdict.ts'
import type { MaybeBounds } from '../../stats/interval/bounds.ts'
import { medianBounds } from '../../stats/interval/median.ts'
import type { Cell, ComparedResults } from '../results.ts'

export interface ArmSummary {
  /** Of units. */
  readonly median: MaybeBounds
  readonly standUps: number
  readonly trials: number
  readonly suspect: number
  /** Trials whose sample was too small for the percentile. */
  readonly weak: number
}

/** Stand-ups are the units; the blocks are those in which both sides were measured together. */
export function armOfCell({ values }: Pick<Cell, 'values'>, blockOf?: ReadonlyMap<string, string>): Arm {
  const byStack = [...Map.groupBy(values, (v) => v.stack)]
  const blocks = blockOf === undefined ? undefined : byStack.map(([stack]) => blockOf.get(stack) ?? stack)
  return armOf(byStack.map(([, own]) => own.map((v) => v.value)), blocks)
}

export function summarizeArm(cell: Cell, arm: Arm, level = 0.95): ArmSummary {
  return {
    median: medianBounds(arm.values, level), standUps: new Set(cell.values.map((v) => v.stack)).size, trials: cell.values.length,
    suspect: cell.values.filter((v) => v.suspect).length, weak: cell.values.filter((v) => v.weak).length,
  }
}

/** Trials of one stand-up replicate run together in time: within one Experiment they are a block. */
export function blocksOf({ standUps }: Pick<ComparedResults, 'standUps'>): ReadonlyMap<string, string> {
  return new Map(standUps.map(({ stack, replicate, block }) => [stack, `${block}/${replicate}`]))
}
