// SPDX-License-Identifier: Apache-2.0
/** What a plan says of a design that grows from what is measured: how far it is, what it found, and how much it may still take. */
import type { SearchRules } from '../adaptive/capacity-search.ts'
import type { ArmStep } from '../adaptive/capacity-arm.ts'
import type { Objective } from '../adaptive/question.ts'
import type { Rung } from '../adaptive/halving.ts'
import type { OrderedTrial } from '../design/order.ts'

export interface SearchState {
  readonly kind: 'search'
  readonly rules: SearchRules
  readonly load: { readonly name: string; readonly unit?: string | undefined }
  readonly objectives: readonly Objective[]
  /** One for every combination of factors and stand-up, in the order in which they run. */
  readonly arms: readonly ArmStep[]
  /** Loads of one search whose trials do not disagree. */
  readonly length: { readonly likely: number; readonly most: number }
}
export interface UntilState {
  readonly kind: 'until'
  readonly unit: 'stacks' | 'runs'
  readonly min: number
  readonly max: number
  readonly wanted: string
  /** Fewest and most replicates that are wanted so far: stand-ups are the same for all, runs are counted on each stand-up. */
  readonly replicates: { readonly low: number; readonly high: number }
  /** Labels of treatments that ended at the cap with an interval that is too wide. */
  readonly wide: readonly string[]
}
export interface HalvingState {
  readonly kind: 'successiveHalving'
  readonly unit: 'stacks' | 'runs'
  /** Rungs as they are planned, without ties. */
  readonly ladder: readonly { readonly treatments: number; readonly replicates: number }[]
  readonly rungs: readonly (Omit<Rung, 'treatments' | 'spared'> & { readonly treatments: readonly string[]; readonly spared: readonly string[] })[]
}

interface Common {
  /** Nothing more will be wanted. */
  readonly ended: boolean
  /** Trials of the whole: as the plan expects, and at most. */
  readonly trials: { readonly likely: number; readonly most: number }
  /** `3 of at most 12 probes`. */
  readonly progress: string
}
export type Adaptive = Common & (SearchState | UntilState | HalvingState)

/** A trial with the place that it keeps however the plan grows. */
export interface Placement extends OrderedTrial { readonly position: number }

export interface Ordering {
  readonly trials: readonly Placement[]
  readonly adaptive?: Adaptive
  /** Trials of the whole, for its time: as few, as many as is likely, and as many as there may be. */
  readonly forecast?: Readonly<Record<'fewest' | 'likely' | 'most', readonly OrderedTrial[]>>
}
