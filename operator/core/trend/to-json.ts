// SPDX-License-Identifier: Apache-2.0
/** Trends as JSON for programs, in English: every series with its points, levels and changes; runs are named by their place in `runs`. */
import { ENGLISH } from '../report/messages/languages.ts'
import type { SeriesTrend, Trends } from './trends.ts'
import { seriesName, stateOf, trendHeadline } from './words.ts'

export const TRENDS_SCHEMA = 'assay.dev/trends/v1'

export function trendsJson(trends: Trends): string {
  const { runs, series, environmentChanges, falseAlarms, questions, recent, leftOut } = trends
  const { level, text } = trendHeadline(trends)
  return `${JSON.stringify({
    schema: TRENDS_SCHEMA, headline: { level, text: ENGLISH.textOf(text) }, falseAlarms, questions, recent, leftOut,
    runs: runs.map(({ responses: _responses, schema: _schema, ...run }) => run),
    environmentChanges,
    series: series.map((one) => seriesJson(one, trends)),
  }, null, 2)}\n`
}

function seriesJson(series: SeriesTrend, trends: Trends): object {
  const { experiment, response, environments, shifts, isWorse } = series
  return {
    name: ENGLISH.textOf(seriesName(series, trends)), experiment, ...response, state: stateOf(series), isWorse, shifts,
    environments: environments.map(({ points, levels, state }) => ({
      state, levels,
      points: points.map(({ run, weak, response: { mean, median, interval, stacks, trials } }) => ({ run, weak, mean, median, interval, stacks, trials })),
    })),
  }
}
