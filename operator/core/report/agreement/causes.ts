// SPDX-License-Identifier: Apache-2.0
/** Why a tool's number may differ from the others': what else differed between its trials and theirs, as far as it is on record. */
import type { Findings } from '../../model/findings.ts'
import type { MetricName } from '../../model/metric.ts'
import { median } from '../../stats/quantile.ts'
import { mean } from '../../stats/summary.ts'
import { formatShare } from '../format.ts'
import { type Message, message } from '../messages.ts'
import { responseValue } from '../response.ts'
import type { AgreementGroup, ToolCell } from './agreement.ts'

/** Lengths are the same where the same was asked for. */
const LENGTH_OFF = 0.01
const CONCURRENCY_OFF = 0.05
/** A part of the difference that is worth naming. */
const PART = 0.5
const OF_FIRST_TOKEN: ReadonlySet<MetricName> = new Set(['ttft', 'e2e', 'request_throughput', 'output_throughput'])

export function causesOf({ tool, cell }: ToolCell, group: AgreementGroup): Message[] {
  const seen = (metric: MetricName) => contrast(group, tool, metric)
  const causes = [
    ...(cell.claimed === true ? [message('agreement.claimed')] : []),
    ...lengths(seen('input_length'), 'agreement.prompts'), ...lengths(seen('output_length'), 'agreement.answers'),
    ...(OF_FIRST_TOKEN.has(cell.metric) ? firstToken(seen) : []),
    ...concurrency(seen('concurrency')), ...doubts(group.trials.get(tool) ?? []),
  ]
  return causes.length === 0 ? [message('agreement.unknown')] : causes
}

const short = (value: number) => String(Number(value.toPrecision(3)))

interface Contrast { readonly own: number; readonly others: number }

/** Means over the tool's trials against the median of such means of the other tools; undefined where either is not known. */
function contrast({ trials, stage }: AgreementGroup, tool: string, metric: MetricName): Contrast | undefined {
  const of = (own: readonly Findings[]) => mean(own.flatMap((t) => valueOf(t, stage, metric) ?? []))
  const own = of(trials.get(tool) ?? [])
  const others = median([...trials].flatMap(([name, theirs]) => (name === tool ? [] : of(theirs) ?? [])))
  return own === null || others === null ? undefined : { own, others }
}

function valueOf(trial: Findings, stage: string, metric: MetricName): number | undefined {
  return (responseValue(trial, stage, { metric, statistic: 'mean' }) ?? responseValue(trial, stage, { metric, statistic: 'value' }))?.value
}

function lengths(seen: Contrast | undefined, key: 'agreement.prompts' | 'agreement.answers'): Message[] {
  if (seen === undefined || Math.abs(seen.own - seen.others) <= LENGTH_OFF * seen.others) return []
  return [message(key, { own: short(seen.own), others: short(seen.others) })]
}

function firstToken(seen: (metric: MetricName) => Contrast | undefined): Message[] {
  const [ttft, beyond, server] = [seen('ttft'), seen('ttft_beyond_server'), seen('server_ttft')]
  if (ttft === undefined) return []
  const excess = ttft.own - ttft.others
  const isPart = (c: Contrast | undefined): c is Contrast => c !== undefined && excess !== 0 && (c.own - c.others) / excess >= PART
  const milliseconds = ({ own, others }: Contrast) => ({ own: short(own), others: short(others) })
  return [
    ...(isPart(beyond) ? [message('agreement.client', milliseconds(beyond))] : []), ...(isPart(server) ? [message('agreement.server', milliseconds(server))] : []),
  ]
}

function concurrency(seen: Contrast | undefined): Message[] {
  if (seen === undefined || Math.abs(seen.own - seen.others) <= CONCURRENCY_OFF * seen.others) return []
  return [message('agreement.concurrency', { own: short(seen.own), others: short(seen.others) })]
}

function doubts(trials: readonly Findings[]): Message[] {
  const suspect = trials.filter((t) => t.verdict.result === 'suspect')
  if (suspect.length === 0) return []
  const reasons = [...new Set(suspect.flatMap((t) => t.verdict.reasons.map((r) => r.reason)))]
  return [message('agreement.suspect', { share: formatShare(suspect.length / trials.length), reasons: reasons.join(', ') })]
}
