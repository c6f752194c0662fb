// SPDX-License-Identifier: Apache-2.0
/** What the API server makes of a write: defaults, unknown fields, the status subresource, server-side apply by several managers, size. */
import { beforeAll, describe, expect, it } from 'vitest'
import { KINDS, type KindName } from '../../../operator/core/model/kinds.ts'
import { objectOf } from '../../../operator/core/schema/testdata/valid-objects.ts'
import { kubectl, useNamespace } from '../cluster.ts'
import { refusal, useObjects } from './api.ts'

const namespace = useNamespace('crd-writes')
const objects = useObjects(namespace)
const names = Object.keys(KINDS) as KindName[]

describe('defaults', () => {
  it.each(names)('of a %s are those of the model', async (kind) => {
    const sent = objectOf(kind)
    expect((await objects.create(sent)).spec).toEqual(KINDS[kind].spec.parse(sent.spec))
  })

  it('go into nested objects that were not written', async () => {
    const { spec } = await objects.create(objectOf('Scenario'))
    expect(spec).toMatchObject({ serving: { engine: 'vllm', replicas: 1, parallelism: { tensor: 1, expert: 1 } }, readiness: { timeout: '25m', smokeTest: 'completion' } })
  })

  it('belong to nobody: a second manager may set them, and what is no longer applied falls back', async () => {
    const name = 'shared'
    await objects.apply(objectOf('Experiment', {}, name), { dryRun: false, manager: 'gitops' })
    const both = await objects.apply({ ...objectOf('Experiment', {}, name), spec: { execution: { parallelStacks: 3 } } }, { dryRun: false, manager: 'person' })
    expect(both.spec).toMatchObject({ execution: { parallelStacks: 3, retries: 1 } })
    const after = await objects.apply({ ...objectOf('Experiment', {}, name), spec: {} }, { dryRun: false, manager: 'person' })
    expect(after.spec).toMatchObject({ execution: { parallelStacks: 1, retries: 1 } })
    expect(JSON.stringify(after.metadata.managedFields?.find(({ manager }) => manager === 'gitops')?.fieldsV1)).not.toContain('parallelStacks')
  })

  it.each(names)('do not make the same %s new when it is applied again', async (kind) => {
    const first = await objects.apply(objectOf(kind, {}, 'again'), { dryRun: false })
    const second = await objects.apply(objectOf(kind, {}, 'again'), { dryRun: false })
    expect(second.metadata.generation).toBe(first.metadata.generation)
    expect(second.spec).toEqual(first.spec)
  })
})

describe('an unknown field', () => {
  it.each([
    ['Experiment', { colour: 'red' }, 'spec.colour'],
    ['Experiment', { 'execution.parallelStack': 2 }, 'spec.execution.parallelStack'],
    ['Scenario', { 'serving.parallelism.tensors': 2 }, 'spec.serving.parallelism.tensors'],
    ['WorkloadProfile', { 'load.poisson.stages': [{ name: 'a', rate: 1, requests: 1, rates: 2 }] }, 'spec.load.poisson.stages[0].rates'],
    ['Harness', { 'pod.annotation': {} }, 'spec.pod.annotation'],
    ['Trial', { 'workload.api.stream': true }, 'spec.workload.api.stream'],
  ] as const)('of a %s is refused with its path: %o', async (kind, changes, path) => {
    expect(await refusal(objects.create(objectOf(kind, changes)))).toContain(`unknown field "${path}"`)
  })

  it('is refused by kubectl as it comes', async () => {
    const manifest = JSON.stringify(objectOf('Experiment', { colour: 'red' }))
    await expect(kubectl(['create', '--dry-run=server', '-n', namespace(), '-f', '-'], manifest)).rejects.toThrow(/unknown field "spec.colour"/)
  })

  it.each([
    ['Scenario', { 'serving.args': { 'anything-goes': { here: [null] } } }],
    ['WorkloadProfile', { overrides: { 'some-tool': { key: 1 } } }],
    ['Experiment', { 'design.constants': { 'workload.x.y[z]': [1] } }],
  ] as const)('within an open map of a %s is kept', async (kind, changes) => {
    const sent = objectOf(kind, changes)
    expect((await objects.create(sent)).spec).toMatchObject(sent.spec as object)
  })
})

