// SPDX-License-Identifier: Apache-2.0
/** A history → its trends: one series for each treatment, stage and metric of an Experiment, cut into levels within one environment at a time. */
import { canonicalJson } from '../design/canonical.ts'
import { derive } from '../design/seeds.ts'
import { isSame, type Response } from '../report/response.ts'
import { canDecide, FEWEST_VALUES } from '../stats/series/levels.ts'
import { changesOf } from './fingerprint.ts'
import type { HistoryLine } from './history-line.ts'
import { type Cutting, cutEnvironment, isWorseNow } from './shifts.ts'
import type { Environment, EnvironmentChange, SeriesTrend, TrendPoint, Trends } from './trends.ts'

export interface TrendOptions {
  /** Chance of one false alarm in all series together. */
  readonly falseAlarms?: number
  /** A change that began among so many last runs of its Experiment is recent. */
  readonly recent?: number
  /** All that the history has when not set. */
  readonly responses?: readonly Response[] | undefined
  readonly experiments?: readonly string[] | undefined
}

export const DEFAULT_FALSE_ALARMS = 0.05
export const DEFAULT_RECENT = 10
/** Runs of one Experiment that are looked at: the last ones. What was earlier decides nothing today. */
const MOST_RUNS = 400

/** `lines` in the order of time, each run once. */
export function findTrends(lines: readonly HistoryLine[], options: TrendOptions = {}): Trends {
  const { falseAlarms = DEFAULT_FALSE_ALARMS, recent = DEFAULT_RECENT, experiments } = options
  const wanted = experiments === undefined ? lines : lines.filter((l) => experiments.includes(l.experiment))
  const shown = [...Map.groupBy(wanted, (l) => l.experiment).values()].flatMap((own) => own.slice(-MOST_RUNS))
  const kept = new Set(shown)
  const runs = wanted.filter((l) => kept.has(l))
  const draft = seriesOf(runs, options.responses)
  const questions = draft.flatMap((s) => s.groups).filter((points) => deciding(points).length >= FEWEST_VALUES).length
  const alpha = falseAlarms / Math.max(1, questions)
  return {
    runs, falseAlarms, questions, recent, leftOut: wanted.length - runs.length,
    series: draft.map((d) => decided(d, { runs, alpha, recent })),
    environmentChanges: environmentChanges(runs),
  }
}

interface Draft extends Pick<SeriesTrend, 'experiment' | 'response'> {
  readonly groups: readonly (readonly TrendPoint[])[]
}

function seriesOf(runs: readonly HistoryLine[], responses: readonly Response[] | undefined): Draft[] {
  const points = runs.flatMap((line, run) =>
    line.responses.filter((r) => responses === undefined || responses.some((wanted) => isSame(wanted, r))).map((response) => ({ line, point: { run, response, weak: response.weak === true } })))
  const key = ({ line, point: { response: { treatment, stage, metric, statistic, unit } } }: (typeof points)[number]) =>
    canonicalJson([line.experiment, treatment, stage, metric, statistic, unit])
  return [...Map.groupBy(points, key).values()].map((own) => {
    const { line: { experiment }, point: { response: { treatment, stage, metric, statistic, unit, better } } } = own.at(-1) as (typeof points)[number]
    const groups = [...Map.groupBy(own, ({ line }) => canonicalJson(line.environment)).values()].map((group) => group.map((g) => g.point))
    return { experiment, response: { treatment, stage, metric, statistic, unit, better }, groups }
  })
}

const deciding = (points: readonly TrendPoint[]): TrendPoint[] => points.filter((p) => !p.weak)

function decided({ experiment, response, groups }: Draft, { runs, alpha, recent }: Pick<Cutting, 'runs' | 'alpha' | 'recent'>): SeriesTrend {
  const own = runs.flatMap((line, i) => (line.experiment === experiment ? [i] : []))
  const seed = derive(canonicalJson([experiment, response]))
  const found = groups.map((points) => {
    const values = deciding(points)
    const state: Environment['state'] = values.length === 0 ? 'weak' : canDecide(values.length, { alpha, seed: 1 }) ? 'decided' : 'too few'
    const { levels, shifts } = cutEnvironment(values, { runs, alpha, recent, seed, better: response.better, recentFrom: own[Math.max(0, own.length - recent)] ?? 0, decides: state === 'decided' })
    return { environment: { points, levels, state }, shifts }
  })
  const last = found.reduce((a, b) => ((b.environment.points.at(-1)?.run ?? 0) > (a.environment.points.at(-1)?.run ?? 0) ? b : a))
  return {
    experiment, response, environments: found.map((f) => f.environment), shifts: found.flatMap((f) => f.shifts),
    isWorse: isWorseNow(last.shifts, last.environment.levels),
  }
}

function environmentChanges(runs: readonly HistoryLine[]): EnvironmentChange[] {
  const indexed = runs.map((line, run) => ({ line, run }))
  return [...Map.groupBy(indexed, ({ line }) => line.experiment).values()].flatMap((own) => own.slice(1).flatMap(({ line, run }, i) => {
    const before = own[i] as (typeof own)[number]
    const changes = changesOf(before.line.environment, line.environment)
    return changes.length === 0 ? [] : [{ experiment: line.experiment, before: before.run, after: run, changes }]
  }))
}
