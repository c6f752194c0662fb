// SPDX-License-Identifier: Apache-2.0
/** The truth table of an Experiment's health: the state, the conditions that say it, and what kstatus and Argo CD make of them. */
import type { ConditionType } from '../model/conditions.ts'

type Kstatus = 'InProgress' | 'Current' | 'Failed'
type ArgoHealth = 'Progressing' | 'Suspended' | 'Healthy' | 'Degraded'

export interface HealthCase {
  readonly state: string
  /** Conditions with their status; those that are not named are absent. */
  readonly conditions: Readonly<Partial<Record<ConditionType, 'True' | 'False' | 'Unknown'>>>
  readonly kstatus: Kstatus
  readonly argo: ArgoHealth
}

export const HEALTH_CASES = {
  running: { state: 'running', conditions: { Ready: 'Unknown', Reconciling: 'True' }, kstatus: 'InProgress', argo: 'Progressing' },
  suspended: { state: 'suspended', conditions: { Ready: 'Unknown', Suspended: 'True' }, kstatus: 'InProgress', argo: 'Suspended' },
  succeeded: { state: 'succeeded', conditions: { Ready: 'True', Complete: 'True' }, kstatus: 'Current', argo: 'Healthy' },
  failed: { state: 'failed, too many failed trials, bad input', conditions: { Ready: 'False', Stalled: 'True', Failed: 'True' }, kstatus: 'Failed', argo: 'Degraded' },
  gateFailed: { state: 'gate failed', conditions: { Ready: 'False', Stalled: 'True', Complete: 'True', GatePassed: 'False' }, kstatus: 'Failed', argo: 'Degraded' },
  insufficientFails: { state: 'too little data, `onInsufficient: Fail`', conditions: { Ready: 'False', Stalled: 'True', Complete: 'True', GatePassed: 'Unknown' }, kstatus: 'Failed', argo: 'Degraded' },
  insufficientPasses: { state: 'too little data, `onInsufficient: Pass`', conditions: { Ready: 'True', Complete: 'True', GatePassed: 'Unknown' }, kstatus: 'Current', argo: 'Healthy' },
  insufficientUnknown: { state: 'too little data, `onInsufficient: Unknown`', conditions: { Ready: 'Unknown', Complete: 'True', GatePassed: 'Unknown' }, kstatus: 'InProgress', argo: 'Suspended' },
  budgetEnded: { state: 'budget used up, every treatment measured, no gate', conditions: { Ready: 'True', Complete: 'True' }, kstatus: 'Current', argo: 'Healthy' },
  budgetShort: { state: 'budget used up, some treatments not measured, no gate', conditions: { Ready: 'False', Stalled: 'True', Complete: 'True' }, kstatus: 'Failed', argo: 'Degraded' },
} as const satisfies Readonly<Record<string, HealthCase>>
export type HealthState = keyof typeof HEALTH_CASES
