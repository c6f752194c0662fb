// SPDX-License-Identifier: Apache-2.0
/** What the harness of a treatment is called: its own name where the harness is a factor, else the Experiment's. */
import type { PlannedFactor } from '../design/factors.ts'

/** From the picks of a treatment to the name. */
export function harnessNames(factors: readonly PlannedFactor[], otherwise: string): (picks: readonly number[]) => string {
  const index = factors.findIndex((factor) => factor.paths.includes('harness'))
  if (index < 0) return () => otherwise
  return (picks) => {
    const named = factors[index]?.levels[picks[index] ?? -1]?.assignments.find(({ path }) => path.text === 'harness')?.level
    return typeof named === 'string' ? named : otherwise
  }
}
