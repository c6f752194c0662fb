// SPDX-License-Identifier: Apache-2.0
/** How far two configurations may lie apart and still be called the same. */
import { mean } from '../summary.ts'
import type { Difference } from './difference.ts'

/** `relative`: a share of the base, 0.05 being 5 %. `absolute`: in the metric's own unit. */
export type Margin = { readonly relative: number } | { readonly absolute: number }

/** The same on the scale of the comparison: shifts from `low` to `high` do not matter. */
export interface AppliedMargin {
  readonly low: number
  readonly high: number
  /** Distance from no shift to either end, on logarithms where ratios are compared. */
  readonly size: number
  readonly text: string
}

/** A ratio's margin is symmetric on logarithms: 25 % up is 1 / 1.25 down. Where ratios cannot be had, a share is one of the base's mean. */
export function applyMargin(margin: Margin, scale: Difference['scale'], base: readonly number[]): AppliedMargin {
  if ('absolute' in margin) return around(margin.absolute, `the margin of ± ${short(margin.absolute)}`)
  const share = `the margin of ± ${short(margin.relative * 100)} %`
  if (scale === 'ratio') return { low: 1 / (1 + margin.relative), high: 1 + margin.relative, size: Math.log1p(margin.relative), text: share }
  const size = margin.relative * Math.abs(mean(base) ?? 0)
  return around(size, `${share} of the base, ± ${short(size)}`)
}

const around = (size: number, text: string): AppliedMargin => ({ low: -size, high: size, size, text })
const short = (value: number) => String(Number(value.toPrecision(4)))
