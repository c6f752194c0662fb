// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SCENARIO, WORKLOAD } from '../design/testdata/bases.ts'
import { formatProblem } from '../model/problem.ts'
import { StackSpec } from '../model/stack.ts'
import { TrialSpec } from '../model/trial.ts'
import { buildPlan, stackSpecOf, trialSpecOf } from './plan.ts'
import { reportPlan } from './plan-report.ts'
import { experimentSpec, library, planned, RATE, TP, tryPlan } from './testdata/example.ts'

describe('buildPlan', () => {
  const plan = planned(experimentSpec({ execution: { retries: 2, trialTimeout: '5m', caches: 'Reset' }, slo: { ttft: '500ms' } }, { replicates: { stacks: 2, runs: 2 }, order: { seed: 7 } }))

  it('shares a stack between treatments of one setup, and stands it up once a replicate', () => {
    expect(plan.treatments.map((t) => [t.label, t.levels, t.block, t.gpus])).toEqual([
      ['tp=1 rate=1', { tp: 1, rate: 1 }, 0, 1], ['tp=1 rate=8', { tp: 1, rate: 8 }, 0, 1], ['tp=2 rate=1', { tp: 2, rate: 1 }, 0, 1], ['tp=2 rate=8', { tp: 2, rate: 8 }, 0, 1],
    ])
    expect(plan.stacks).toHaveLength(4)
    expect(plan.trials).toHaveLength(16)
    for (const stack of plan.stacks) {
      expect(stack.name).toBe(`exp-1-${stack.setupHash}-s${stack.replicate}`)
      expect(stack.trials).toHaveLength(4)
      for (const t of stack.trials) expect(plan.treatments[plan.trials[t]?.treatment ?? -1]?.setupHash).toBe(stack.setupHash)
    }
  })

  it('gives trials legal and unique names, positions in order, and seeds by replicate', () => {
    expect(new Set(plan.trials.map((t) => t.name)).size).toBe(16)
    expect(plan.trials.map((t) => t.position)).toEqual(plan.trials.map((_, i) => i))
    const arrivals = new Map(plan.trials.map((t) => [`${t.stackReplicate}/${t.runReplicate}`, new Set<number>()]))
    for (const t of plan.trials) arrivals.get(`${t.stackReplicate}/${t.runReplicate}`)?.add(t.seeds.arrival)
    expect([...arrivals.values()].map((s) => s.size)).toEqual([1, 1, 1, 1])
    expect(new Set(plan.trials.map((t) => t.seeds.content)).size).toBe(16)
  })

  it('writes whole specifications that mean the same by themselves', () => {
    const spec = trialSpecOf(plan, 5)
    const trial = plan.trials[5]
    const treatment = plan.treatments[trial?.treatment ?? -1]
    expect(TrialSpec.parse(spec)).toEqual(spec)
    expect(spec).toMatchObject({
      stackRef: { name: plan.stacks[trial?.stack ?? -1]?.name }, harnessName: 'tool', treatment: treatment?.levels, position: 5, block: 0, seeds: trial?.seeds, caches: 'Reset', slo: { ttft: '500ms' },
      retries: 2, timeout: '5m', replicate: { stack: trial?.stackReplicate, run: trial?.runReplicate },
      workload: { load: { poisson: { stages: [{ name: 'low', rate: 2 }, { name: 'high', rate: treatment?.levels['rate'] }] } } },
    })
    const stack = stackSpecOf(plan, 1)
    expect(StackSpec.parse(stack)).toEqual(stack)
    expect(stack).toMatchObject({ treatment: { tp: stack.scenario?.serving.parallelism.tensor }, replicate: plan.stacks[1]?.replicate, serviceAccountName: 'assay-runner' })
    expect(() => stackSpecOf(plan, 99)).toThrow('there is no stack 99')
    expect(() => trialSpecOf(plan, 99)).toThrow('there is no trial 99')
  })

  it('is the same whenever it is made, and another with another seed or level', () => {
    const digest = (over: object) => planned(experimentSpec({}, over)).digest
    expect(digest({})).toBe(digest({}))
    expect(new Set([digest({}), digest({ order: { seed: 2 } }), digest({ fullFactorial: { factors: [TP] } })]).size).toBe(3)
  })

  it('gives the same identities whatever factors are called and however the design is written', () => {
    const byFactors = planned(experimentSpec({}, { fullFactorial: { factors: [{ ...RATE, name: 'r' }, { ...TP, name: 'x', labels: ['a', 'b'] }] } }))
    const written = planned(experimentSpec({}, { fullFactorial: undefined, treatments: [1, 2].flatMap((tp) => [1, 8].map((rate) => ({ name: `t${tp}-${rate}`, set: { [TP.path]: tp, [RATE.path]: rate } }))) }))
    const inline = planned(experimentSpec({ scenarioRef: undefined, scenario: SCENARIO }))
    const hashes = (p: typeof plan) => p.treatments.map((t) => t.hash).sort()
    expect(hashes(byFactors)).toEqual(hashes(plan))
    expect(hashes(written)).toEqual(hashes(plan))
    expect(hashes(inline)).toEqual(hashes(plan))
    expect(written.treatments.map((t) => t.label)).toEqual(['t1-1', 't1-8', 't2-1', 't2-8'])
  })

  it('collapses combinations that come to the same', () => {
    const twice = planned(experimentSpec({}, { fullFactorial: { factors: [TP, { ...RATE, levels: [8, 4, 8] }] } }))
    expect(twice.treatments).toHaveLength(4)
    expect(twice.design.collapsed).toBe(2)
    expect(twice.warnings).toContainEqual(expect.stringContaining('2 combinations are the same as another'))
    const base = planned(experimentSpec({}, { fullFactorial: undefined, treatments: [{ name: 'base', set: {} }, { name: 'same', set: { [RATE.path]: 8 } }] }))
    expect(base.treatments.map((t) => t.label)).toEqual(['base'])
  })

  it('plans nothing varied as one treatment', () => {
    const one = planned(experimentSpec({}, { fullFactorial: undefined, treatments: [{ name: 'only', set: {} }] }))
    expect(one.trials.map((t) => t.name)).toEqual([`exp-1-${one.treatments[0]?.hash}-s1-r1`])
  })

  it('takes constants by name into constraints and by path into every treatment', () => {
    const constrained = planned(experimentSpec({}, { constants: { gpus: 3, 'scenario.serving.replicas': 2 }, constraints: ['tp * 2 <= gpus'] }))
    expect(constrained.treatments.map((t) => t.levels)).toEqual([{ tp: 1, rate: 1 }, { tp: 1, rate: 8 }])
    expect(constrained.design.excluded).toBe(2)
    expect(constrained.treatments[0]?.gpus).toBe(2)
    expect(stackSpecOf(constrained, 0).scenario?.serving.replicas).toBe(2)
  })

  it.each([
    ['no such reference', experimentSpec({ harnessRef: { name: 'tol' } }), { reason: 'MissingReference', path: 'spec.harnessRef.name', nearest: 'tool', expected: 'one of tool, narrow' }],
    ['nothing called', experimentSpec({ scenarioRef: undefined }), { reason: 'InvalidValue', message: expect.stringContaining('scenario, scenarioRef') as string }],
    ['a stray member', experimentSpec({ harnes: {} }), { reason: 'UnknownField', nearest: 'harness' }],
    ['a wrong inline part', experimentSpec({ workloadRef: undefined, workload: { ...WORKLOAD, lod: 1 } }), { reason: 'UnknownField', path: 'spec.workload.lod', nearest: 'load' }],
    ['keys that a harness would ignore', experimentSpec({ workloadRef: undefined, workload: { ...WORKLOAD, overrides: { tool: { fast: true } } } }), { reason: 'NotExpressible', path: 'workload.overrides.tool' }],
    ['keys of a harness that nobody has', experimentSpec({ workloadRef: undefined, workload: { ...WORKLOAD, overrides: { guidelm: { args: [] } } } }), { reason: 'UnknownField', path: 'workload.overrides.guidelm', nearest: 'guidellm' }],
    ['a load that the harness cannot express', experimentSpec({}, { fullFactorial: { factors: [TP, { name: 'load', path: 'workload.load', levels: [{ synchronous: { requests: 5 } }] }] } }), { reason: 'NotExpressible', path: 'workload.load.synchronous', found: 'synchronous', expected: 'one of constant, poisson, concurrent', message: expect.stringContaining('no harness of the library can') as string }],
    ['levels that do not go together', experimentSpec({}, { fullFactorial: { factors: [TP, { name: 'x', path: 'workload.load.poisson.stages[low].requests', levels: [5] }] } }), { reason: 'InvalidValue', message: expect.stringContaining('treatment tp=1 x=5') as string }],
    ['a stray member within a level', experimentSpec({}, { fullFactorial: { factors: [{ name: 'load', path: 'workload.load', levels: [{ concurrent: { stages: [{ name: 'a', concurrency: 1, duration: '1m', rte: 2 }] } }] }] } }), { reason: 'UnknownField', path: 'workload.load.concurrent.stages[a].rte' }],
    ['a gate that is no rule', experimentSpec({ gate: { rules: [{ name: 'a', expr: 'p99(ttft) = fast' }] } }), { path: 'spec.gate.rules[a].expr' }],
    ['a gate over a stage that there is not', experimentSpec({ gate: { rules: [{ name: 'a', expr: 'p99(ttft, stage=hihg) <= 500ms' }] } }), { path: 'spec.gate.rules[a].expr', message: 'the workload has no stage "hihg"; did you mean "high"?' }],
    ['a broken template', experimentSpec({}, { fullFactorial: { factors: [TP, { name: 'v', path: 'scenario.deploy.releases[model].values.image', levels: ['{{modle.name}}'] }] } }), { reason: 'BadTemplate', nearest: 'model.name', object: 'Scenario/llama' }],
    ['a local chart', experimentSpec({}, { fullFactorial: { factors: [{ name: 'v', path: 'scenario.deploy.releases[model].chart', levels: [{ path: './chart' }] }] } }), { reason: 'NotInCluster', path: 'spec.deploy.releases[model].chart.path' }],
    ['a name that is too long', { spec: experimentSpec(), name: 'a-name-of-an-experiment-that-is-too-long' }, { reason: 'NameTooLong', path: 'metadata.name', expected: 'at most 53 characters' }],
    ['a name that is no name', { spec: experimentSpec(), name: 'My.Exp' }, { reason: 'InvalidName' }],
  ])('refuses %s', (_, given, expected) => {
    const result = 'spec' in given ? tryPlan(given.spec, { name: given.name }) : tryPlan(given)
    expect(result.ok ? [] : result.problems).toContainEqual(expect.objectContaining(expected))
  })

  it('names a harness that could', () => {
    const result = tryPlan(experimentSpec({ harnessRef: { name: 'narrow' } }))
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
      'workload.api.kind: harness narrow cannot load the API completions; tool of the library can (found completions, expected one of chat); did you mean harnessRef: { name: tool }?',
      'workload.load.poisson: harness narrow cannot produce the load poisson; tool of the library can (found poisson, expected one of concurrent); did you mean harnessRef: { name: tool }?',
      'workload.load.warmup: harness narrow cannot express warmup (a time before the first stage that is not measured); tool of the library can (found warmup, expected that it is left out, or another harness); did you mean harnessRef: { name: tool }?',
    ])
  })

  it('gives a harness that sends nothing any workload', () => {
    const nop = { version: '1', supports: { load: [], data: [] }, results: { adapter: 'nop' } }
    const result = buildPlan({ experiment: { name: 'x', run: 1, spec: experimentSpec({ harnessRef: { name: 'nop' } }) }, library: { ...library, harnesses: new Map([['nop', nop]]) } })
    expect(result.ok).toBe(true)
  })

  it('lets the command line use local charts', () => {
    const spec = experimentSpec({}, { fullFactorial: { factors: [{ name: 'v', path: 'scenario.deploy.releases[model].chart', levels: [{ path: './chart' }] }] } })
    expect(tryPlan(spec, { allowPaths: true }).ok).toBe(true)
  })

  it('reports itself as plain data', () => {
    const report = reportPlan(plan)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    expect(report).toMatchObject({ experiment: 'exp', gpus: { perStack: 1, atOnce: 1 }, uses: { scenario: 'llama', workload: 'chatbot', harness: 'tool' }, factors: [{ name: 'tp', role: 'setup', levels: [1, 2] }, { name: 'rate', role: 'run', unit: 'req/s' }] })
    expect(report.stacks[0]?.trials.toSorted()).toEqual(['rate=1 r1', 'rate=1 r2', 'rate=8 r1', 'rate=8 r2'])
  })
})

