// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { placePoints, type PointStart } from './placement.ts'

const EPOCH = Date.UTC(2026, 10, 22)

describe('points on one clock', () => {
  it.each<[string, readonly PointStart[], number | undefined, ReturnType<typeof placePoints>]>([
    ['by the monotonic clock, whose zero is known', [{ monotonicMs: 500, epochMs: EPOCH }, { monotonicMs: 2500, epochMs: EPOCH + 1000 }], EPOCH, { offsetsMs: [0, 2000], clock: { epochMs: EPOCH + 500, source: 'monotonic' } }],
    ['by dates, as the monotonic clock alone cannot be placed in the day', [{ monotonicMs: 500, epochMs: EPOCH }, { monotonicMs: 2500, epochMs: EPOCH + 1000 }], undefined, { offsetsMs: [0, 1000], clock: { epochMs: EPOCH, source: 'epoch' } }],
    ['by the monotonic clock without a day', [{ monotonicMs: 2500 }, { monotonicMs: 500 }], undefined, { offsetsMs: [2000, 0] }],
    ['by dates where one point has no monotonic time', [{ monotonicMs: 1, epochMs: EPOCH + 5 }, { epochMs: EPOCH }], EPOCH, { offsetsMs: [5, 0], clock: { epochMs: EPOCH, source: 'epoch' } }],
    ['together where nothing is known', [{}, {}], undefined, { offsetsMs: [0, 0] }],
    ['nowhere where there are none', [], EPOCH, { offsetsMs: [] }],
  ])('are placed %s', (_, starts, monotonicEpochMs, expected) => {
    expect(placePoints(starts, monotonicEpochMs)).toEqual(expected)
  })
})
