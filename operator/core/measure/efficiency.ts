// SPDX-License-Identifier: Apache-2.0
/** Energy and money for tokens and requests of one stage. What is not known stays absent. */
import type { Scalar, StageFindings } from '../model/findings.ts'
import type { MetricName } from '../model/metric.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { scalarOf } from './distribution.ts'

const MILLION = 1e6
const HOUR_S = 3600

type Scalars = Record<string, Scalar>

export function efficiency(stage: StageFindings, { gpus, accelerator: { hourlyCost } }: TrialJob['stack']): Scalars {
  const { window, requests } = stage
  const value = (metric: MetricName) => stage.scalars[metric]?.value
  // Rates are over the same window: their product is the number of tokens.
  const tokens = (rate: number | null | undefined) => (typeof rate === 'number' ? rate * window.durationS : 0)
  const output = tokens(value('output_throughput'))
  const all = tokens(value('total_throughput'))
  return { ...energy(stage.scalars['gpu_energy'], output, all), ...cost({ gpus, hourlyCost, seconds: window.durationS }, { output, all, requests: requests.ok }) }
}

function energy(joules: Scalar | undefined, output: number, all: number): Scalars {
  if (typeof joules?.value !== 'number') return {}
  const per = (metric: MetricName, amount: number, scale: number) =>
    (amount > 0 ? { [metric]: { ...scalarOf(metric, ((joules.value as number) / amount) * scale), ...(joules.source === undefined ? {} : { source: joules.source }) } } : {})
  return { ...per('energy_per_output_token', output, 1), ...per('energy_per_million_tokens', all, MILLION) }
}

interface Price { readonly gpus: number; readonly hourlyCost: TrialJob['stack']['accelerator']['hourlyCost']; readonly seconds: number }

function cost({ gpus, hourlyCost, seconds }: Price, { output, all, requests }: { readonly output: number; readonly all: number; readonly requests: number }): Scalars {
  if (hourlyCost === undefined || !(gpus > 0) || !(seconds > 0)) return {}
  const money = (hourlyCost.amount * gpus * seconds) / HOUR_S
  const source = `${gpus} × ${hourlyCost.amount} ${hourlyCost.currency} an hour`
  const per = (metric: MetricName, amount: number, scale: number) => {
    const scalar = scalarOf(metric, (money / amount) * scale)
    return amount > 0 ? { [metric]: { ...scalar, unit: scalar.unit.replace('¤', hourlyCost.currency), source } } : {}
  }
  return {
    ...per('cost_per_million_output_tokens', output, MILLION), ...per('cost_per_million_tokens', all, MILLION), ...per('cost_per_request', requests, 1),
  }
}
