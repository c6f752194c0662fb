// SPDX-License-Identifier: Apache-2.0
/** Arguments that several commands take, from text to value; a wrong one is wrong usage. */
import { InvalidArgumentError } from 'commander'
import { durationMs } from '../../core/model/common.ts'

/** Milliseconds of a duration. */
export function durationOption(text: string): number {
  try {
    return durationMs(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

/** A whole number from 1. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1')
  return value
}

/** For options that may be repeated. */
export const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** `NAME` as kubectl writes it, also `experiment/NAME` and `experiments.assay.dev/NAME`. */
export function objectName(plural: string): (text: string) => string {
  const singular = plural.replace(/s$/, '')
  return (text) => {
    const [kind, name = ''] = text.includes('/') ? text.split('/', 2) : [singular, text]
    if (name !== '' && [singular, plural, `${plural}.assay.dev`, `${singular}.assay.dev`].includes(kind ?? '')) return name
    throw new InvalidArgumentError(`expected a name, or ${singular}/NAME`)
  }
}
