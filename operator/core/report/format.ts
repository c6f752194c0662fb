// SPDX-License-Identifier: Apache-2.0
/** Numbers as people read them: as many digits as their uncertainty allows, never an exponent. */
import type { MaybeBounds } from '../stats/interval/bounds.ts'
import type { Interval } from '../stats/mean-interval.ts'
import type { Cell } from './results.ts'

const MOST_DECIMALS = 6
const MOST_PERCENT = 9999

/** Footnotes that a measured value may refer to. */
export const MARKS = { weak: '*', claimed: '§', withinStack: '†', noInterval: '‡' } as const
export type Mark = keyof typeof MARKS

/** `19.8 ± 1.2`, or `19.8` where there is no interval; marks say what to know about it. */
export function formatMeasured({ mean, interval }: Pick<Cell, 'mean' | 'interval'>): string {
  const half = halfWidth(interval)
  if (half === null) return formatNumber(mean)
  // Replicates that are all alike say nothing of how many digits to show.
  if (half === 0) return `${Number(formatNumber(mean))} ± 0`
  // Two digits of the uncertainty, and never more than four of the value.
  const decimals = Math.min(decimalsFor(half, 2), mean === 0 ? MOST_DECIMALS : decimalsFor(mean, 4))
  const shown = fixed(half, decimals)
  return `${fixed(mean, decimals)} ± ${half > 0 && Number(shown) === 0 ? `<${fixed(10 ** -decimals, decimals)}` : shown}`
}

/** What to know of one value. */
export function valueMarks({ weak, claimed }: Pick<Cell, 'weak' | 'claimed'>): Mark[] {
  return [...(weak ? (['weak'] as const) : []), ...(claimed === true ? (['claimed'] as const) : [])]
}

/** What to know of all values that come from the same trials. */
export function intervalMarks({ interval }: Pick<Cell, 'interval'>): Mark[] {
  if (interval.kind === 'none') return ['noInterval']
  return interval.basis === 'within one stand-up' ? ['withinStack'] : []
}

export function markText(marks: readonly Mark[]): string {
  return marks.map((m) => MARKS[m]).join('')
}

function halfWidth(interval: Interval): number | null {
  return interval.kind === 'none' ? null : (interval.high - interval.low) / 2
}

/** Shares are written in percent; everything else in its own unit. */
export function displayUnit(unit: string): { readonly unit: string; readonly scale: number } {
  return unit === 'ratio' ? { unit: '%', scale: 100 } : { unit, scale: 1 }
}

/** A measured value with its unit, as messages show it: `2.1 ± 0.3 %`. */
export function formatWithUnit({ mean, interval, unit }: Pick<Cell, 'mean' | 'interval' | 'unit'>): string {
  const shown = displayUnit(unit)
  return `${formatMeasured(scaled({ mean, interval }, shown.scale))} ${shown.unit}`
}

export function scaled({ mean, interval }: Pick<Cell, 'mean' | 'interval'>, scale: number): Pick<Cell, 'mean' | 'interval'> {
  if (interval.kind === 'none') return { mean: mean * scale, interval }
  return { mean: mean * scale, interval: { ...interval, low: interval.low * scale, high: interval.high * scale } }
}

/** `39.1 [37.0, 41.5]` in the scale of the unit, with as many decimals as the interval's width allows; `39.1` where there is none. */
export function formatBounds(bounds: MaybeBounds, scale = 1): string {
  if (bounds.estimate === null) return '–'
  const estimate = bounds.estimate * scale
  if (bounds.kind === 'none') return formatNumber(estimate)
  const [low, high] = [bounds.low * scale, bounds.high * scale]
  const decimals = Math.min(decimalsFor((high - low) / 2, 2), estimate === 0 ? MOST_DECIMALS : decimalsFor(estimate, 4))
  return `${fixed(estimate, decimals)} [${fixed(low, decimals)}, ${fixed(high, decimals)}]`
}

/** Shares differ by percentage points. */
export function differenceUnit(unit: string): string {
  return unit === 'ratio' ? 'pp' : displayUnit(unit).unit
}

/** Two significant digits. */
export function formatRounded(value: number): string {
  return fixed(value, decimalsFor(value, 2))
}

/** A change with its sign: `+12 % [+9, +15]` of ratios, `−3.1 ms [−4.0, −2.2]` of differences; shares differ by percentage points. */
export function formatShift(bounds: MaybeBounds, scale: 'ratio' | 'difference', unit: string): string {
  if (bounds.estimate === null) return '–'
  const shown = displayUnit(unit)
  const as = (x: number) => (scale === 'ratio' ? (x - 1) * 100 : x * shown.scale)
  const suffix = scale === 'ratio' ? '%' : differenceUnit(unit)
  const width = bounds.kind === 'none' ? Math.abs(as(bounds.estimate)) : Math.abs(as(bounds.high) - as(bounds.low)) / 2
  const decimals = Math.min(decimalsFor(width, 2), 4)
  // Few replicates on logarithms give limits that are no numbers any more.
  const text = (x: number) => (scale === 'ratio' && as(x) > MOST_PERCENT ? `>+${MOST_PERCENT}` : formatSigned(as(x), decimals))
  const range = bounds.kind === 'none' ? '' : ` [${text(bounds.low)}, ${text(bounds.high)}]`
  return `${text(bounds.estimate)} ${suffix}${range}`
}

function formatSigned(value: number, decimals: number): string {
  const text = fixed(Math.abs(value), decimals)
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`
}

/** `p = 0.0031`, `p < 0.0001`. */
export function formatP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(p < 0.1 ? 4 : 2)}`
}

/** A share in percent with its sign where it is negative, to a tenth below ten: `−3.2 %`, `12 %`. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent !== 0 && Math.abs(percent) < 0.05) return '<0.1 %'
  if (percent > MOST_PERCENT) return `>${MOST_PERCENT} %`
  const text = fixed(Math.abs(percent), Math.abs(percent) < 9.95 ? 1 : 0)
  return `${percent < 0 && Number(text) !== 0 ? '−' : ''}${text} %`
}

/** Four significant digits. */
export function formatNumber(value: number): string {
  return fixed(value, decimalsFor(value, 4))
}

/** Decimals that show so many significant digits of a number; of 0 none. */
function decimalsFor(value: number, digits: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))))
}

function fixed(value: number, decimals: number): string {
  const text = value.toFixed(Math.min(decimals, MOST_DECIMALS))
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text
}
