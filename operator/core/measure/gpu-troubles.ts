// SPDX-License-Identifier: Apache-2.0
/** What was wrong with the GPUs of a stack while it was measured: lower clocks for heat or power, errors. It decides no verdict. */
import { CLOCK_EVENTS } from './gpu-names.ts'
import type { GpuTrack } from './gpu-track.ts'
import { type Point, valueAt } from './pod-track.ts'
import type { ServerWindow } from './server-findings.ts'
import { LIMITS, percent } from './verdict-limits.ts'

export interface GpuTrouble {
  /** `power`: at its power cap, which is how it is built to run; worth knowing and no doubt. */
  readonly kind: 'throttled' | 'errors' | 'power'
  readonly message: string
}

export function gpuTroubles(tracks: readonly GpuTrack[], windows: readonly ServerWindow[]): GpuTrouble[] {
  const startMs = Math.min(...windows.map((w) => w.startMs))
  const endMs = Math.max(...windows.map((w) => w.endMs))
  if (!(endMs > startMs)) return []
  return tracks.flatMap((track) => {
    const name = `GPU ${track.uuid}${track.node === undefined ? '' : ` on ${track.node}`}`
    return [...clockEvents(track, startMs, endMs), ...violations(track, startMs, endMs), ...errors(track, startMs, endMs)]
      .map(({ kind, message }): GpuTrouble => ({ kind, message: `${name}: ${message}` }))
  })
}

function clockEvents({ fields }: GpuTrack, startMs: number, endMs: number): GpuTrouble[] {
  const masks = fields.reasons.filter(([t]) => t >= startMs && t <= endMs).map(([, mask]) => mask)
  return CLOCK_EVENTS.flatMap(({ bit, name, slows }): GpuTrouble[] => {
    const share = masks.filter((mask) => (mask & bit) !== 0).length / Math.max(1, masks.length)
    if (slows && share > LIMITS.gpuThrottled.value) return [{ kind: 'throttled', message: `${name} in ${percent(share)} of readings (limit ${percent(LIMITS.gpuThrottled.value)})` }]
    return !slows && share > 0 && name === 'power cap' ? [{ kind: 'power', message: `at its ${name} in ${percent(share)} of readings` }] : []
  })
}

/** Their unit differs between versions of DCGM, so only growth is read. */
function violations({ fields }: GpuTrack, startMs: number, endMs: number): GpuTrouble[] {
  const kinds = { thermalViolation: 'thermal limits', reliabilityViolation: 'reliability limits', boardViolation: 'board limits' } as const
  return Object.entries(kinds).flatMap(([field, what]): GpuTrouble[] =>
    (grown(fields[field as keyof typeof kinds], startMs, endMs) > 0 ? [{ kind: 'throttled', message: `its clocks were held down by ${what}` }] : []))
}

function errors({ fields }: GpuTrack, startMs: number, endMs: number): GpuTrouble[] {
  const counters = {
    eccUncorrected: 'uncorrected ECC errors', eccCorrected: 'corrected ECC errors', remappedRows: 'rows remapped after uncorrectable errors', xidCount: 'XID errors',
  } as const
  const counted = Object.entries(counters).flatMap(([field, what]) => {
    const count = grown(fields[field as keyof typeof counters], startMs, endMs)
    return count > LIMITS.gpuErrors.value ? [`${Math.ceil(count)} ${what}`] : []
  })
  const xids = newXids(fields.xid, startMs, endMs).map((xid) => `XID ${xid}`)
  const failed = fields.remapFailed.some(([, value]) => value > 0) ? ['remapping of bad memory rows has failed'] : []
  return [...counted, ...xids, ...failed].map((message) => ({ kind: 'errors', message }))
}

/** The gauge holds the last error since boot: one that was there before says nothing of this trial. */
function newXids(points: readonly Point[], startMs: number, endMs: number): number[] {
  return points.flatMap(([t, value], i) => {
    const before = points[i - 1]
    return before !== undefined && t >= startMs && t <= endMs && value !== before[1] && value > 0 ? [value] : []
  })
}

function grown(points: readonly Point[], startMs: number, endMs: number): number {
  return (valueAt(points, endMs) ?? 0) - (valueAt(points, startMs) ?? 0)
}
