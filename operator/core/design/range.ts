// SPDX-License-Identifier: Apache-2.0
/** A range with its scale and its steps: which value a position stands for, and which position a value has. */

export interface Range {
  readonly low: number
  readonly high: number
  readonly log: boolean
  /** Values are low, low + step, …; any value when not set. */
  readonly step?: number
}

/** The value at a position: 0 is low and 1 is high; positions beyond them lead beyond. */
export function valueAt(range: Range, position: number): number {
  if (position === 0) return range.low
  if (position === 1) return range.high
  const value = range.log ? range.low * Math.exp(position * Math.log(range.high / range.low)) : range.low + position * (range.high - range.low)
  return range.step === undefined ? rounded(range, value) : onGrid(range.low, range.step, Math.round((value - range.low) / range.step))
}

/** The value for one of many points spread from 0 to below 1: every step gets its share. */
export function spreadValue(range: Range, position: number): number {
  const { low, high, step, log } = range
  if (step === undefined || log) return valueAt(range, position)
  const steps = Math.floor((high - low) / step + 1e-9) + 1
  return onGrid(low, step, Math.min(steps - 1, Math.floor(position * steps)))
}

/** The value at a coded position: -1 is low, 1 is high. */
export const codedValue = (range: Range, coded: number) => valueAt(range, (coded + 1) / 2)

/** Where a value lies: -1 at low, 1 at high. */
export function codedOf({ low, high, log }: Range, value: number): number {
  const position = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  return 2 * position - 1
}

const SIGNIFICANT = 6

/**
 * Six digits: of the value on a log scale, of the range on a linear one. What is measured is named by its levels, so that their last bits, which a
 * logarithm does not promise, must not matter.
 */
function rounded({ low, high, log }: Range, value: number): number {
  if (log) return Number(value.toPrecision(SIGNIFICANT))
  let decimals = 0
  for (let span = high - low; span < 10 ** (SIGNIFICANT - 1) && decimals < 20; span *= 10) decimals++
  return Number(value.toFixed(decimals))
}

/** Without the tail that 0.1 + 0.2 has. */
const onGrid = (low: number, step: number, index: number) => Number((low + index * step).toPrecision(12))
