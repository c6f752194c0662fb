// SPDX-License-Identifier: Apache-2.0
/** Quantiles for benchmarks. */

export interface Spread { readonly p50: number; readonly p90: number; readonly p99: number }

export function spread(values: readonly number[]): Spread {
  return { p50: quantile(values, 0.5), p90: quantile(values, 0.9), p99: quantile(values, 0.99) }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
}
