// SPDX-License-Identifier: Apache-2.0
/** The energy that GPUs took within a window, by their counters or by their power; nothing where too little of the window is covered. */
import type { GpuTrack } from './gpu-track.ts'
import { type Point, valueAt } from './pod-track.ts'
import { LIMITS } from './verdict-limits.ts'

export interface Energy {
  readonly joules: number
  readonly source: string
}
type EnergyFound = Energy | { readonly joules: null; readonly why: string }

/** Each GPU by its counter where it has one; all by the same source, so that the number means one thing. */
export function energyOf(tracks: readonly GpuTrack[], startMs: number, endMs: number): EnergyFound {
  const window = { startMs, endMs }
  const counted = total(tracks.map((track) => byCounter(track.fields.energy, window)))
  if (counted !== null) return { joules: counted, source: 'DCGM energy counter' }
  const integrated = total(tracks.map((track) => byPower(track.fields.power, window)))
  if (integrated !== null) return { joules: integrated, source: 'integral of DCGM power' }
  const has = tracks.some(({ fields }) => fields.energy.length > 0 || fields.power.length > 0)
  return { joules: null, why: has ? 'the exporter\'s values cover too little of the window: let it look more often (dcgm-exporter -c 1000)' : 'the exporter gives neither energy nor power' }
}

interface Window { readonly startMs: number; readonly endMs: number }

function total(values: readonly (number | null)[]): number | null {
  return values.length === 0 || values.includes(null) ? null : values.reduce<number>((sum, v) => sum + (v ?? 0), 0)
}

/** The exporter repeats a value until it looks again, so only changes carry a time. What they do not reach is taken to go on as it did. */
function byCounter(points: readonly Point[], window: Window): number | null {
  const changes = points.filter(([, value], i) => i === 0 || value !== (points[i - 1] as Point)[1])
  return extended(changes, window, (fromMs, toMs) => (valueAt(changes, toMs) ?? 0) - (valueAt(changes, fromMs) ?? 0))
}

/** Trapezes between readings. */
function byPower(points: readonly Point[], window: Window): number | null {
  return extended(points, window, (fromMs, toMs) => {
    const inside = points.filter(([t]) => t > fromMs && t < toMs)
    const ends = [fromMs, toMs].map((t): Point => [t, valueAt(points, t) ?? 0])
    const all = [ends[0] as Point, ...inside, ends[1] as Point]
    return all.slice(1).reduce((sum, [t, watts], i) => {
      const [before, earlier] = all[i] as Point
      return sum + ((watts + earlier) / 2) * ((t - before) / 1000)
    }, 0)
  })
}

/** What was measured within the covered part, for the whole window; null where too little of it is covered. */
function extended(points: readonly Point[], { startMs, endMs }: Window, measure: (fromMs: number, toMs: number) => number): number | null {
  const [fromMs, toMs] = [Math.max(startMs, points[0]?.[0] ?? Infinity), Math.min(endMs, points.at(-1)?.[0] ?? -Infinity)]
  const whole = endMs - startMs
  if (!(whole > 0) || points.length < 2 || !(toMs - fromMs >= (1 - LIMITS.energyUncovered.value) * whole)) return null
  return measure(fromMs, toMs) * (whole / (toMs - fromMs))
}
