// SPDX-License-Identifier: Apache-2.0
/** A history for tests and for looking at pages: nightly runs of two treatments with planted shifts, a drift, outliers and another GPU. */
import { METRICS, type MetricName } from '../../model/metric.ts'
import { type Random, random } from '../../stats/testdata/random.ts'
import { HISTORY_SCHEMA, type HistoryLine, type HistoryResponse, historyId } from '../history-line.ts'

export interface Planted {
  readonly runs: number
  readonly seed?: number
  readonly experiment?: string
  /** Value of each response of one night, before noise. */
  readonly values?: (night: number, treatment: string) => Partial<Record<MetricName, number>>
  /** Deviation of a run as a share of its value. */
  readonly noise?: number
  readonly environment?: (night: number) => Readonly<Record<string, string>>
  readonly subject?: (night: number) => Readonly<Record<string, string>>
  readonly treatments?: readonly string[]
}

const START = Date.parse('2026-09-01T02:00:00Z')
const DAY = 86_400_000

export function nightly({ runs, seed = 1, experiment = 'nightly', noise = 0.02, treatments = ['rate=4'], values = () => ({ ttft: 120 }), environment = () => ({ gpu: 'H100', assay: '0.1.0' }), subject = () => ({}) }: Planted): HistoryLine[] {
  const draw = random(seed)
  return Array.from({ length: runs }, (_, night): HistoryLine => {
    const at = (minutes: number) => new Date(START + night * DAY + minutes * 60_000).toISOString()
    return {
      schema: HISTORY_SCHEMA, id: historyId({ experiment, namespace: 'bench', run: night + 1, from: at(0) }), experiment, namespace: 'bench', run: night + 1,
      time: at(0), measured: { from: at(0), to: at(20) }, commit: commitOf(night), labels: {}, environment: environment(night), subject: subject(night),
      counts: { valid: 4, suspect: 0, invalid: 0, failed: 0 },
      responses: treatments.flatMap((treatment) => Object.entries(values(night, treatment)).map(([metric, value]) => response(metric as MetricName, value, { treatment, noise, draw }))),
    }
  })
}

const commitOf = (night: number): string => (0xabc_d00 + night * 7919).toString(16).padEnd(40, '0')

function response(metric: MetricName, value: number, { treatment, noise, draw }: { readonly treatment: string; readonly noise: number; readonly draw: Random }): HistoryResponse {
  const mean = value * (1 + noise * draw.normal())
  const half = Math.abs(value) * noise * 1.5
  const { unit, better, shape } = METRICS[metric]
  return {
    treatment, stage: 'main', metric, statistic: shape === 'scalar' ? 'value' : 'p50', unit, better, mean, median: mean, stacks: 2, trials: 4,
    interval: { low: mean - half, high: mean + half, level: 0.95, basis: 'between stand-ups' },
  }
}

/** As much as a real history has in it. */
export function eventfulHistory(): HistoryLine[] {
  return nightly({
    runs: 60, treatments: ['tp=1 rate=4', 'tp=2 rate=4'],
    values: (night, treatment) => ({
      ttft: (treatment.startsWith('tp=1') && night >= 53 ? 138 : 120) * (night === 17 ? 3 : 1),
      tpot: treatment.startsWith('tp=2') ? 9 * 1.004 ** night : 11,
      output_throughput: treatment.startsWith('tp=1') && night >= 20 ? 2300 : 2000,
      e2e: night >= 40 ? 900 : 1400,
      error_rate: 0,
    }),
    environment: (night) => ({ gpu: night >= 40 ? 'H200' : 'H100', harness: 'native 0.1.0', assay: '0.1.0' }),
    subject: (night) => ({ images: night >= 53 ? 'vllm:0.12.1' : night >= 20 ? 'vllm:0.12.0' : 'vllm:0.11.2' }),
  })
}
