// SPDX-License-Identifier: Apache-2.0
/** A stage's tally → its findings: the catalogue's formulas for rates and shares, and what the verdict needs beside them. */
import type { Distribution, Scalar, StageFindings } from '../model/findings.ts'
import type { MetricName } from '../model/metric.ts'
import type { StageWindow } from '../model/record.ts'
import { arrivalsOf, NO_ARRIVALS, type Arrivals } from './arrivals.ts'
import { distributionOfSample, scalarOf } from './distribution.ts'
import { isRecordDistribution, RECORD_DISTRIBUTIONS, type StageTally, TRACKED } from './stage-tally.ts'

export interface StageContext {
  /** Wall-clock time of the records' origin. */
  readonly originEpochMs: number
  readonly gpus: number
  readonly hasSlo: boolean
}

/** What a stage shows beyond its findings; the verdict is made from both. */
interface StageChecks {
  readonly arrivals: Arrivals
  readonly lengths: { readonly compared: number; readonly off: number }
  /** Measured window on the trial's clock. */
  readonly startMs: number
  readonly endMs: number
  readonly stopped?: string | undefined
  /** Metrics whose quantiles come from bins because there were very many values. */
  readonly binned: readonly string[]
  /** Records that there are, where the tool counted more requests: they are a sample. */
  readonly sampled?: number | undefined
  /** The window by the tool, which its own rates are over, in seconds; 0 where it says none. */
  readonly toolWindowS: number
  /** A quantile of what the records gave; null where they gave nothing. */
  readonly quantile: (metric: string, p: number) => number | null
}

export interface StageResult {
  readonly findings: StageFindings
  readonly checks: StageChecks
}

export function finishStage(tally: StageTally, stage: StageWindow, context: StageContext): StageResult {
  const sample = isSample(tally, stage)
  const arrivals = sample ? NO_ARRIVALS : arrivalsOf({ scheduledMs: tally.scheduledMs.values(), sentMs: tally.sentMs.values() })
  const { startMs, endMs } = measuredWindow(tally, stage)
  const sessions = tally.sessions.findings()
  const seconds = (endMs - startMs) / 1000
  const rateSeconds = isWindowOfMeasured(tally) ? seconds : 0
  const values = RECORD_DISTRIBUTIONS.filter((name) => tally.values[name].length > 0)
  const distributions: Record<string, Distribution> = { ...sessions.distributions }
  for (const name of values) distributions[name] = distributionOfSample(name, tally.values[name].sample())
  const { rate, concurrency } = stage
  return {
    findings: {
      stage: stage.name, kind: stage.kind,
      offered: { ...(rate === undefined ? {} : { rate }), ...(concurrency === undefined ? {} : { concurrency }) },
      window: { startEpochMs: context.originEpochMs + startMs, durationS: Number(seconds.toFixed(6)) },
      requests: { ...tally.requests, ...(sample ? stage.counted : {}), errors: Object.fromEntries([...tally.errors].sort(byName)), firstErrors: [...tally.firstErrors] },
      distributions,
      ...overTime(tally),
      scalars: sample ? ofCounts(stage) : { ...throughputs(tally, rateSeconds, context), ...shares(tally, rateSeconds, context), ...rates(arrivals), ...sessions.scalars },
    },
    checks: {
      arrivals, startMs, endMs, lengths: tally.lengths, stopped: stage.stopped,
      binned: values.filter((name) => !tally.values[name].exact),
      sampled: sample ? tally.requests.total : undefined,
      toolWindowS: Math.max(0, stage.endMs - stage.startMs) / 1000,
      quantile: (metric, p) => (isRecordDistribution(metric) && tally.values[metric].length > 0 ? tally.values[metric].sample().quantile(p) : null),
    },
  }
}

function overTime({ overTime: tracks }: StageTally): Pick<StageFindings, 'overTime'> {
  const series = TRACKED.map((metric) => ({ metric, points: tracks[metric].points().map(([at, value]): [number, number] => [at, value]) })).filter((s) => s.points.length > 1)
  return series.length === 0 ? {} : { overTime: series }
}

/** Rates of a sample would be rates of how much the tool wrote down. */
function isSample({ requests }: StageTally, { counted }: StageWindow): boolean {
  return counted !== undefined && counted.total > requests.total
}

function ofCounts({ counted }: StageWindow): Scalars {
  const answered = (counted?.total ?? 0) - (counted?.cancelled ?? 0)
  return { error_rate: scalarOf('error_rate', counted !== undefined && answered > 0 ? counted.failed / answered : null, answered) }
}

/** Without a clock only the tool's window is known, and requests of the warm-up were within it. */
function isWindowOfMeasured({ span, requests }: StageTally): boolean {
  return Number.isFinite(span.firstSentMs) || requests.warmup + requests.drain === 0
}

/** From the records where they are all and tell, so that the window means the same for every tool; else what the tool says. */
function measuredWindow(tally: StageTally, stage: StageWindow): { startMs: number; endMs: number } {
  if (isSample(tally, stage) && stage.endMs > stage.startMs) return { startMs: stage.startMs, endMs: stage.endMs }
  const { span } = tally
  const startMs = Number.isFinite(span.firstSentMs) ? span.firstSentMs : stage.startMs
  const endMs = Number.isFinite(span.lastEndMs) ? span.lastEndMs : Math.max(startMs, stage.endMs)
  return { startMs, endMs }
}

type Scalars = Record<string, Scalar>
const scalars = (entries: Partial<Record<MetricName, number | null>>): Scalars =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, scalarOf(name as MetricName, value ?? null)]))

function throughputs({ requests, tokens, span, values }: StageTally, seconds: number, { gpus }: StageContext): Scalars {
  const per = (amount: number) => (seconds > 0 ? amount / seconds : null)
  const counted = (length: number) => requests.ok === 0 || length > 0
  const output = counted(values.output_length.length) ? per(tokens.output) : null
  const input = counted(values.input_length.length) ? per(tokens.input) : null
  return scalars({
    request_throughput: per(requests.ok),
    output_throughput: output,
    input_throughput: input,
    total_throughput: input === null || output === null ? null : input + output,
    ...(gpus > 0 ? { output_throughput_per_gpu: output === null ? null : output / gpus } : {}),
    concurrency: per(span.busyMs / 1000),
  })
}

function shares({ requests, slo }: StageTally, seconds: number, { hasSlo }: StageContext): Scalars {
  const counted = requests.total - requests.cancelled
  const errorRate = scalarOf('error_rate', counted > 0 ? requests.failed / counted : null, counted)
  if (!hasSlo) return { error_rate: errorRate }
  // When no answer shows what a bound speaks of, there is nothing to count; when some do, the others count as not met.
  const judged = requests.ok === 0 || slo.unknown < requests.ok
  return {
    error_rate: errorRate,
    goodput: scalarOf('goodput', judged && seconds > 0 ? slo.met / seconds : null),
    attainment: scalarOf('attainment', judged && requests.total > 0 ? slo.met / requests.total : null, requests.total),
  }
}

function rates({ scheduled, sent, offeredRate, achievedRate }: Arrivals): Scalars {
  return {
    ...(offeredRate === null ? {} : { offered_rate: scalarOf('offered_rate', offeredRate, scheduled) }),
    ...(achievedRate === null ? {} : { achieved_rate: scalarOf('achieved_rate', achievedRate, sent) }),
  }
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1
}
