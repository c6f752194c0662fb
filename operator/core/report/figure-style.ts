// SPDX-License-Identifier: Apache-2.0
/** What figures have in common: scales for series, axes that read well, and when an axis is logarithmic. */
import type { ScaleOptions } from '@observablehq/plot'
import { formatNumber } from './format.ts'
import { SERIES_COLOURS, SYMBOLS } from './figures.ts'
import type { Part } from './messages.ts'

/** A drawn figure with its words. */
export interface Figure {
  readonly title: Part
  readonly note?: Part
  readonly svg: string
  /** Whether it takes the width of the page. */
  readonly wide: boolean
}

export const WIDE = { width: 760, height: 360 } as const
export const SMALL = { width: 384, height: 260 } as const
const MARGINS = { marginTop: 30, marginBottom: 44, marginRight: 18 }

/** Eight colours; further series repeat them with another symbol. */
export function seriesScales(count: number): { readonly color: ScaleOptions; readonly symbol: ScaleOptions } {
  const domain = Array.from({ length: count }, (_, i) => i)
  return {
    color: { type: 'ordinal', domain, range: domain.map((i) => SERIES_COLOURS[i % SERIES_COLOURS.length] ?? 'currentColor') },
    symbol: { type: 'ordinal', domain, range: domain.map((i) => SYMBOLS[symbolIndex(i)] ?? 'circle') },
  }
}

export function symbolIndex(series: number): number {
  return (series + Math.floor(series / SYMBOLS.length)) % SYMBOLS.length
}

/** Room on the left for the widest tick of an axis. */
export function margins(values: readonly number[]): typeof MARGINS & { readonly marginLeft: number } {
  const widest = Math.max(2, ...values.map((v) => formatTick(v).length))
  return { ...MARGINS, marginLeft: 24 + 7.2 * widest }
}

/** From zero, unless the values span decades. */
export function valueScale(values: readonly number[], label: string): ScaleOptions {
  const positive = values.filter((v) => v > 0)
  // Of nothing but zeros no axis can be made.
  if (positive.length === 0) return { label, tickFormat: formatTick, type: 'linear', domain: [0, 1] }
  const log = positive.length > 1 && positive.length === values.length && Math.max(...positive) / Math.min(...positive) > 30
  return { label, tickFormat: formatTick, nice: true, ...(log ? { type: 'log' } : { type: 'linear', zero: true }) }
}

export function formatTick(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`
  return String(Number(formatNumber(value)))
}
