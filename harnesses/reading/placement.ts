// SPDX-License-Identifier: Apache-2.0
/** Operating points of one trial on one clock: 0 is the start of the first of them. */
import type { ClientHealth } from '../../operator/core/model/record.ts'

/** When a point started, by whatever clock its tool used. */
export interface PointStart {
  /** By the machine's monotonic clock. */
  readonly monotonicMs?: number | undefined
  /** Since 1970, as exactly as the tool says. */
  readonly epochMs?: number | undefined
}

export interface Placement {
  /** Start of each point after the start of the first one. */
  readonly offsetsMs: readonly number[]
  /** Wall-clock time of 0; undefined where no file tells it. */
  readonly clock?: ClientHealth['clock'] | undefined
}

/** A monotonic clock places points exactly among each other and, where its zero is known, in the day; else the tool's dates do. */
export function placePoints(starts: readonly PointStart[], monotonicEpochMs?: number): Placement {
  const monotonic = starts.map((s) => s.monotonicMs)
  const first = Math.min(...monotonic.map((ms) => ms ?? Number.POSITIVE_INFINITY))
  if (monotonicEpochMs !== undefined && monotonic.length > 0 && monotonic.every((ms) => ms !== undefined)) {
    return { offsetsMs: monotonic.map((ms) => ms - first), clock: { epochMs: monotonicEpochMs + first, source: 'monotonic' } }
  }
  const epochs = starts.map((s) => s.epochMs)
  if (epochs.length > 0 && epochs.every((ms) => ms !== undefined)) {
    const origin = Math.min(...epochs)
    return { offsetsMs: epochs.map((ms) => ms - origin), clock: { epochMs: origin, source: 'epoch' } }
  }
  return { offsetsMs: monotonic.map((ms) => (ms === undefined ? 0 : ms - first)) }
}