describe('any design', () => {
  const design = fc.record({
    tp: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }), rate: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 }),
    stacks: fc.integer({ min: 1, max: 3 }), runs: fc.integer({ min: 1, max: 3 }), seed: fc.nat(), randomize: fc.boolean(),
  })

  it('becomes as many trials as its product, each on a stack of its setup, with legal names', () => {
    fc.assert(fc.property(design, ({ tp, rate, stacks, runs, seed, randomize }) => {
      const plan = planned(experimentSpec({}, { fullFactorial: { factors: [{ ...TP, levels: tp }, { ...RATE, levels: rate }] }, replicates: { stacks, runs }, order: { seed, randomize } }))
      expect(plan.treatments).toHaveLength(tp.length * rate.length)
      expect(plan.trials).toHaveLength(tp.length * rate.length * stacks * runs)
      expect(plan.stacks).toHaveLength(tp.length * stacks)
      expect(plan.stacks.flatMap((s) => s.trials).sort((a, b) => a - b)).toEqual(plan.trials.map((t) => t.index))
      for (const { name } of [...plan.stacks, ...plan.trials]) expect(name).toMatch(/^[a-z][a-z0-9-]{0,55}[a-z0-9]$/)
      expect(new Set([...plan.stacks, ...plan.trials].map((o) => o.name)).size).toBe(plan.stacks.length + plan.trials.length)
    }), { numRuns: 40 })
  })

  it('of ten thousand trials keeps small facts and no specifications', () => {
    const levels = Array.from({ length: 100 }, (_, i) => i + 1)
    const plan = planned(experimentSpec({}, { fullFactorial: { factors: [{ name: 'a', path: RATE.path, levels }, { name: 'b', path: 'workload.data.synthetic.output.fixed', levels }] } }))
    expect(plan.trials).toHaveLength(10_000)
    expect(plan.stacks).toHaveLength(1)
    const kept = JSON.stringify({ treatments: plan.treatments, trials: plan.trials, stacks: plan.stacks }).length
    expect(kept / 10_000).toBeLessThan(500)
    expect(trialSpecOf(plan, 9_999).workload.load.poisson?.stages[1]?.rate).toBe(plan.treatments[plan.trials[9_999]?.treatment ?? 0]?.levels['a'])
  }, 120_000)
})
