// SPDX-License-Identifier: Apache-2.0
/** vLLM's own log (0.6 to 0.32) → how it started, phase by phase. Lines that it does not know are passed over; a phase that no line tells is absent. */
import type { EngineStartup, StartupPhase } from '../model/startup.ts'

export interface EngineLogOptions {
  /** When the container was started, in milliseconds since 1970, where that is known. */
  readonly startedEpochMs?: number | undefined
}

/** A stamp that the runtime put before the line, then what vLLM writes before its message: process, level, its own stamp, file. */
const LINE = /^(?:(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) )?(.*)$/
const OWN_STAMP = /\b(?:DEBUG|INFO|WARNING|ERROR) (\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\b/

/** When something happened, and to how many seconds that is known. */
interface Moment { readonly ms: number; readonly resolution: number }

/** Durations that lines tell; of several workers the slowest counts. */
const DURATIONS = [
  ['download', /Time spent downloading weights for .*: ([\d.]+) seconds/, 1e-6],
  ['weights', /Loading (?:model )?weights took ([\d.]+) seconds/, 0.01],
  ['model', /Model loading took [\d.]+ (?:GiB|GB)(?: memory)? and ([\d.]+) seconds/, 1e-6],
  ['compile', /init engine \(.*\) took [\d.]+ s(?:econds)? \(compilation: ([\d.]+) s/, 0.01],
  ['torchCompile', /torch\.compile (?:takes|took) ([\d.]+) s in total/, 0.01],
  ['graphs', /(?<!Encoder )Graph capturing finished in ([\d.]+) secs/, 1],
  ['profiling', /Memory profiling takes ([\d.]+) seconds/, 0.01],
  ['engine', /init engine \(.*\) took ([\d.]+) s(?:econds)?\b/, 0.01],
  ['sleep', /It took ([\d.]+) seconds to fall asleep/, 1e-6],
  ['wake', /It took ([\d.]+) seconds to wake up/, 1e-6],
] as const satisfies readonly (readonly [string, RegExp, number])[]
type DurationName = (typeof DURATIONS)[number][0]

/** Sizes that lines tell. */
const SIZES = [
  ['weightsGiB', /Checkpoint size: ([\d.]+) GiB/],
  ['modelGiB', /(?:Model loading took|Loading model weights took) ([\d.]+) (?:GiB|GB)/],
  ['graphsGiB', /(?<!Encoder )Graph capturing finished in [\d.]+ secs, took ([\d.]+) GiB/],
  ['kvCacheGiB', /(?:Available KV cache memory: |Explicitly set \()([\d.]+)(?: GiB|\/[\d.]+\) GiB for KV cache)/],
  ['kvCacheTokens', /KV cache size: ([\d,]+) tokens/],
  ['maxConcurrency', /Maximum concurrency for [\d,]+ tokens per request: ([\d.]+)x/],
] as const satisfies readonly (readonly [string, RegExp])[]
type SizeName = (typeof SIZES)[number][0]

/** Moments that lines mark. */
const MOMENTS = [
  ['first', /./],
  ['engineBegins', /Initializing an? (?:V\d )?LLM engine/],
  ['engineReady', /init engine \(/],
  ['listens', /Starting vLLM (?:API )?server/],
] as const satisfies readonly (readonly [string, RegExp])[]
type MomentName = (typeof MOMENTS)[number][0]

const VERSION = /(?:vLLM API server version |Initializing an? (?:V\d )?LLM engine \(v|\bversion )(\d+\.\d+[\w.+-]*)/
const FILESYSTEM = /Filesystem type for checkpoints: ([^.]{1,64})\./
/** Every worker says this of its weights. */
const WORKER = /Loading (?:model )?weights took|Loading model weights took/
/** Longer lines are dumps of configurations: their heads suffice. */
const LONGEST_LINE = 2000

interface Found {
  readonly durations: Partial<Record<DurationName, { readonly seconds: number; readonly resolution: number }>>
  readonly sizes: Partial<Record<SizeName, number>>
  readonly moments: Partial<Record<MomentName, Moment>>
  readonly version: string | undefined
  readonly filesystem: string | undefined
  readonly workers: number
}

/** undefined when nothing in it is vLLM's start. */
export function parseVllmLog(text: string, { startedEpochMs }: EngineLogOptions = {}): EngineStartup | undefined {
  const found = scan(text)
  const phases = phasesOf(found, startedEpochMs)
  if (phases.length === 0) return undefined
  const { version, filesystem, workers, durations } = found
  const loaded = durations.weights !== undefined || durations.model !== undefined
  return {
    engine: 'vllm', ...(version === undefined ? {} : { version }), phases, ...found.sizes,
    ...(loaded ? { weights: durations.download === undefined ? 'local' as const : 'downloaded' as const } : {}),
    ...(filesystem === undefined ? {} : { filesystem }), ...(workers > 0 ? { workers } : {}),
  }
}

interface Line { readonly text: string; readonly at: Moment | undefined }

function scan(text: string): Found {
  const lines = text.split('\n').map((raw): Line => {
    const [, stamp, whole = ''] = LINE.exec(raw.trimEnd()) ?? []
    const line = whole.slice(0, LONGEST_LINE)
    return { text: line, at: momentOf(stamp, line) }
  })
  const first = (pattern: RegExp) => lines.map((line) => pattern.exec(line.text)?.[1]).find((found) => found !== undefined)
  return {
    durations: Object.fromEntries(DURATIONS.flatMap(([name, pattern, resolution]) => {
      const all = numbersIn(lines, pattern)
      return all.length === 0 ? [] : [[name, { seconds: Math.max(...all), resolution }]]
    })),
    sizes: Object.fromEntries(SIZES.flatMap(([name, pattern]) => {
      const all = numbersIn(lines, pattern)
      return all.length === 0 ? [] : [[name, sizeOf(name, all)]]
    })),
    moments: Object.fromEntries(MOMENTS.flatMap(([name, pattern]) => {
      const found = lines.find((line) => line.at !== undefined && pattern.test(line.text))
      return found === undefined ? [] : [[name, found.at]]
    })),
    version: first(VERSION), filesystem: first(FILESYSTEM),
    workers: lines.filter((line) => WORKER.test(line.text)).length,
  }
}

function numbersIn(lines: readonly Line[], pattern: RegExp): number[] {
  return lines.flatMap(({ text }) => numberIn(text, pattern) ?? [])
}

function numberIn(line: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(line)?.[1]
  const value = found === undefined ? Number.NaN : Number(found.replaceAll(',', ''))
  return Number.isFinite(value) ? value : undefined
}

/** The least cache bounds what fits; everything else is told of its largest worker. */
function sizeOf(name: SizeName, all: readonly number[]): number {
  return name === 'kvCacheGiB' || name === 'kvCacheTokens' || name === 'maxConcurrency' ? Math.min(...all) : Math.max(...all)
}

/** vLLM's own stamps have no year and whole seconds; within one start-up neither matters but for a second, or a New Year. */
function momentOf(stamp: string | undefined, line: string): Moment | undefined {
  const ms = Date.parse(stamp ?? '')
  if (!Number.isNaN(ms)) return { ms, resolution: 0.001 }
  const [, month, day, hour, minute, second] = (OWN_STAMP.exec(line) ?? []).map(Number)
  return second === undefined ? undefined : { ms: Date.UTC(2000, (month ?? 1) - 1, day, hour, minute, second), resolution: 1 }
}

/** In the order in which they begin. Imports and configuration come before the engine; compilation, graphs and the cache are within it. */
function phasesOf({ durations, moments }: Found, startedEpochMs: number | undefined): StartupPhase[] {
  const told = (name: string, from: DurationName): StartupPhase[] => {
    const duration = durations[from]
    return duration === undefined ? [] : [{ name, ...duration }]
  }
  const compile = durations.compile === undefined ? told('compile', 'torchCompile') : told('compile', 'compile')
  const graphs = told('graphs', 'graphs')
  return [
    ...span('process', startOf(moments, startedEpochMs), moments.engineBegins),
    ...told('download', 'download'), ...told('weights', 'weights'), ...told('model', 'model'),
    ...told('profiling', 'profiling'), ...compile, ...graphs, ...cachePhase(durations.engine, [...compile, ...graphs]), ...told('engine', 'engine'),
    ...span('api', moments.engineReady, moments.listens),
    ...told('sleep', 'sleep'), ...told('wake', 'wake'),
  ]
}

/** The container's start where stamps can be compared with it: the runtime's can, vLLM's own have no year and perhaps another zone. */
function startOf({ first }: Found['moments'], startedEpochMs: number | undefined): Moment | undefined {
  const comparable = first !== undefined && first.resolution < 1 && startedEpochMs !== undefined && Number.isFinite(startedEpochMs)
  return comparable ? { ms: Math.min(startedEpochMs, first.ms), resolution: 1 } : first
}

function span(name: string, from: Moment | undefined, to: Moment | undefined): StartupPhase[] {
  if (from === undefined || to === undefined || from === to || to.ms < from.ms) return []
  return [{ name, seconds: Number(((to.ms - from.ms) / 1000).toFixed(3)), resolution: Math.max(from.resolution, to.resolution) }]
}

/** What of the engine's initialisation is neither compilation nor capture. */
function cachePhase(engine: { readonly seconds: number; readonly resolution: number } | undefined, others: readonly StartupPhase[]): StartupPhase[] {
  if (engine === undefined) return []
  const rest = others.reduce((left, phase) => left - phase.seconds, engine.seconds)
  const resolution = Math.max(engine.resolution, ...others.map((phase) => phase.resolution ?? 0))
  return [{ name: 'kvCache', seconds: Number(Math.max(0, rest).toFixed(6)), resolution }]
}
