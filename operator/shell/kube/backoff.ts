// SPDX-License-Identifier: Apache-2.0
/** How long to wait before trying again; it does not wait. */

export interface BackoffOptions {
  readonly baseMs: number
  readonly maxMs: number
  /** Share of the delay that is left to chance, 0 to 1: failures that began together do not come back together. */
  readonly jitter: number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/** Delay before attempt `failures` + 1: doubling from base to max, then spread downwards by the jitter. */
export function backoffMs(failures: number, { baseMs, maxMs, jitter, random }: BackoffOptions): number {
  const grown = Math.min(maxMs, baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 52))
  return grown * (1 - jitter * random())
}
