// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { API_VERSION } from '../../core/model/kinds.ts'
import { assignment, type Choices } from './choices.ts'
import { type Composing, composeExperiment, nameFor, planComposed } from './compose.ts'
import { objectNameOf } from './compose-parts.ts'
import { NO_NAMESPACE } from './namespace-library.ts'
import { SPEC } from './testdata/objects.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-compose-'))
  const object = (kind: string, name: string, spec: object) => stringify({ apiVersion: API_VERSION, kind, metadata: { name }, spec })
  await writeFile(join(folder, 'mine.yaml'), object('Scenario', 'my-server', { model: { name: 'mine', revision: 'abc', maxLength: 4096 }, endpoint: { url: 'http://127.0.0.1:1' } }))
  await writeFile(join(folder, 'design.yaml'), object('Experiment', 'sweep', SPEC))
})
afterAll(() => rm(folder, { recursive: true }))

const compose = (choices: Partial<Choices> = {}, more: Partial<Composing> = {}) => composeExperiment({ choices: { set: {}, library: [], ...choices }, fallback: 'simulator', inNamespace: NO_NAMESPACE, ...more })
const specOf = async (...given: Parameters<typeof compose>) => (await compose(...given)).experiment.spec as Record<string, unknown>

describe('without a word', () => {
  it('the usual model, profile and tool, on the Scenario that the cluster allows', async () => {
    const composed = await compose()
    expect(composed.experiment).toMatchObject({ name: 'simulator-sanity-random', spec: { workloadRef: { name: 'sanity-random' }, harnessRef: { name: 'native' }, design: { treatments: [{ name: 'only', set: {} }] } } })
    expect(composed.experiment.spec).toMatchObject({ scenario: { model: { name: 'meta-llama/Llama-3.2-1B-Instruct' }, serving: { engine: 'simulator' } } })
    expect(planComposed(composed).trials).toHaveLength(1)
  })

  it('a Scenario that serves the usual model already is taken by its name', async () => {
    expect(await specOf({}, { fallback: 'standalone' })).toMatchObject({ scenarioRef: { name: 'standalone' } })
  })
})

describe('what is named', () => {
  it.each<[string, Partial<Choices>, object]>([
    ['a method is a Scenario with its own model', { method: 'simulator' }, { scenarioRef: { name: 'simulator' } }],
    ['a Scenario wins over a method', { method: 'standalone', scenario: 'simulator' }, { scenarioRef: { name: 'simulator' } }],
    ['a profile as others write it', { workload: 'sanity_random.yaml' }, { workloadRef: { name: 'sanity-random' } }],
    ['another tool', { harness: 'nop' }, { harnessRef: { name: 'nop' } }],
    ['values for all treatments', { set: assignment('workload.load.constant.stages[main].rate=4') }, { design: { constants: { 'workload.load.constant.stages[main].rate': 4 } } }],
  ])('%s', async (_, choices, expected) => {
    expect(await specOf(choices)).toMatchObject(expected)
  })

  it('a file, whose object then counts before the library', async () => {
    const composed = await compose({ scenario: join(folder, 'mine.yaml') })
    expect(composed.experiment.spec).toMatchObject({ scenarioRef: { name: 'my-server' } })
    expect(composed.input.objects.filter(composed.input.isOwn).map((o) => o.name)).toEqual(['my-server'])
  })

  it('what only the namespace has', async () => {
    const inNamespace: Composing['inNamespace'] = (part) => new Map(part === 'workload' ? [['ours', {}]] : [])
    expect(await specOf({ workload: 'ours' }, { inNamespace })).toMatchObject({ workloadRef: { name: 'ours' } })
  })

  it('another model: the Scenario is written out, without what is true of the old one only', async () => {
    const { scenario, scenarioRef } = await specOf({ scenario: join(folder, 'mine.yaml'), model: 'other' })
    expect([scenarioRef, scenario]).toMatchObject([undefined, { model: { name: 'other', maxLength: 4096 } }])
    expect(scenario).not.toHaveProperty('model.revision')
  })

  it.each([
    [{ workload: 'sanity_randm' }, 'there is no WorkloadProfile "sanity_randm"; did you mean sanity-random?'],
    [{ scenario: 'nowhere.yaml' }, 'there is no Scenario "nowhere.yaml"'],
  ])('what there is not: %j', async (choices, message) => {
    await expect(compose(choices)).rejects.toMatchObject({ exitCode: 3, message })
  })
})

describe('on the design of an Experiment', () => {
  it('keeps its design and its own parts', async () => {
    const composed = await compose({ experiments: join(folder, 'design.yaml') })
    expect(composed.experiment).toMatchObject({ name: 'sweep', spec: SPEC })
    expect(planComposed(composed).trials).toHaveLength(4)
  })

  it('replaces what is named, and only that', async () => {
    expect(await specOf({ experiments: join(folder, 'design.yaml'), harness: 'nop', set: { 'scenario.serving.replicas': 2 } })).toMatchObject({
      scenarioRef: { name: 'simulator' }, workloadRef: { name: 'quickstart' }, harnessRef: { name: 'nop' }, design: { ...SPEC.design, constants: { 'scenario.serving.replicas': 2 } },
    })
  })

  it('on a server that is there already, whatever it says', async () => {
    const spec = { model: { name: 'm' }, endpoint: { url: 'http://h' } }
    expect(await specOf({ experiments: join(folder, 'design.yaml') }, { fallback: { name: 'there', spec }, insist: true })).toMatchObject({ scenario: spec })
  })

  it('refuses a file with none', async () => {
    await expect(compose({ experiments: join(folder, 'mine.yaml') })).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('holds no Experiment') as string })
  })
})

it('gives the same choices the same name, and others another', async () => {
  const [a, b, c] = [await specOf(), await specOf(), await specOf({ set: { 'scenario.serving.replicas': 2 } })]
  expect(nameFor('words', a)).toBe(nameFor('words', b))
  expect(nameFor('words', a)).not.toBe(nameFor('words', c))
  expect(nameFor('a'.repeat(80), a).length).toBeLessThanOrEqual(40)
})

it.each([['Llama-3.2-1B', 'llama-3-2-1b'], ['_odd_', 'odd'], ['x'.repeat(60), 'x'.repeat(40)], [`${'x'.repeat(39)}--y`, 'x'.repeat(39)]])('%s is called %s', (text, name) => {
  expect(objectNameOf(text)).toBe(name)
})

it.each<[string, Record<string, unknown>]>([['a.b=1', { 'a.b': 1 }], ['a=true', { a: true }], ['a=x=y', { a: 'x=y' }], ['a=[1,2]', { a: [1, 2] }], ['a=', { a: '' }]])('%s sets %j', (text, set) => {
  expect(assignment(text)).toEqual(set)
})
