// SPDX-License-Identifier: Apache-2.0
/** Whether a node's taints keep a pod away, as the scheduler has it (Kubernetes: Taints and Tolerations). */
import type { ScenarioSpec } from '../model/scenario.ts'
import type { NodeFacts, Taint } from './cluster-facts.ts'

type Toleration = ScenarioSpec['tolerations'][number]

/** The first taint that keeps it away, as kubectl writes it; the taint of the resource itself is tolerated by the ExtendedResourceToleration plugin of most clusters. */
export function repelledBy({ taints = [] }: Pick<NodeFacts, 'taints'>, { resource, tolerations }: { readonly resource: string; readonly tolerations: readonly Toleration[] }): string | undefined {
  const found = taints.find((taint) => taint.effect !== 'PreferNoSchedule' && taint.key !== resource && !tolerations.some((t) => tolerates(t, taint)))
  return found && `${found.key}${found.value ? `=${found.value}` : ''}:${found.effect}`
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false
  if (key === undefined || key === '') return operator === 'Exists'
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''))
}
