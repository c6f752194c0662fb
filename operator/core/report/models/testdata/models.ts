// SPDX-License-Identifier: Apache-2.0
/** Experiments over models whose laws are planted: times grow with size to a known power, a quantised form is quicker by a known share. */
import type { Findings, Served } from '../../../model/findings.ts'
import type { MetricName } from '../../../model/metric.ts'
import type { Score } from '../../../model/record.ts'
import { random } from '../../../stats/testdata/random.ts'
import type { ExperimentInput } from '../../results.ts'
import { type Plain, plainExperiment } from '../../testdata/plain.ts'

export interface Sample {
  readonly name: string
  readonly billions: number
  /** Not declared: to be read from the name. */
  readonly undeclared?: boolean
  readonly quantization?: string
  readonly dtype?: string
  readonly engine?: string
  readonly accelerator?: string
  readonly gpus?: number
  readonly scores?: readonly Score[]
}
export interface Planted {
  readonly models?: readonly Sample[]
  readonly loads?: readonly number[]
  readonly open?: boolean
  readonly stacks?: number
  readonly requests?: number
  readonly seed?: number
  /** Relative deviation of stand-ups. */
  readonly sd?: number
  readonly spec?: Plain['spec']
  readonly name?: string
  readonly more?: (model: Sample, load: number) => Partial<Record<MetricName, number>>
}

/** TTFT = 20 ms × billions^0.8, gaps = 4 ms × billions^0.9, a tenth more for each doubling of the load; quantised: 0.7 of both. */
export const EXPONENTS = { ttft: 0.8, itl: 0.9 } as const
export const FOUR: readonly Sample[] = [
  { name: 'org/sim-1B', billions: 1 }, { name: 'org/sim-3B', billions: 3 }, { name: 'org/sim-8B', billions: 8 }, { name: 'org/sim-8B-FP8', billions: 8, quantization: 'fp8' },
]

export function modelExperiment(planted: Planted = {}): ExperimentInput {
  const { models = FOUR, loads = [4], open = false, stacks = 4, requests = 1000, seed = 1, sd = 0.01, spec = {}, name = 'models', more = () => ({}) } = planted
  const r = random(seed)
  const of = (index: number) => models[index] as Sample
  const path = open ? 'workload.load.poisson.stages[main].rate' : 'workload.load.concurrent.stages[main].concurrency'
  const input = plainExperiment({
    name, stacks, requests, spec,
    factors: [{ name: 'model', path: 'scenario.model.name', levels: models.map((_, i) => `m${i}`) }, { name: open ? 'rate' : 'users', path, levels: [...loads] }],
    offered: (levels) => (open ? { rate: Number(levels['rate']) } : { concurrency: Number(levels['users']) }),
    values: ({ at: [m = 0, l = 0] }) => {
      const { billions, quantization } = of(m)
      const noise = () => Math.exp(sd * r.normal())
      const factor = (quantization === undefined ? 1 : 0.7) * 1.1 ** Math.log2(loads[l] as number)
      const [ttft, itl] = [20 * billions ** EXPONENTS.ttft * factor * noise(), 4 * billions ** EXPONENTS.itl * factor * noise()]
      const e2e = ttft + 99 * itl
      const output = (1e5 * (loads[l] as number)) / e2e
      return {
        ttft, itl, tpot: itl, e2e, tokens_per_second_per_user: 1000 / itl, output_throughput: output, request_throughput: output / 100, output_length: 100, input_length: 512,
        error_rate: 0, ...more(of(m), loads[l] as number),
      }
    },
  })
  return { ...input, trials: input.trials.map((t) => served(t, models)) }
}

function served(findings: Findings, models: readonly Sample[]): Findings {
  const index = Number(String(findings.treatment['model']).slice(1))
  const { name, billions, undeclared = false, quantization, dtype, engine = 'simulator', accelerator, gpus = 1, scores = [] } = models[index] as Sample
  const model: Served['model'] = { name, ...(undeclared ? {} : { parameters: billions * 1e9 }), ...(quantization !== undefined && { quantization }), ...(dtype !== undefined && { dtype }) }
  return { ...findings, gpus, scores: [...scores], served: { model, engine, replicas: 1, ...(accelerator !== undefined && { accelerator }) }, stages: findings.stages.map(spreadOut) }
}

/** Distributions with some width, as real ones have. */
function spreadOut(stage: Findings['stages'][number]): Findings['stages'][number] {
  return {
    ...stage,
    distributions: Object.fromEntries(Object.entries(stage.distributions).map(([metric, d]) => {
      const v = d.mean ?? 0
      return [metric, metric.endsWith('length') ? d : { ...d, stddev: 0.3 * v, min: 0.6 * v, p50: 0.9 * v, p95: 1.6 * v, p99: 2 * v, p99p9: 2.4 * v, max: 3 * v }]
    })),
  }
}
