// SPDX-License-Identifier: Apache-2.0
/** What was measured of planned trials, found by treatment and replicate. */
import { levelsKey, type Measured, type MeasuredTrial } from '../adaptive/measured.ts'
import type { OrderedTrial } from '../design/order.ts'
import type { PlannedTreatment } from './plan-model.ts'

/** Of each planned trial what was measured; undefined while it has not ended. */
export function measuredIndex(treatments: readonly PlannedTreatment[], measured: Measured): (trial: OrderedTrial) => MeasuredTrial | undefined {
  const keys = treatments.map((t) => levelsKey(t.levels))
  const known = new Map(measured.map((m) => [`${levelsKey(m.levels)}/${m.stack}/${m.run}`, m]))
  return ({ treatment, stackReplicate, runReplicate }) => known.get(`${keys[treatment]}/${stackReplicate}/${runReplicate}`)
}
