// SPDX-License-Identifier: Apache-2.0
/** A small library and an Experiment over it, for tests of plans. */
import { HARNESS, SCENARIO, WORKLOAD } from '../../design/testdata/bases.ts'
import type { Plan, PlanInput, PlanResult } from '../plan.ts'
import { buildPlan } from '../plan.ts'
import type { Library } from '../resolve.ts'

const TOOL = { ...HARNESS, supports: { ...HARNESS.supports, features: ['stages', 'requests', 'duration', 'warmup', 'sampling', 'extraBody', 'eos'] } }
const NARROW_HARNESS = { ...HARNESS, supports: { load: ['concurrent'], data: ['synthetic'], api: ['chat'] } }
export const library: Library = {
  scenarios: new Map([['llama', SCENARIO]]),
  workloads: new Map([['chatbot', WORKLOAD]]),
  harnesses: new Map<string, unknown>([['tool', TOOL], ['narrow', NARROW_HARNESS]]),
}

export const TP = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }
export const RATE = { name: 'rate', path: 'workload.load.poisson.stages[high].rate', levels: [1, 8], unit: 'req/s' }

export const experimentSpec = (over: object = {}, design: object = {}) => ({
  scenarioRef: { name: 'llama' }, workloadRef: { name: 'chatbot' }, harnessRef: { name: 'tool' },
  design: { fullFactorial: { factors: [TP, RATE] }, ...design }, ...over,
})

export function tryPlan(spec: unknown, over: Partial<PlanInput> & { name?: string; run?: number } = {}): PlanResult {
  const { name = 'exp', run = 1, ...rest } = over
  return buildPlan({ experiment: { name, spec, run }, library, ...rest })
}

export function planned(spec: unknown, over: Parameters<typeof tryPlan>[1] = {}): Plan {
  const result = tryPlan(spec, over)
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1))
  return result.plan
}
