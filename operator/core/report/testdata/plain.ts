// SPDX-License-Identifier: Apache-2.0
/** Experiments whose numbers are given rather than measured: quick enough for thousands of them, with effects, drift and noise as planted. */
import type { Design, Factor } from '../../model/design.ts'
import { METRICS, type MetricName } from '../../model/metric.ts'
import type { Findings, StageFindings } from '../../model/findings.ts'
import type { ExperimentInput } from '../results.ts'

export interface Place {
  /** Index of the level of each factor. */
  readonly at: readonly number[]
  readonly levels: Readonly<Record<string, unknown>>
  readonly stack: string
  readonly stackReplicate: number
  /** Place in time, from 0 to 1 over the whole Experiment. */
  readonly time: number
}

export interface Plain {
  readonly factors: readonly Factor[]
  readonly stacks?: number
  readonly runs?: number
  readonly name?: string
  /** Value of each response; distributions get it as all of their statistics. */
  readonly values: (place: Place) => Partial<Record<MetricName, number>>
  /** Order of the setups within a replicate, and of treatments on a stack; as listed where it is not given. */
  readonly shuffle?: <T>(items: readonly T[]) => T[]
  readonly requests?: number
  readonly stages?: readonly string[]
  readonly spec?: Partial<ExperimentInput['experiment']['spec']>
  /** The tool that measures a treatment. */
  readonly tool?: (levels: Readonly<Record<string, unknown>>) => Findings['tool']
  /** Offered load of a treatment, for the axes of figures. */
  readonly offered?: (levels: Readonly<Record<string, unknown>>) => StageFindings['offered']
}

export function plainExperiment(plain: Plain): ExperimentInput {
  const { factors, stacks = 2, runs = 1, name = 'plain', shuffle = (items) => [...items], spec = {} } = plain
  const isSetup = (f: Factor) => f.path?.startsWith('scenario') === true
  const combined = combinations(factors)
  const setupOf = (at: readonly number[]) => at.filter((_, i) => isSetup(factors[i] as Factor)).join('-')
  const order = Array.from({ length: stacks }, (_, r) => r + 1).flatMap((stack) => {
    const setups = Map.groupBy(combined, setupOf)
    return shuffle([...setups.keys()]).flatMap((setup) => Array.from({ length: runs }, (_, r) => r + 1).flatMap((run) =>
      shuffle(setups.get(setup) ?? []).map((at) => ({ at, stack, run, setup }))))
  })
  const trials = order.map(({ at, stack, run, setup }, i) => trialOf(plain, { at, stack, run, setup, time: order.length < 2 ? 0 : i / (order.length - 1), index: i, name }))
  const design: Design = { fullFactorial: { factors: [...factors] }, constants: {}, constraints: [], replicates: { stacks, runs }, order: { randomize: plain.shuffle !== undefined, seed: 1 } }
  return { experiment: { name, namespace: 'bench', spec: { design, ...spec }, status: { phase: 'Succeeded', run: 1, treatments: combined.length } }, trials, failed: [] }
}

function combinations(factors: readonly Factor[]): number[][] {
  return factors.reduce<number[][]>((all, f) => all.flatMap((at) => (f.levels ?? []).map((_, i) => [...at, i])), [[]])
}

interface One { readonly at: readonly number[]; readonly stack: number; readonly run: number; readonly setup: string; readonly time: number; readonly index: number; readonly name: string }

const START = Date.parse('2026-11-23T12:00:00Z')
const MINUTE = 60_000

function trialOf({ factors, values, requests = 1000, stages = ['main'], offered = () => ({}), tool = () => ({ name: 'native', version: '0.1.0' }) }: Plain, { at, stack, run, setup, time, index, name }: One): Findings {
  const treatment = Object.fromEntries(factors.map((f, i) => [f.name, f.levels?.[at[i] as number]]))
  const stackName = `${name}-1-${setup || 'one'}-s${stack}`
  const clock = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()
  return {
    schema: 'assay.dev/findings/v1', trial: { name: `${name}-1-${at.join('x')}-s${stack}-r${run}`, uid: `uid-${index}`, namespace: 'bench', attempt: 1 }, experiment: name,
    treatment, replicate: { stack, run }, stack: stackName, gpus: 1, tool: tool(treatment),
    time: { start: clock(index * 2), end: clock(index * 2 + 1) }, verdict: { result: 'valid', reasons: [] },
    stages: stages.map((stage) => stageOf(values({ at, levels: treatment, stack: stackName, stackReplicate: stack, time }), { stage, requests, offered: offered(treatment) })),
    claims: [], scores: [], server: [], artifacts: [], notes: [],
    provenance: { specDigest: '', seeds: { arrival: 1, content: index }, operatorVersion: '0.1.0', images: [], charts: [], nodes: [], gpus: [] },
  }
}

function stageOf(values: Partial<Record<MetricName, number>>, { stage, requests, offered }: { readonly stage: string; readonly requests: number; readonly offered: StageFindings['offered'] }): StageFindings {
  const entries = Object.entries(values) as [MetricName, number][]
  const weak = requests < 662 ? ['p99', 'p99p9'] : ['p99p9']
  return {
    stage, kind: 'poisson', offered, window: { startEpochMs: START, durationS: 60 },
    requests: { total: requests, ok: requests, failed: 0, cancelled: 0, warmup: 0, drain: 0, errors: {}, firstErrors: [] },
    distributions: Object.fromEntries(entries.filter(([m]) => METRICS[m].shape === 'distribution').map(([metric, v]) => [metric, {
      unit: METRICS[metric].unit, n: requests, mean: v, stddev: 0, min: v, max: v, p0p1: v, p1: v, p5: v, p10: v, p25: v, p50: v, p75: v, p90: v, p95: v, p99: v, p99p9: v, weak,
    }])),
    scalars: Object.fromEntries(entries.filter(([m]) => METRICS[m].shape === 'scalar').map(([metric, value]) => [metric, { unit: METRICS[metric].unit, value, n: requests }])),
  }
}
