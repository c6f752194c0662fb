// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { StageFindings } from '../model/findings.ts'
import type { TokenPrice } from '../model/scenario-metrics.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { efficiency } from './efficiency.ts'

const stage = (scalars: Record<string, number | null>, requests = 90, counted = requests) => ({
  window: { startEpochMs: 0, durationS: 60 }, requests: { ok: requests },
  distributions: { input_length: { n: requests }, output_length: { n: counted } },
  scalars: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, { unit: '', value, ...(name === 'gpu_energy' ? { source: 'DCGM energy counter' } : {}) }])),
}) as unknown as StageFindings
const stack = (gpus: number, amount?: number, currency = 'USD') => ({ endpoint: {}, stack: { gpus, accelerator: amount === undefined ? {} : { hourlyCost: { amount, currency } } } }) as unknown as TrialJob
const hosted = (price: Partial<TokenPrice>) => ({ endpoint: { price: { input: 0, output: 0, request: 0, currency: 'USD', ...price } }, stack: { gpus: 0, accelerator: {} } }) as unknown as TrialJob
// 60 s: 6000 output tokens of 30,000 in all
const rates = { output_throughput: 100, total_throughput: 500 }

describe('energy', () => {
  it('is for tokens of each kind, and says where it is from', () => {
    expect(efficiency(stage({ ...rates, gpu_energy: 42_000 }), stack(1))).toEqual({
      energy_per_output_token: { unit: 'J/token', value: 7, source: 'DCGM energy counter' },
      energy_per_million_tokens: { unit: 'J/Mtok', value: 1.4e6, source: 'DCGM energy counter' },
    })
  })

  it('of no tokens, or unknown, is absent', () => {
    expect(efficiency(stage(rates), stack(1))).toEqual({})
    expect(efficiency(stage({ output_throughput: 0, total_throughput: null, gpu_energy: 42_000 }), stack(1))).toEqual({})
  })
})

describe('cost', () => {
  it('is the price of the stack\'s accelerators over the window, in its currency', () => {
    // 4 × 3 EUR an hour for a minute: 0.2 EUR
    expect(efficiency(stage(rates), stack(4, 3, 'EUR'))).toEqual({
      cost_per_million_output_tokens: { unit: 'EUR/Mtok', value: 33.3333333, source: '4 × 3 EUR an hour' },
      cost_per_million_tokens: { unit: 'EUR/Mtok', value: 6.66666667, source: '4 × 3 EUR an hour' },
      cost_per_request: { unit: 'EUR/req', value: 0.00222222222, source: '4 × 3 EUR an hour' },
    })
  })

  it.each([['without a price', stack(4)], ['without accelerators', stack(0, 3)]])('%s is absent', (_, own) => expect(efficiency(stage(rates), own)).toEqual({}))
  it('for nothing served is absent', () => expect(efficiency(stage({ output_throughput: 0, total_throughput: 0 }, 0), stack(1, 3))).toEqual({}))

  it('of a hosted endpoint is the price of its tokens', () => {
    // 60 s: 24,000 input tokens at 3 and 6,000 output tokens at 15 a million, 90 requests at 0.001: 0.072 + 0.09 + 0.09
    const source = '3 EUR per million input tokens, 15 per million output tokens, 0.001 a request'
    expect(efficiency(stage({ ...rates, input_throughput: 400 }), hosted({ input: 3, output: 15, request: 0.001, currency: 'EUR' }))).toEqual({
      cost_per_million_output_tokens: { unit: 'EUR/Mtok', value: 42, source }, cost_per_million_tokens: { unit: 'EUR/Mtok', value: 8.4, source }, cost_per_request: { unit: 'EUR/req', value: 0.0028, source },
    })
  })

  it('of tokens that were not all counted is absent', () => expect(efficiency(stage({ ...rates, input_throughput: 400 }, 90, 89), hosted({ input: 3, output: 15 }))).toEqual({}))
})
