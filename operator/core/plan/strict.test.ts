// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { HARNESS, SCENARIO, WORKLOAD } from '../design/testdata/bases.ts'
import { HarnessSpec } from '../model/harness.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { parseStrict } from './strict.ts'

const problemsOf = (schema: typeof ScenarioSpec | typeof WorkloadProfileSpec | typeof HarnessSpec, value: unknown) => {
  const parsed = parseStrict(schema as typeof ScenarioSpec, value, { at: 'spec', object: 'Kind/x' })
  return parsed.ok ? [] : parsed.problems
}

describe('parseStrict', () => {
  it('fills defaults in and takes any key of an open map', () => {
    const parsed = parseStrict(ScenarioSpec, { ...SCENARIO, serving: { args: { whatever: { deep: 1 } } } }, { at: 'spec' })
    expect(parsed.ok && parsed.value.serving).toMatchObject({ engine: 'vllm', args: { whatever: { deep: 1 } } })
  })

  it.each([
    ['a stray member', { ...SCENARIO, servng: {} }, { reason: 'UnknownField', path: 'spec.servng', found: 'servng', nearest: 'serving' }],
    ['one that belongs deeper', { ...SCENARIO, serving: { tensor: 2 } }, { reason: 'UnknownField', path: 'spec.serving.tensor', nearest: 'parallelism.tensor' }],
    ['one within a list, by name', { ...SCENARIO, deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' }, valuse: {} }] } }, { path: 'spec.deploy.releases[model].valuse', nearest: 'values' }],
    ['one within a list without names', { ...SCENARIO, tolerations: [{ kee: 'x' }] }, { path: 'spec.tolerations[0].kee', nearest: 'key' }],
    ['a wrong type', { ...SCENARIO, serving: { replicas: 'two' } }, { reason: 'WrongType', path: 'spec.serving.replicas', found: 'text "two"', expected: 'a whole number from 1 to 10000' }],
    ['a fraction', { ...SCENARIO, serving: { replicas: 1.5 } }, { reason: 'WrongType', found: 'number 1.5', expected: 'a whole number from 1 to 10000' }],
    ['a missing member', { ...SCENARIO, model: {} }, { reason: 'WrongType', path: 'spec.model.name', message: 'this is missing', found: 'nothing', expected: 'text' }],
    ['a number out of range', { ...SCENARIO, endpoint: { service: 'x', port: 70_000 } }, { reason: 'InvalidValue', message: 'too large: at most 65535', found: 'number 70000' }],
    ['an unknown word', { ...SCENARIO, readiness: { smokeTest: 'completions' } }, { reason: 'InvalidValue', found: 'text "completions"', nearest: 'completion', expected: 'one of completion, chat, models, none' }],
    ['text of another form', { ...SCENARIO, readiness: { timeout: '5 min' } }, { reason: 'InvalidValue', message: expect.stringContaining('500ms') as string, found: 'text "5 min"' }],
    ['two of one', { ...SCENARIO, deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm', path: 'x' } }] } }, { reason: 'InvalidValue', path: 'spec.deploy.releases[model].chart', message: expect.stringContaining('exactly one') as string }],
    ['no object at all', 'text', { reason: 'WrongType', path: 'spec' }],
  ])('refuses %s', (_, value, expected) => {
    expect(problemsOf(ScenarioSpec, value)).toContainEqual(expect.objectContaining({ object: 'Kind/x', ...expected }))
  })

  it('finds everything at once', () => {
    const problems = problemsOf(WorkloadProfileSpec, { ...WORKLOAD, dta: 1, load: { poisson: { stages: [{ name: 'a', rte: 1, duration: '1s' }] }, warmup: 5 } })
    expect(problems.map((p) => p.path)).toEqual(['spec.load.poisson.stages[a].rte', 'spec.dta', 'spec.load.poisson.stages[a].rate', 'spec.load.warmup'])
  })

  it('names the list where a name in it is no name', () => {
    expect(problemsOf(HarnessSpec, { ...HARNESS, env: [{ name: 'a]b', vaule: 'x' }] })).toContainEqual(expect.objectContaining({ path: 'spec.env[0].vaule', nearest: 'value' }))
  })
})
