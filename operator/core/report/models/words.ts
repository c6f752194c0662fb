// SPDX-License-Identifier: Apache-2.0
/** Parts that several sentences about models share: places, values, shifts, sizes. */
import type { Verdict } from '../../stats/compare/verdict.ts'
import { formatP, formatShift, formatWithUnit, markText, valueMarks } from '../format.ts'
import type { Cell } from '../results.ts'
import { requirementsText } from '../advice/advice-sentences.ts'
import type { Group } from './groups.ts'
import { message, type Message, type Part } from '../messages.ts'
import type { Condition, Study } from './study.ts'

/** ` with rate=8`; nothing where there is one condition. */
export function where(condition: Condition): Part {
  return condition.label === '' ? '' : message('models.where', { place: condition.label })
}

/** With a mark where it is a tool's claim. */
export function valueOf(cell: Cell): string {
  return `${formatWithUnit(cell)}${markText(valueMarks(cell))}`
}

export function shiftOf({ difference: { shift, scale } }: Pick<Verdict, 'difference'>, unit: string): string {
  return formatShift(shift, scale, unit)
}

export function pOf({ p }: Pick<Verdict, 'p'>): string | null {
  return p === null ? null : formatP(p)
}

function sizeText(parameters: number): Message {
  const short = (value: number) => String(Number(value.toPrecision(3)))
  return parameters >= 1e9 ? message('models.billion', { number: short(parameters / 1e9) }) : message('models.million', { number: short(parameters / 1e6) })
}

/** In the unit of the largest. */
export function sizesText(from: number, to: number): Message {
  const { per, unit } = sizeUnit(to)
  const short = (size: number) => Number((size / per).toPrecision(3))
  return message(`models.${unit}`, { from: short(from), to: short(to) })
}

export function sizeUnit(largest: number): { readonly per: number; readonly unit: 'billions' | 'millions' } {
  return largest >= 1e9 ? { per: 1e9, unit: 'billions' } : { per: 1e6, unit: 'millions' }
}

export function groupText({ label, model }: Group): Part {
  if (model === null) return label
  if (model.size === null) return message('models.ofNoSize', { label })
  return message(model.size.fromName ? 'models.ofNamedSize' : 'models.ofSize', { label, size: sizeText(model.size.parameters) })
}

/** Empty where nothing is asked for. */
export function boundsText({ requirements }: Study): Part {
  return requirementsText(requirements)
}
