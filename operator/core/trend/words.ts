// SPDX-License-Identifier: Apache-2.0
/** Trends in words: names of series, times of runs, sizes, the headline, and how it was decided. */
import { METRIC_NAMES, type MetricName } from '../model/metric.ts'
import { displayUnit, formatNumber, formatRounded, formatShift } from '../report/format.ts'
import { joined, message, type Message, type Part } from '../report/messages.ts'
import { responseTitle } from '../report/primary.ts'
import { isStatistic } from '../report/response.ts'
import { FEWEST_VALUES, fewestToDecide } from '../stats/series/levels.ts'
import { type FactChange, isFact } from './fingerprint.ts'
import type { HistoryLine } from './history-line.ts'
import type { Environment, SeriesTrend, Shift, TrendLevel, Trends } from './trends.ts'

function responseWords({ metric, statistic }: SeriesTrend['response']): Part {
  const isKnown = (METRIC_NAMES as readonly string[]).includes(metric) && isStatistic(statistic)
  return isKnown ? responseTitle({ metric: metric as MetricName, statistic }) : `${statistic} ${metric}`
}

/** `p99 TTFT, tp=2 rate=8, stage main`; the Experiment only where there are several. */
export function seriesName({ experiment, response }: SeriesTrend, { runs }: Trends): Part {
  const several = runs.some((r) => r.experiment !== runs[0]?.experiment)
  const stage = response.stage === '' ? '' : message('trend.name.stage', { stage: response.stage })
  return joined([responseWords(response), response.treatment, stage, several ? experiment : ''], 'list.name')
}

export const timeText = (line: HistoryLine | undefined): string => (line === undefined ? '' : new Date(line.time).toISOString().slice(0, 16).replace('T', ' '))
export const commitText = (line: HistoryLine | undefined): string => line?.commit?.slice(0, 12) ?? ''
export const runsText = (count: number): Message => (count === 1 ? message('trend.oneRun') : message('trend.runs', { count }))

export function sizeText({ size }: Shift, unit: string): string {
  return formatShift(size.bounds, size.scale, unit)
}

export function valueText(value: number, unit: string): string {
  const shown = displayUnit(unit)
  return `${formatNumber(value * shown.scale)} ${shown.unit}`
}

export function effectText({ kind, effect }: Shift): Message {
  return message(kind === 'shift' ? `trend.effect.${effect}` : `trend.effect.${effect}Drift`)
}

/** Of two runs of one level, 1.96 × √2 deviations; none where only one run is. */
export function noiseText({ sd, value }: TrendLevel, unit: string): string {
  if (sd === null) return '–'
  const reach = 1.96 * Math.SQRT2 * sd
  return value === 0 ? `± ${valueText(reach, unit)}` : `± ${formatRounded((100 * reach) / Math.abs(value))} %`
}

/** Empty where nothing changed. */
export function changesText(changes: readonly FactChange[]): Part {
  const none = message('trend.cause.none')
  return joined(changes.map(({ fact, before, after }) => message('trend.cause.changed', { fact: factText(fact), before: before ?? none, after: after ?? none })), 'list.semicolon')
}

/** A history of another version may have facts that this one does not know. */
const factText = (fact: string): Part => (isFact(fact) ? message(`trend.fact.${fact}`) : fact)

export const presentOf = ({ environments }: SeriesTrend): Environment =>
  environments.reduce((a, b) => ((b.points.at(-1)?.run ?? 0) > (a.points.at(-1)?.run ?? 0) ? b : a))

export type SeriesState = 'changed' | 'steady' | 'open'

/** By what is known of it: changed at some time, or what its present environment shows. */
export function stateOf(series: SeriesTrend): SeriesState {
  if (series.shifts.length > 0) return 'changed'
  return presentOf(series).state === 'decided' ? 'steady' : 'open'
}

export const alphaOf = ({ falseAlarms, questions }: Trends): number => falseAlarms / Math.max(1, questions)
export const fewestOf = (trends: Trends): number => Math.max(FEWEST_VALUES, fewestToDecide({ alpha: alphaOf(trends), seed: 1 }))

export interface TrendHeadline { readonly level: 'good' | 'doubt' | 'bad'; readonly text: Part }

const MOST_NAMED = 4

export function trendHeadline(trends: Trends): TrendHeadline {
  const { series, runs, recent } = trends
  if (runs.length === 0) return { level: 'doubt', text: message('trend.noRuns') }
  const states = series.map(stateOf)
  const count = (state: SeriesState) => states.filter((s) => s === state).length
  const counts = message('trend.counts', { changed: count('changed'), steady: count('steady'), open: count('open') })
  const worse = series.filter((s) => s.isWorse)
  const names = joined([...worse.slice(0, MOST_NAMED).map((s) => seriesName(s, trends)), ...(worse.length > MOST_NAMED ? ['…'] : [])], 'list.semicolon')
  if (worse.length > 0) return { level: 'bad', text: joined([message('trend.worse', { count: worse.length, total: series.length, recent, names }), counts], 'list.sentence') }
  if (count('open') === series.length) return { level: 'doubt', text: message('trend.tooEarly', { runs: runsText(runs.length), fewest: fewestOf(trends) }) }
  return { level: count('open') > 0 ? 'doubt' : 'good', text: joined([message('trend.notWorse', { recent }), counts], 'list.sentence') }
}

export function subtitle({ runs }: Trends): Part {
  const experiments = joined([...new Set(runs.map((r) => r.experiment))], 'list.comma')
  return runs.length === 0 ? '' : message('trend.subtitle', { experiments, runs: runsText(runs.length), from: timeText(runs[0]), to: timeText(runs.at(-1)) })
}

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`

export function methodTexts(trends: Trends): Message[] {
  const { falseAlarms, questions, leftOut } = trends
  const most = Math.max(0, ...[...Map.groupBy(trends.runs, (r) => r.experiment).values()].map((own) => own.length))
  return [
    message('trend.method.test'), message('trend.method.rate', { rate: percent(falseAlarms), questions, each: percent(alphaOf(trends)) }),
    message('trend.method.levels', { fewest: fewestOf(trends) }), message('trend.method.size'), message('trend.method.independent'),
    ...(leftOut > 0 ? [message('trend.leftOut', { count: leftOut, most })] : []),
  ]
}
