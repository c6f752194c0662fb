// SPDX-License-Identifier: Apache-2.0
/** Findings of one run as a table for people. It computes nothing. */
import stringWidth from 'string-width'
import type { Findings, StageFindings } from '../../core/model/findings.ts'
import { METRICS, type MetricName } from '../../core/model/metric.ts'

const DISTRIBUTIONS: readonly MetricName[] = ['ttft', 'tpot', 'itl', 'e2e', 'schedule_lag', 'rate_limit_wait', 'input_length', 'output_length']
const SCALARS: readonly MetricName[] = ['request_throughput', 'output_throughput', 'achieved_rate', 'concurrency', 'error_rate', 'ttft_over_share', 'mismatch_rate', 'goodput', 'cost_per_request']
const STATISTICS = ['mean', 'p50', 'p90', 'p99', 'max'] as const

/** Shown of a run's notes and error messages; the files have all of them. */
const MOST_LINES = 8

export function findingsTable(findings: Findings): string {
  const { verdict, notes } = findings
  return [
    ...findings.stages.map(stageTable),
    [`verdict: ${verdict.result}`, ...verdict.reasons.slice(0, MOST_LINES).map(({ reason, stage, message }) => `  ${reason}${stage === undefined ? '' : ` (${stage})`}: ${message}`)].join('\n'),
    ...(notes.length === 0 ? [] : [['notes:', ...notes.slice(0, MOST_LINES).map((note) => `  ${note}`)].join('\n')]),
  ].join('\n\n')
}

function stageTable(stage: StageFindings): string {
  const { requests } = stage
  const apart = [['failed', requests.failed], ['cancelled', requests.cancelled], ['in warm-up', requests.warmup]].flatMap(([what, n]) => (n === 0 ? [] : [`${n} ${what}`]))
  const head = `${stage.stage} (${offer(stage)}, ${stage.window.durationS.toFixed(1)} s): ${[`${requests.ok} of ${requests.total} requests succeeded`, ...apart].join(', ')}`
  const rows = [
    ['', ...STATISTICS, 'unit'],
    ...DISTRIBUTIONS.flatMap((name) => distributionRow(stage, name)),
    ...SCALARS.flatMap((name) => scalarRow(stage, name)),
  ]
  return [head, ...aligned(rows), ...requests.firstErrors.map((message) => `  error: ${message}`)].join('\n')
}

function offer({ kind, offered }: StageFindings): string {
  if (offered.rate !== undefined) return `${kind}, ${number(offered.rate)} req/s`
  return offered.concurrency === undefined ? kind : `${kind}, ${offered.concurrency} at once`
}

function distributionRow(stage: StageFindings, name: MetricName): string[][] {
  const found = stage.distributions[name]
  if (found === undefined || found.n === 0) return []
  return [[METRICS[name].label, ...STATISTICS.map((statistic) => number(found[statistic]) + (found.weak.includes(statistic) ? '~' : '')), found.unit]]
}

function scalarRow(stage: StageFindings, name: MetricName): string[][] {
  const found = stage.scalars[name]
  if (found === undefined || found.value === null) return []
  return [[METRICS[name].label, number(found.value), ...STATISTICS.slice(1).map(() => ''), found.unit]]
}

/** Three significant digits, without an exponent. */
function number(value: number | null): string {
  if (value === null) return '–'
  if (value === 0) return '0'
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value)))))
  return value.toFixed(digits)
}

/** The first column to the left, numbers to the right, units to the left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i] ?? ''))))
  return rows.map((row) => `  ${row.map((cell, i) => padded(cell, widths[i] ?? 0, i > 0 && i < row.length - 1)).join('  ')}`.trimEnd())
}

function padded(cell: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(cell)))
  return right ? space + cell : cell + space
}
