// SPDX-License-Identifier: Apache-2.0
/** Responses that decide: which are primary unless somebody declares others, and how they are written and read. */
import { METRIC_NAMES, METRICS, type MetricName, STATISTICS } from '../model/metric.ts'
import { didYouMean } from '../model/nearest.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import { type Message, message } from './messages.ts'
import { isStatistic, type Response, type Statistic } from './response.ts'

/** What decides between two configurations of a serving stack: what a user waits for, what the stack gives, what it fails at. */
export const PRIMARY: readonly Response[] = [
  { metric: 'ttft', statistic: 'p50' },
  { metric: 'ttft', statistic: 'p99' },
  { metric: 'tpot', statistic: 'p50' },
  { metric: 'e2e', statistic: 'p99' },
  { metric: 'output_throughput', statistic: 'value' },
  { metric: 'goodput', statistic: 'value' },
  { metric: 'error_rate', statistic: 'value' },
]

/** `p99(ttft)`, `output_throughput`: as gates and options write it. */
export function responseName({ metric, statistic }: Response): string {
  return statistic === 'value' ? metric : `${statistic}(${metric})`
}

/** `p99 TTFT`, `output token throughput`: as sentences write it. */
export function responseTitle({ metric, statistic }: Response): Message {
  const name = message(`response.${metric}`)
  return statistic === 'value' ? name : message('of.response', { statistic: message(`statistic.${statistic}`), name })
}

/** `Time to first token, p99`: as figures are titled. */
export function metricTitle({ metric, statistic }: Response): Message {
  const label = message(`metric.${metric}`)
  return statistic === 'value' ? label : message('of.metric', { metric: label, statistic: message(`statistic.${statistic}`) })
}

const FORM = 'metrics separated by commas, such as p99(ttft),output_throughput'

/** Everything that is wrong with a list of responses, or the list. */
export function parseResponses(text: string, path: string): Checked<Response[]> {
  const words = text.split(',').map((word) => word.trim())
  const read = words.map((word) => parseResponse(word, path))
  const problems: Problem[] = read.flatMap((r) => (r.ok ? [] : r.problems))
  const responses = read.flatMap((r) => (r.ok ? [r.value] : []))
  const twice = words.filter((word, i) => words.indexOf(word) < i && word !== '')
  const all = [...problems, ...twice.map((word): Problem => ({ reason: 'DuplicateName', path, message: `${word} is named twice` }))]
  return all.length > 0 ? refused(...all) : valid(responses)
}

/** `p99(ttft)`, `value(goodput)` or `goodput`. */
export function parseResponse(text: string, path: string): Checked<Response> {
  const [, outer, inner] = /^(?:([A-Za-z0-9_]+)\s*\(\s*)?([A-Za-z0-9_]+)\s*\)?$/.exec(text.trim()) ?? []
  const isCall = outer !== undefined
  if (inner === undefined || isCall !== text.includes(')'))
    return refused({ reason: 'InvalidValue', path, message: `"${text}" is no metric`, expected: FORM })
  const message = misfitOf(inner, outer)
  if (message !== undefined) return refused({ reason: 'InvalidValue', path, message })
  return valid({ metric: inner as MetricName, statistic: (outer ?? 'value') as Statistic })
}

/** What is wrong with the pair, undefined where nothing is; without a statistic the metric must be one number a stage. */
export function misfitOf(metric: string, statistic: string | undefined): string | undefined {
  if (!Object.hasOwn(METRICS, metric)) return `there is no metric "${metric}"${didYouMean(metric, METRIC_NAMES)}`
  if (statistic !== undefined && !isStatistic(statistic))
    return `there is no statistic "${statistic}"${didYouMean(statistic, ['value', ...STATISTICS])}`
  const { shape } = METRICS[metric as MetricName]
  if (shape === 'scalar' && statistic !== undefined && statistic !== 'value')
    return `${metric} is one number a stage: write value(${metric})`
  if (shape === 'distribution' && (statistic === undefined || statistic === 'value'))
    return `${metric} is a distribution: write p99(${metric}) or mean(${metric})`
  return undefined
}
