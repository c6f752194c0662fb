// SPDX-License-Identifier: Apache-2.0
/** Where a series leaves its warm-up: White's marginal standard error rule over batches of five (MSER-5; White, Cobb & Spratt 2000). */
import { mean } from '../summary.ts'

export interface WarmUp {
  /** Values before the steady part. */
  readonly cut: number
  /** Of what comes after; null where nothing was found. */
  readonly mean: number | null
  /** `none`: steady from the start. `unsettled`: the least error is at half the series, so it may not have settled at all. */
  readonly verdict: 'none' | 'found' | 'unsettled' | 'too short'
}

const BATCH = 5
const FEWEST_BATCHES = 10

/** It proposes a cut and makes none: who uses it says so. */
export function findWarmUp(values: readonly number[]): WarmUp {
  const batches = batchMeans(values, BATCH)
  if (batches.length < FEWEST_BATCHES) return { cut: 0, mean: null, verdict: 'too short' }
  const latest = Math.floor(batches.length / 2)
  const errors = marginalErrors(batches).slice(0, latest + 1)
  const best = errors.indexOf(Math.min(...errors))
  const cut = best * BATCH
  return { cut, mean: mean(values.slice(cut)), verdict: best === 0 ? 'none' : best === latest ? 'unsettled' : 'found' }
}

/** For each number of batches cut: the squares about the mean of the rest, over the square of their number. From the end, without cancellation. */
function marginalErrors(batches: readonly number[]): number[] {
  const errors: number[] = []
  let centre = 0
  let squares = 0
  for (let i = batches.length - 1, n = 1; i >= 0; i--, n++) {
    const delta = (batches[i] as number) - centre
    centre += delta / n
    squares += delta * ((batches[i] as number) - centre)
    errors[i] = squares / (n * n)
  }
  return errors
}

/** Means of consecutive values, so many at a time; an incomplete batch at the end is left out. */
export function batchMeans(values: readonly number[], size: number): number[] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, i) => mean(values.slice(i * size, (i + 1) * size)) as number)
}
