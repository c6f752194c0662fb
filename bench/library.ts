// SPDX-License-Identifier: Apache-2.0
/** The parts of the shipped library that benchmarks use, and plans of 10,000 trials over them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { PlanInput } from '../operator/core/plan/plan.ts'

export const ROOT = join(import.meta.dirname, '..')
export const TRIALS = 10_000

const FILES = ['scenarios/simulator.yaml', 'workload-profiles/quickstart.yaml', 'harnesses/native/harness.yaml']

export interface LibraryObject { readonly kind: string; readonly metadata: { readonly name: string }; readonly spec: unknown }

export async function libraryObjects(): Promise<LibraryObject[]> {
  return Promise.all(FILES.map(async (file) => parse(await readFile(join(ROOT, file), 'utf8')) as LibraryObject))
}

export function libraryOf(objects: readonly LibraryObject[]): PlanInput['library'] {
  const of = (kind: string) => new Map(objects.filter((o) => o.kind === kind).map((o) => [o.metadata.name, o.spec]))
  return { scenarios: of('Scenario'), workloads: of('WorkloadProfile'), harnesses: of('Harness') }
}

const upTo = (n: number, step = 1) => Array.from({ length: n }, (_, i) => (i + 1) * step)
const decode = (levels: readonly number[]) => ({ name: 'decode', path: 'scenario.deploy.releases[model].values.simulator.decode.baseMs', levels })
const lanes = (levels: readonly number[]) => ({ name: 'replicas', path: 'scenario.serving.replicas', levels })
const rate = (levels: readonly number[]) => ({ name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels, unit: 'req/s' })
const output = (levels: readonly number[]) => ({ name: 'output', path: 'workload.data.synthetic.output.fixed', levels })

/** Designs of 10,000 trials that stress different things. */
export const SHAPES: Readonly<Record<string, object>> = {
  'usual: 5 setups × 40 loads, 5 stacks × 10 runs': { fullFactorial: { factors: [decode(upTo(5)), rate(upTo(40))] }, replicates: { stacks: 5, runs: 10 } },
  'one stack, 100 × 100 loads': { fullFactorial: { factors: [rate(upTo(100)), output(upTo(100))] } },
  '1,000 setups × 10 loads': { fullFactorial: { factors: [decode(upTo(1000, 0.5)), rate(upTo(10))] } },
  '10,000 setups': { fullFactorial: { factors: [decode(upTo(1000, 0.5)), lanes(upTo(10))] } },
  'constraints: 10,000 of 20,000 are left': {
    fullFactorial: { factors: [rate(upTo(1000)), output(upTo(20))] }, constraints: ['output <= 10'],
  },
}
export const USUAL = SHAPES[Object.keys(SHAPES)[0] ?? ''] ?? {}

export function experimentSpec(design: object, over: object = {}): Record<string, unknown> {
  return { scenarioRef: { name: 'simulator' }, workloadRef: { name: 'quickstart' }, harnessRef: { name: 'native' }, design, ...over }
}