describe('the status', () => {
  const object = objectOf('Experiment', {}, 'status')
  beforeAll(() => objects.apply(object, { dryRun: false }))
  // An operator may run in this cluster and write statuses of its own: what is ours must be told apart.
  const status = { phase: 'Running', progress: 'by the test', trials: { total: 2, pending: 1, running: 1, succeeded: 0, failed: 0, invalid: 0 } }

  it('is ignored in a write of the object', async () => {
    expect(await objects.merge({ ...object, spec: { suspend: true }, status })).not.toHaveProperty('status.progress', status.progress)
  })

  it('is written apart, and the spec is ignored there', async () => {
    const written = await objects.merge({ ...object, spec: { suspend: true }, status }, { subresource: 'status' })
    expect(written).toMatchObject({ status, spec: { suspend: false } })
    expect(written.metadata.generation).toBe(1)
  })

  it('must fit its schema', async () => {
    expect(await refusal(objects.merge({ ...object, spec: undefined, status: { phase: 'Dancing' } }, { subresource: 'status' }))).toContain('Unsupported value: "Dancing"')
  })

  it.each(names.filter((kind) => !('status' in KINDS[kind])))('does not exist for a %s', async (kind) => {
    expect(await refusal(objects.create({ ...objectOf(kind), status: {} }))).toContain('unknown field "status"')
  })

  it('of a Stack may say that no trial holds it', async () => {
    const stack = objectOf('Stack', {}, 'held')
    await objects.apply(stack, { dryRun: false })
    const held = { kind: 'Trial', name: 't', uid: 'u', since: new Date(0).toISOString() }
    await objects.merge({ ...stack, spec: undefined, status: { claim: held } }, { subresource: 'status', dryRun: false })
    expect(await objects.merge({ ...stack, spec: undefined, status: { claim: null } }, { subresource: 'status' })).not.toHaveProperty('status.claim.name')
  })
})

describe('size', () => {
  const factors = (n: number, levels: number) => ({ design: { fullFactorial: { factors: Array.from({ length: n }, (_, i) => ({ name: `f${i}`, path: 'p', levels: Array.from({ length: levels }, (_, j) => j) })) } } })
  it.each([
    ['32 factors of 1000 levels', factors(32, 1000), ''],
    ['33 factors', factors(33, 1), /Too many: 33: must have at most 32 items/],
    ['1001 levels', factors(1, 1001), /Too many: 1001: must have at most 1000 items/],
    ['1000 treatments', { design: { treatments: Array.from({ length: 1000 }, (_, i) => ({ name: `t${i}`, set: { a: i } })) } }, ''],
    ['1001 treatments', { design: { treatments: Array.from({ length: 1001 }, (_, i) => ({ name: `t${i}`, set: { a: i } })) } }, /Too many: 1001/],
    ['a path of 513 characters', { design: { fullFactorial: { factors: [{ name: 'a', path: 'p'.repeat(513), levels: [1] }] } } }, /Too long: may not be more than 512/],
  ] as const)('%s', async (_what, changes, wanted) => {
    const said = await refusal(objects.create(objectOf('Experiment', changes)))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })

  it('a started Experiment of the greatest size can still be changed', async () => {
    const [largest, grown] = [999, 1000].map((n) => ({ design: { treatments: Array.from({ length: n }, (_, i) => ({ name: `t${i}`, set: { a: i, b: { c: [i, 'x'.repeat(100)] } } })) } }))
    const object = objectOf('Experiment', largest, 'largest')
    await objects.apply(object, { dryRun: false })
    await objects.merge({ ...object, spec: undefined, status: { startTime: new Date(0).toISOString() } }, { subresource: 'status', dryRun: false })
    expect(await refusal(objects.apply(objectOf('Experiment', grown, 'largest')))).toBe('')
  })
})
