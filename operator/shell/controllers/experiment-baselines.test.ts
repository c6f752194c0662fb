// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest'
import type { Findings } from '../../core/model/findings.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { analyze } from '../../core/report/analyze.ts'
import { baselineConfigMap } from '../../core/report/baseline.ts'
import { PRIMARY } from '../../core/report/primary.ts'
import { plainExperiment } from '../../core/report/testdata/plain.ts'
import { toBaselineJson } from '../../core/report/to-json.ts'
import { readInput } from '../cli/run-input.ts'
import { checkBaselines, readBaselines } from './experiment-baselines.ts'
import { evaluateGateOf } from './experiment-gate.ts'
import { planOf, type Snapshot } from './experiment-snapshot.ts'
import type { World } from './world.ts'

const RATE = { name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [4, 12] }
const TP = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }
const QUICKSTART = new URL('../../../experiments/quickstart.yaml', import.meta.url).pathname

let snapshot: Snapshot
beforeAll(async () => {
  const { experiments: [experiment], library } = await readInput({ files: [QUICKSTART], library: [] })
  const { spec } = experiment as { spec: Experiment['spec'] }
  const only = (shelf: ReadonlyMap<string, unknown>, name: string | undefined) => ({ [name ?? '']: shelf.get(name ?? '') })
  const design = { ...spec.design, fullFactorial: { factors: [TP, RATE] }, replicates: { stacks: 3, runs: 1 } } as Experiment['spec']['design']
  snapshot = {
    spec: { ...spec, design }, run: 1, blocks: [],
    library: { scenarios: only(library.scenarios, spec.scenarioRef?.name), workloads: only(library.workloads, spec.workloadRef?.name), harnesses: only(library.harnesses, spec.harnessRef?.name) },
  }
})

const gate = (...exprs: string[]) => ({ onInsufficient: 'Fail' as const, rules: exprs.map((expr, i) => ({ name: `r${i}`, expr })) })

