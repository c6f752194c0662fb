// SPDX-License-Identifier: Apache-2.0
/**
 * Values that may be very many, such as the gaps of a long run: exact up to a limit, then counted in logarithmic bins, so that memory
 * is bounded whatever the length of the run.
 */
import { sampleOf, type Sample } from './distribution.ts'
import { createColumn } from './column.ts'

export interface PooledValues {
  push(value: number): void
  readonly length: number
  /** False once values are counted in bins: quantiles are then within 0.005 % instead of exact. */
  readonly exact: boolean
  sample(): Sample
}

const EXACT_LIMIT = 4_000_000
const BIN_WIDTH = 1e-4
const SMALLEST = 1e-4
const BINS = Math.ceil(Math.log(1e12) / BIN_WIDTH)

export function createPooledValues(exactLimit: number = EXACT_LIMIT): PooledValues {
  const column = createColumn()
  let bins: LogBins | undefined
  return {
    push(value) {
      if (bins !== undefined) bins.push(value)
      else if (column.length < exactLimit) column.push(value)
      else {
        bins = createLogBins(column.values())
        bins.push(value)
        column.clear()
      }
    },
    get length() { return bins?.length ?? column.length },
    get exact() { return bins === undefined },
    sample: () => bins?.sample() ?? sampleOf(column.values()),
  }
}

interface LogBins {
  push(value: number): void
  readonly length: number
  sample(): Sample
}

function createLogBins(first: Float64Array): LogBins {
  const counts = new Float64Array(BINS + 1)
  let n = 0
  let mean = 0
  let squares = 0
  let min = Infinity
  let max = -Infinity
  const push = (value: number) => {
    counts[binOf(value)]! += 1
    n += 1
    // Welford's update: the mean and the spread stay exact, only quantiles come from bins.
    const deviation = value - mean
    mean += deviation / n
    squares += deviation * (value - mean)
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  for (const value of first) push(value)
  return {
    push,
    get length() { return n },
    sample: () => ({
      summary: { n, mean, stddev: n < 2 ? null : Math.sqrt(squares / (n - 1)), min, max },
      quantile: (p) => Math.min(Math.max(valueAtRank(counts, p * (n - 1)), min), max),
    }),
  }
}

/** Bin 0 holds what is smaller than any clock can tell, and zero. */
function binOf(value: number): number {
  return value < SMALLEST ? 0 : Math.min(BINS, 1 + Math.floor(Math.log(value / SMALLEST) / BIN_WIDTH))
}

function valueAtRank(counts: Float64Array, rank: number): number {
  let before = 0
  for (const [bin, count] of counts.entries()) {
    before += count
    if (before > rank) return bin === 0 ? 0 : SMALLEST * Math.exp((bin - 0.5) * BIN_WIDTH)
  }
  return Infinity
}
