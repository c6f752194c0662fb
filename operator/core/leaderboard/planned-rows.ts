// SPDX-License-Identifier: Apache-2.0
/** Treatments of a plan as rows of a leaderboard that are yet to be measured; and a design without those that were. */
import type { Plan } from '../plan/plan-model.ts'
import { configurationOf } from './configuration.ts'
import type { LeftOut, PlannedRow } from './measured-rows.ts'

export function plannedRows({ treatments, resolved }: Plan): PlannedRow[] {
  return treatments.map(({ index, levels }) => {
    const harness = resolved.harness(index)
    const { adapter } = harness.results
    return { levels, tool: adapter === 'mapping' ? resolved.harnessName(index) : adapter, configuration: configurationOf({ scenario: resolved.scenario(index), workload: resolved.workload(index), harness }) }
  })
}

/** The specification as it was written, with what is left out beside what was left out before. */
export function withMeasured(spec: unknown, leftOut: readonly LeftOut[]): unknown {
  const written = spec as { readonly design?: { readonly measured?: readonly unknown[] } }
  return { ...written, design: { ...written.design, measured: [...(written.design?.measured ?? []), ...leftOut] } }
}
