// SPDX-License-Identifier: Apache-2.0
/** Numbers as people read them: as many digits as their uncertainty allows, never an exponent. */
import type { Interval } from '../stats/mean-interval.ts'
import type { Cell } from './results.ts'

/** Footnotes that a measured value may refer to. */
export const MARKS = {
  weak: { mark: '*', text: 'too few requests for this percentile; it decides nothing' },
  withinStack: { mark: '†', text: 'interval from runs on one stand-up only: it does not speak for standing up again' },
  noInterval: { mark: '‡', text: 'one trial: no interval (set design.replicates)' },
} as const
export type Mark = keyof typeof MARKS

/** `19.8 ± 1.2`, or `19.8` where there is no interval; marks say what to know about it. */
export function formatMeasured({ mean, interval }: Pick<Cell, 'mean' | 'interval'>): string {
  const half = halfWidth(interval)
  if (half === null) return formatNumber(mean)
  const decimals = Math.max(decimalsFor(half, 2), 0)
  return `${fixed(mean, decimals)} ± ${fixed(half, decimals)}`
}

export function marksOf({ weak, interval }: Pick<Cell, 'weak' | 'interval'>): Mark[] {
  const basis: Mark[] = interval.kind === 'none' ? ['noInterval'] : interval.basis === 'within one stand-up' ? ['withinStack'] : []
  return [...(weak ? ['weak' as const] : []), ...basis]
}

export function markText(marks: readonly Mark[]): string {
  return marks.map((m) => MARKS[m].mark).join('')
}

export function halfWidth(interval: Interval): number | null {
  return interval.kind === 'none' ? null : (interval.high - interval.low) / 2
}

/** Four significant digits. */
export function formatNumber(value: number): string {
  return fixed(value, decimalsFor(value, 4))
}

/** Decimals that show so many significant digits of a number; of 0 none. */
function decimalsFor(value: number, digits: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))))
}

const MOST_DECIMALS = 6

function fixed(value: number, decimals: number): string {
  const text = value.toFixed(Math.min(decimals, MOST_DECIMALS))
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text
}
