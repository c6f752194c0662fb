// SPDX-License-Identifier: Apache-2.0
/** Energy and money for tokens and requests of one stage. What is not known stays absent. */
import type { Scalar, StageFindings } from '../model/findings.ts'
import type { MetricName } from '../model/metric.ts'
import type { TokenPrice } from '../model/scenario-metrics.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { scalarOf } from './distribution.ts'

const MILLION = 1e6
const HOUR_S = 3600

type Scalars = Record<string, Scalar>
/** What a trial's job says of accelerators and prices. */
interface Priced { readonly stack: Pick<TrialJob['stack'], 'gpus' | 'accelerator'>; readonly endpoint: Pick<TrialJob['endpoint'], 'price'> }

export function efficiency(stage: StageFindings, { stack, endpoint: { price } }: Priced): Scalars {
  const { gpus, accelerator: { hourlyCost } } = stack
  const { window, requests } = stage
  const value = (metric: MetricName) => stage.scalars[metric]?.value
  // Rates are over the same window: their product is the number of tokens.
  const tokens = (rate: number | null | undefined) => (typeof rate === 'number' ? rate * window.durationS : 0)
  const output = tokens(value('output_throughput'))
  const all = tokens(value('total_throughput'))
  // A request whose tokens nobody counted would be free.
  const counted = ['input_length', 'output_length'].every((metric) => (stage.distributions[metric]?.n ?? 0) >= requests.ok)
  const byTokens = price === undefined || !counted ? undefined : charged(price, { input: tokens(value('input_throughput')), output, requests: requests.ok })
  const money = price === undefined ? hourly({ gpus, hourlyCost, seconds: window.durationS }) : byTokens
  return { ...energy(stage.scalars['gpu_energy'], output, all), ...cost(money, { output, all, requests: requests.ok }) }
}

function energy(joules: Scalar | undefined, output: number, all: number): Scalars {
  if (typeof joules?.value !== 'number') return {}
  const per = (metric: MetricName, amount: number, scale: number) =>
    (amount > 0 ? { [metric]: { ...scalarOf(metric, ((joules.value as number) / amount) * scale), ...(joules.source === undefined ? {} : { source: joules.source }) } } : {})
  return { ...per('energy_per_output_token', output, 1), ...per('energy_per_million_tokens', all, MILLION) }
}

interface Money { readonly amount: number; readonly currency: string; readonly source: string }
interface Hours { readonly gpus: number; readonly hourlyCost: TrialJob['stack']['accelerator']['hourlyCost']; readonly seconds: number }

/** What the accelerators cost for as long as they were used. */
function hourly({ gpus, hourlyCost, seconds }: Hours): Money | undefined {
  if (hourlyCost === undefined || !(gpus > 0) || !(seconds > 0)) return undefined
  const { amount, currency } = hourlyCost
  return { amount: (amount * gpus * seconds) / HOUR_S, currency, source: `${gpus} × ${amount} ${currency} an hour` }
}

/** What a hosted endpoint charges for the tokens of successful requests. */
function charged({ input, output, request, currency }: TokenPrice, used: { readonly input: number; readonly output: number; readonly requests: number }): Money {
  const each = request > 0 ? `, ${request} a request` : ''
  return {
    amount: (input * used.input + output * used.output) / MILLION + request * used.requests, currency, source: `${input} ${currency} per million input tokens, ${output} per million output tokens${each}`,
  }
}

function cost(money: Money | undefined, { output, all, requests }: { readonly output: number; readonly all: number; readonly requests: number }): Scalars {
  if (money === undefined) return {}
  const per = (metric: MetricName, amount: number, scale: number) => {
    const scalar = scalarOf(metric, (money.amount / amount) * scale)
    return amount > 0 ? { [metric]: { ...scalar, unit: scalar.unit.replace('¤', money.currency), source: money.source } } : {}
  }
  return {
    ...per('cost_per_million_output_tokens', output, MILLION), ...per('cost_per_million_tokens', all, MILLION), ...per('cost_per_request', requests, 1),
  }
}