function experiment(name: string, more: { rules?: string[]; done?: boolean } = {}): Experiment {
  return {
    apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name, namespace: 'bench', uid: name },
    spec: { ...snapshot.spec, ...(more.rules !== undefined && { gate: gate(...more.rules) }) },
    status: { run: 1, phase: more.done === false ? 'Running' : 'Succeeded', snapshot: { name: `${name}-snapshot`, digest: 'd' }, conditions: more.done === false ? [] : [{ type: 'Complete', status: 'True', reason: 'Complete', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
  } as unknown as Experiment
}

function planned(name: string) {
  const result = planOf(experiment(name), snapshot)
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join())
  return result.plan
}

/** Findings of each planned trial, as its ConfigMap would hold them. */
function maps(name: string, slower: number): [string, object][] {
  const plan = planned(name)
  const measured = plainExperiment({ factors: [TP, RATE], stacks: 3, name, values: ({ at: [tp = 0], stackReplicate }) => ({ tpot: (10 - tp + 0.01 * stackReplicate) * slower }) })
  const find = (index: number): Findings => {
    const trial = plan.trials[index] as (typeof plan.trials)[number]
    const levels = plan.treatments[trial.treatment]?.levels ?? {}
    const found = measured.trials.find((t) => t.replicate.stack === trial.stackReplicate && t.treatment['tp'] === levels['tp'] && t.treatment['rate'] === levels['rate'])
    return { ...(found as Findings), trial: { ...(found as Findings).trial, name: trial.name } }
  }
  return [[`${name}-snapshot`, { data: { 'snapshot.json': JSON.stringify(snapshot) } }], ...plan.trials.map((t, i): [string, object] => [t.name, { data: { 'findings.json': JSON.stringify(find(i)) } }])]
}

function world(experiments: readonly Experiment[], configMaps: readonly [string, object][] = []): World {
  const byName = new Map(configMaps)
  return {
    experiments: { store: { get: (key: string) => experiments.find((e) => `bench/${e.metadata.name}` === key), list: () => experiments } },
    api: { find: async (_: unknown, { name }: { name: string }) => (byName.has(name) ? { metadata: { name }, ...byName.get(name) } : undefined) },
  } as unknown as World
}

const RULE = 'regression(p50(tpot), baseline=nightly) <= 5%'
const exported = (): [string, object] => {
  const results = analyze(plainExperiment({ factors: [TP, RATE], stacks: 3, name: 'old', values: ({ at: [tp = 0], stackReplicate }) => ({ tpot: 10 - tp + 0.01 * stackReplicate }) }))
  return ['nightly', baselineConfigMap('nightly', toBaselineJson(results, PRIMARY))]
}

describe('baselines of a gate', () => {
  it.each<[string, () => World, string | undefined]>([
    ['another Experiment', () => world([experiment('nightly'), experiment('mine')]), undefined],
    ['one that is still measured', () => world([experiment('nightly', { done: false })]), undefined],
    ['an exported one', () => world([], [exported()]), undefined],
    ['nobody has it', () => world([experiment('nighty')]), 'spec.gate.rules: there is no baseline nightly (expected an Experiment of the namespace, such as nighty, or a ConfigMap with results.json, as `assay export baseline` writes it)'],
    ['a ConfigMap of something else', () => world([], [['nightly', { data: { x: 'y' } }]]), 'there is no baseline nightly'],
    ['a ConfigMap that is damaged', () => world([], [['nightly', { data: { 'results.json': '{}' } }]]), 'the baseline nightly cannot be read: schema: Invalid input'],
  ])('%s', async (...[, of, message]) => {
    const problems = (await checkBaselines(of(), experiment('mine', { rules: [RULE] }))).map(formatProblem).join()
    if (message === undefined) expect(problems).toBe('')
    else expect(problems).toContain(message)
  })

  it('is never the Experiment itself', async () => {
    expect((await checkBaselines(world([experiment('nightly')]), experiment('nightly', { rules: [RULE] }))).map((p) => p.message)).toEqual(['the gate compares nightly with itself'])
  })

  it('of an Experiment that has not ended is none yet', async () => {
    const { found, missing } = await readBaselines(world([experiment('nightly', { done: false })]), experiment('mine', { rules: [RULE] }))
    expect([found.size, missing.get('nightly')]).toEqual([0, 'Experiment nightly has not been measured to its end (Running)'])
  })
})

describe('the gate', () => {
  it.each<[string, number, () => [readonly Experiment[], [string, object][]], string, string]>([
    ['another Experiment that was as quick', 1, () => [[experiment('nightly')], maps('nightly', 1)], 'passed', 'worse by 0.0 %'],
    ['another Experiment that was quicker', 1.2, () => [[experiment('nightly')], maps('nightly', 1)], 'failed', '(4 of 4 treatments)'],
    ['an exported baseline', 1.2, () => [[], [exported()]], 'failed', 'worse by 20 %'],
    ['a baseline that has not ended', 1, () => [[experiment('nightly', { done: false })], []], 'insufficient', 'no baseline nightly: Experiment nightly has not been measured to its end'],
    ['a baseline that left nothing', 1, () => [[experiment('nightly')], [['nightly-snapshot', { data: { 'snapshot.json': JSON.stringify(snapshot) } }]]], 'insufficient', 'its trials left no results'],
    ['a baseline whose plan is gone', 1, () => [[experiment('nightly')], []], 'insufficient', 'what it was planned from is gone'],
  ])('against %s', async (...[, slower, others, result, message]) => {
    const [experiments, configMaps] = others()
    const mine = experiment('mine', { rules: [RULE] })
    const status = await evaluateGateOf(world([...experiments, mine], [...configMaps, ...maps('mine', slower)]), mine, planned('mine'))
    expect(status).toMatchObject({ result, rules: [{ name: 'r0', result, message: expect.stringContaining(message) }] })
  })
})
