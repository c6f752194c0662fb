// SPDX-License-Identifier: Apache-2.0
/** The limits of a budget one by one, in the units in which they are spent, and how amounts are written. */
import type { Budget } from '../model/budget.ts'
import { durationMs } from '../model/common.ts'

/** What was spent, or what something needs. */
export interface Spending {
  readonly gpuHours: number
  /** In the currency of the budget; undefined where no price is known. */
  readonly cost: number | undefined
  readonly wallSeconds: number
}

export const LIMITS = ['gpuHours', 'money', 'wallTime'] as const
export type LimitName = (typeof LIMITS)[number]
export interface Limit {
  readonly name: LimitName
  readonly most: number
  /** What counts against it. */
  readonly of: (spending: Spending) => number
  readonly show: (amount: number) => string
}

export function limitsOf(budget: Budget): Limit[] {
  const { gpuHours, money, wallTime } = budget
  return [
    ...(gpuHours === undefined ? [] : [{ name: 'gpuHours' as const, most: gpuHours, of: (s: Spending) => s.gpuHours, show: (n: number) => `${figure(n)} GPU-hours` }]),
    ...(money === undefined ? [] : [{ name: 'money' as const, most: money.amount, of: (s: Spending) => s.cost ?? 0, show: (n: number) => `${figure(n)} ${money.currency}` }]),
    ...(wallTime === undefined ? [] : [{ name: 'wallTime' as const, most: durationMs(wallTime) / 1000, of: (s: Spending) => s.wallSeconds, show: spanOf }]),
  ]
}

/** `0.35 of 0.4 GPU-hours`, `10m of 60m`. */
export const ofLimit = ({ most, show }: Limit, amount: number): string => `${show(amount).replace(/ .*$/, '')} of ${show(most)}`

/** Three digits, and no exponent: `0.0125`, `3.2`, `118`. */
export function figure(amount: number): string {
  if (amount === 0 || Math.abs(amount) >= 100) return String(Math.round(amount))
  return String(Number(amount.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(amount)))))))
}

/** `45s`, `12m`, `3h20m`. */
function spanOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 120) return `${whole}s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 120) return `${minutes}m`
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h${minutes % 60}m`
}
