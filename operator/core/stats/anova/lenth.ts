// SPDX-License-Identifier: Apache-2.0
/** Lenth's method (1989): which effects stand out where nothing is replicated and there is no error to test against. */
import { twoSidedCritical } from '../student-t.ts'
import { median } from '../quantile.ts'

export interface Lenth {
  readonly s0: number
  /** Pseudo standard error of an effect. */
  readonly pse: number
  readonly df: number
  /** Margin of error: a single effect beyond it is likely real. */
  readonly marginOfError: number
  /** The same for all effects at once: one beyond it is surely real. */
  readonly simultaneousMargin: number
  readonly level: number
}

/** Fewer effects give no idea of what none of them looks like. */
export const FEWEST_EFFECTS = 7

/** null below seven effects. */
export function lenth(effects: readonly number[], level = 0.95): Lenth | null {
  if (effects.length < FEWEST_EFFECTS) return null
  const sizes = effects.map(Math.abs)
  const s0 = 1.5 * (median(sizes) as number)
  const pse = 1.5 * (median(sizes.filter((size) => size < 2.5 * s0)) ?? 0)
  const df = effects.length / 3
  const each = (1 + level ** (1 / effects.length)) / 2
  return { s0, pse, df, level, marginOfError: twoSidedCritical(level, df) * pse, simultaneousMargin: twoSidedCritical(2 * each - 1, df) * pse }
}
