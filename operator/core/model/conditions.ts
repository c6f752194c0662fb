// SPDX-License-Identifier: Apache-2.0
/** The vocabulary of conditions and reasons, and how one is set; it decides nothing. */
import type { Condition } from './common.ts'

export const CONDITION = {
  Ready: 'Ready', Reconciling: 'Reconciling', Stalled: 'Stalled',
  Complete: 'Complete', Failed: 'Failed', Suspended: 'Suspended',
  Planned: 'Planned', PreflightPassed: 'PreflightPassed', StoodUp: 'StoodUp', Measured: 'Measured', ResultsStored: 'ResultsStored', TornDown: 'TornDown', GatePassed: 'GatePassed',
} as const
export type ConditionType = (typeof CONDITION)[keyof typeof CONDITION]

export interface ConditionState {
  readonly type: ConditionType
  readonly status: Condition['status']
  readonly reason: string
  readonly message: string
}

/** Conditions with the given ones set; lastTransitionTime moves only when the status flips. `null` removes a type (abnormal-true ones). */
export function setConditions(
  current: readonly Condition[],
  wanted: Readonly<Partial<Record<ConditionType, Omit<ConditionState, 'type'> | null>>>,
  at: { readonly now: string; readonly generation: number },
): Condition[] {
  const next = new Map(current.map((c) => [c.type, c]))
  for (const [type, state] of Object.entries(wanted)) {
    if (state === null) next.delete(type)
    else if (state !== undefined) next.set(type, transition(next.get(type), { type, ...state }, at))
  }
  return [...next.values()].sort((a, b) => order(a.type) - order(b.type))
}

function transition(before: Condition | undefined, state: Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>, at: { now: string; generation: number }): Condition {
  const lastTransitionTime = before?.status === state.status ? before.lastTransitionTime : at.now
  return { ...state, lastTransitionTime, observedGeneration: at.generation }
}

const ORDER = Object.keys(CONDITION)
function order(type: string): number {
  const index = ORDER.indexOf(type)
  return index < 0 ? ORDER.length : index
}

export function findCondition(conditions: readonly Condition[] | undefined, type: ConditionType): Condition | undefined {
  return conditions?.find((c) => c.type === type)
}

export function isTrue(conditions: readonly Condition[] | undefined, type: ConditionType): boolean {
  return findCondition(conditions, type)?.status === 'True'
}
