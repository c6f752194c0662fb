// SPDX-License-Identifier: Apache-2.0
/** Which trials a plan has: all of a fixed design; of one that grows, what was wanted so far, at places that do not move when it grows. */
import type { Measured } from '../adaptive/measured.ts'
import { type OrderInput, orderTrials } from '../design/order.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { type Checked, refused } from '../model/problem.ts'
import type { Ordering } from './adaptive-model.ts'
import { checkAlike } from './labels.ts'
import { orderHalving } from './order-halving.ts'
import { orderSearch } from './order-search.ts'
import { orderUntil } from './order-until.ts'
import type { PlannedTreatment } from './plan-model.ts'
import type { SearchCells } from './search-cells.ts'

export interface OrderingInput {
  readonly spec: ExperimentSpec
  readonly treatments: readonly PlannedTreatment[]
  /** Blocks that each stack replicate is split into. */
  readonly blocks: number
  readonly measured: Measured
  readonly search?: SearchCells | undefined
}

export function orderPlan(input: OrderingInput): Checked<Ordering> {
  const { replicates, successiveHalving } = input.spec.design
  const alike = replicates.until === undefined && successiveHalving === undefined ? undefined : checkAlike(input.treatments.map((t) => t.levels))
  if (alike !== undefined) return refused(alike)
  if (input.search !== undefined) return orderSearch(input, input.search)
  if (replicates.until !== undefined) return orderUntil(input, replicates.until)
  if (successiveHalving !== undefined) return orderHalving(input, successiveHalving)
  return { ok: true, value: { trials: orderTrials(orderInput(input, replicates)).map((trial, position) => ({ ...trial, position })) } }
}

export function orderInput({ spec, treatments, blocks }: OrderingInput, replicates: OrderInput['replicates']): OrderInput {
  return { treatments: treatments.map((t) => ({ setup: t.setupHash, hash: t.hash, block: t.block, ...(t.repeats === undefined ? {} : { repeats: t.repeats }) })), replicates, designBlocks: blocks, ...spec.design.order }
}
