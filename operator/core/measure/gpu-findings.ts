// SPDX-License-Identifier: Apache-2.0
/** Scrapes of GPU exporters → what the GPUs of the stack did in each stage, over time, and what was wrong with them. */
import type { Distribution, Scalar } from '../model/findings.ts'
import type { GpuSeen } from '../model/node-fact.ts'
import type { MetricName } from '../model/metric.ts'
import { distributionOf, scalarOf } from './distribution.ts'
import { energyOf } from './energy.ts'
import { CLOCK_EVENTS, type GpuField } from './gpu-names.ts'
import { gpuTroubles, type GpuTrouble } from './gpu-troubles.ts'
import { type GpuTrack, stackGpus } from './gpu-track.ts'
import type { Point } from './pod-track.ts'
import type { Scrape } from './scrape.ts'
import type { ServerWindow, StageServer } from './server-findings.ts'
import { series, type Series } from './server-series.ts'
import { sumPoints } from './sum-points.ts'

export interface GpuFindings {
  readonly stages: ReadonlyMap<string, StageServer>
  readonly series: readonly Series[]
  readonly seen: readonly GpuSeen[]
  readonly troubles: readonly GpuTrouble[]
  readonly notes: readonly string[]
}

export interface GpuContext {
  readonly originEpochMs: number
  /** Names and namespace of the serving pods, and how many GPUs they took. */
  readonly pods: readonly string[]
  readonly namespace: string
  readonly gpus: number
}

/** Metrics of single GPUs; power is summed. */
const SINGLE = { gpu_utilization: 'utilization', gpu_memory_used: 'memory', gpu_clock: 'clock', gpu_temperature: 'temperature' } as const satisfies Partial<Record<MetricName, GpuField>>

export function gpuFindings(scrapes: readonly Scrape[], windows: readonly ServerWindow[], context: GpuContext): GpuFindings {
  const { tracks, attributed } = stackGpus(scrapes, context.originEpochMs, context)
  if (tracks.length === 0) return { stages: new Map(), series: [], seen: [], troubles: [], notes: asked(scrapes) }
  const doubt = attributed ? [] : [`GPU exporters know ${tracks.length} GPUs on the stack's nodes and not which pods have them, and the stack took ${context.gpus}: no GPU figures (let the exporter map pods to GPUs)`]
  // Figures of other people's GPUs would be worse than none.
  if (!attributed) return { stages: new Map(), series: [], seen: [], troubles: [], notes: doubt }
  const stages = windows.map((window) => ({ window, found: stageOf(tracks, window, context.gpus) }))
  return {
    stages: new Map(stages.map(({ window, found }) => [window.stage, found.stage])),
    series: gpuSeries(tracks, context.gpus),
    seen: tracks.map((track) => seenOf(track, windows)),
    troubles: gpuTroubles(tracks, windows),
    notes: stages.flatMap(({ window, found }) => (found.note === undefined ? [] : [`${window.stage}: no energy: ${found.note}`])),
  }
}

function asked(scrapes: readonly Scrape[]): string[] {
  return scrapes.some((s) => s.kind === 'gpu') ? ['GPU exporters answered and gave none of the stack\'s pods a GPU: no GPU figures'] : []
}

const within = (points: readonly Point[], { startMs, endMs }: ServerWindow) => points.filter(([t]) => t >= startMs && t <= endMs)

function stageOf(tracks: readonly GpuTrack[], window: ServerWindow, gpus: number): { readonly stage: StageServer; readonly note?: string } {
  const distributions: Record<string, Distribution> = {}
  const add = (metric: MetricName, values: readonly number[]) => {
    if (values.length > 0) distributions[metric] = distributionOf(metric, values)
  }
  for (const [metric, field] of Object.entries(SINGLE)) add(metric as MetricName, tracks.flatMap((t) => within(t.fields[field], window)).map(([, v]) => v))
  const apart = whyNoPower(tracks, gpus)
  if (apart !== undefined) return { stage: { distributions, scalars: {} }, note: apart }
  add('gpu_power', within(sumPoints(tracks.map((t) => t.fields.power)), window).map(([, v]) => v))
  const energy = energyOf(tracks, window.startMs, window.endMs)
  if (energy.joules === null) return { stage: { distributions, scalars: {} }, note: energy.why }
  const scalars: Record<string, Scalar> = { gpu_energy: { ...scalarOf('gpu_energy', energy.joules), source: energy.source } }
  return { stage: { distributions, scalars } }
}

/** The power of something else than the stack's GPUs would make every figure per token wrong. */
function whyNoPower(tracks: readonly GpuTrack[], gpus: number): string | undefined {
  if (tracks.some(({ labels }) => (labels['GPU_I_ID'] ?? '') !== '')) return 'power is measured of a whole GPU, and the stack has slices of it (MIG)'
  return gpus > 0 && tracks.length !== gpus ? `exporters show ${tracks.length} of the stack's ${gpus} GPUs` : undefined
}

function gpuSeries(tracks: readonly GpuTrack[], gpus: number): Series[] {
  const mean = (field: GpuField) => sumPoints(tracks.map((t) => t.fields[field])).map(([t, v]): Point => [t, v / tracks.length])
  return [series('gpu_utilization', mean('utilization')), ...(whyNoPower(tracks, gpus) === undefined ? [series('gpu_power', sumPoints(tracks.map((t) => t.fields.power)))] : [])].filter((s) => s.points.length > 1)
}

function seenOf({ uuid, node, labels, fields }: GpuTrack, windows: readonly ServerWindow[]): GpuSeen {
  const during = (points: readonly Point[]) => windows.flatMap((window) => within(points, window)).map(([, v]) => v)
  const clocks = during(fields.clock)
  const masks = during(fields.reasons)
  const throttle = CLOCK_EVENTS.filter(({ bit }) => masks.some((mask) => (mask & bit) !== 0)).map(({ name }) => name)
  const text = (name: string, label: string) => (labels[label] === undefined || labels[label] === '' ? {} : { [name]: labels[label] })
  return {
    uuid, ...(node === undefined ? {} : { node }), ...text('model', 'modelName'), ...text('driver', 'DCGM_FI_DRIVER_VERSION'), ...text('mig', 'GPU_I_PROFILE'),
    ...(clocks.length === 0 ? {} : { clockMHz: [Math.min(...clocks), Math.max(...clocks)] as [number, number] }),
    ...(masks.length === 0 ? {} : { throttle }),
  }
}
