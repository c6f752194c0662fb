// SPDX-License-Identifier: Apache-2.0
/** When this machine's monotonic clock was zero. Every process of a node reads the same one, so tools' monotonic times can be placed. */

/** Milliseconds since 1970. */
export function monotonicEpochMs(): number {
  return Date.now() - Number(process.hrtime.bigint()) / 1e6
}
