// SPDX-License-Identifier: Apache-2.0
/** What an Experiment has used, and whether its budget ended it, in words. */
import type { ExperimentStatus } from '../model/experiment.ts'
import { type Message, message } from './messages.ts'
import { figure } from '../plan/budget-limits.ts'

export interface Spent {
  /** `3.2 GPU-hours (12.8 EUR)`; not set where no accelerator was taken. */
  readonly used?: Message
  /** Why it ended before everything was measured, and what it would take. */
  readonly budgetEnd?: string
}

/** Of a run that has ended; while stacks stand the time now is needed, which a report does not know. */
export function spentOf({ usage, budgetEnd }: Pick<ExperimentStatus, 'usage' | 'budgetEnd'> = {}): Spent {
  return { ...(usage !== undefined && usage.gpuSeconds > 0 && { used: usedText({ gpuHours: usage.gpuSeconds / 3600, cost: usage.cost }, usage.currency) }), ...(budgetEnd && { budgetEnd: budgetEnd.message }) }
}

export function usedText({ gpuHours, cost }: { readonly gpuHours: number; readonly cost?: number | undefined }, currency: string | undefined): Message {
  const hours = figure(gpuHours)
  if (currency === undefined || cost === undefined) return message('spent.gpuHours', { hours })
  return message('spent.gpuHoursCost', { hours, cost: figure(cost), currency })
}
