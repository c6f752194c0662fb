// SPDX-License-Identifier: Apache-2.0
/** `assay run` up to the point where the operator takes over. Experiments are suspended, so that nothing is stood up if one is there. */
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { Experiment } from '../../../operator/core/model/kinds.ts'
import { useNamespace } from '../cluster.ts'
import { apply, assay, get, patchStatus } from './assay.ts'

const namespace = useNamespace('cli-run', { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } })

const SPEC = {
  suspend: true, scenarioRef: { name: 'simulator' }, workloadRef: { name: 'quickstart' }, harnessRef: { name: 'native' },
  design: { fullFactorial: { factors: [{ name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [1, 2] }] } },
}
const file = (name: string, change: object = {}) => stringify({ apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name, annotations: { team: 'a' } }, spec: { ...SPEC, ...change } })
const run = (text: string, ...args: readonly string[]) => assay(['run', '-', '-n', namespace(), '--no-wait', ...args], { input: text })
const runner = () => apply(namespace(), { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'assay-runner' } })

describe('an Experiment from a file', () => {
  it('is refused where stacks could not be made, and nothing is applied', async () => {
    const { code, err } = await run(file('early'))
    expect({ code, err: err.split('\n') }).toEqual({ code: 3, err: [
      `assay: namespace ${namespace()} has no ServiceAccount assay-runner, which Helm acts as for the stacks`, expect.stringContaining(`--set 'tenants={${namespace()}}'`) as string,
    ] })
    await expect(get(namespace(), 'experiments.assay.dev/early')).rejects.toThrow('not found')
    await expect(get(namespace(), 'scenarios.assay.dev/simulator')).rejects.toThrow('not found')
  })

  it('comes with what it refers to, and is joined when it is there already', async () => {
    await runner()
    const first = await run(file('plain'))
    expect(first).toMatchObject({ code: 0, out: '' })
    expect(first.err).toContain('Scenario/simulator created from ')
    expect(first.err).toContain(`Experiment plain created: 2 treatments, 1 stand-up, 2 trials in namespace ${namespace()}`)
    const there = await get<Experiment>(namespace(), 'experiments.assay.dev/plain')
    expect(there.metadata.annotations).toMatchObject({ team: 'a' })
    const second = await run(file('plain'))
    expect(second.code).toBe(0)
    expect(second.err).toContain('Experiment plain is under way: joining run 1')
    expect(second.err).not.toContain('Scenario/')
  })

  it('leaves an object of the namespace that differs as it is, says so, and replaces it by force', async () => {
    await apply(namespace(), { apiVersion: 'assay.dev/v1alpha1', kind: 'WorkloadProfile', metadata: { name: 'quickstart' }, spec: {
      data: { synthetic: { input: { fixed: 9 }, output: { fixed: 9 } } }, load: { poisson: { stages: [{ name: 'main', rate: 1, duration: '5s' }] } },
    } })
    const kept = await run(file('kept'))
    expect(kept.err).toContain(`WorkloadProfile/quickstart of namespace ${namespace()} differs from `)
    const read = () => get<{ spec: { data: { synthetic: { input: { fixed: number } } } } }>(namespace(), 'workloadprofiles.assay.dev/quickstart')
    expect((await read()).spec.data.synthetic.input.fixed).toBe(9)
    const forced = await run(file('kept'), '--force')
    expect(forced.err).toContain('WorkloadProfile/quickstart changed from ')
    expect((await read()).spec.data.synthetic.input.fixed).toBe(1536)
  })

  it('is checked with what the namespace has: a factor that only its object knows', async () => {
    await apply(namespace(), { apiVersion: 'assay.dev/v1alpha1', kind: 'WorkloadProfile', metadata: { name: 'ours' }, spec: {
      data: { synthetic: { input: { fixed: 9 }, output: { fixed: 9 } } }, load: { poisson: { stages: [{ name: 'peak', rate: 1, duration: '5s' }] } },
    } })
    const design = (stage: string) => ({ workloadRef: { name: 'ours' }, design: { fullFactorial: { factors: [{ name: 'rate', path: `workload.load.poisson.stages[${stage}].rate`, levels: [1, 2] }] } } })
    expect((await run(file('known', design('peak')))).code).toBe(0)
    const { code, err } = await run(file('unknown', design('main')))
    expect(code).toBe(3)
    expect(err).toContain('workload.load.poisson.stages[peak].rate')
  })

  it('under another name, by --name', async () => {
    expect((await run(file('one'), '--name', 'two')).code).toBe(0)
    expect((await get<Experiment>(namespace(), 'experiments.assay.dev/two')).spec.suspend).toBe(true)
  })
})

describe('an Experiment that has begun', () => {
  it('runs again when it has finished, by a new value of the annotation', async () => {
    await run(file('again'))
    await patchStatus(namespace(), 'experiments.assay.dev/again', { startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:01:00Z', run: 1 })
    const { code, err } = await run(file('again'))
    expect(code).toBe(0)
    expect(err).toContain('Experiment again begins again: run 2')
    expect((await get<Experiment>(namespace(), 'experiments.assay.dev/again')).metadata.annotations?.['assay.dev/rerun']).toMatch(/^\d{4}-/)
  })

  it('does not change its design: what to do instead is said', async () => {
    await run(file('frozen'))
    await patchStatus(namespace(), 'experiments.assay.dev/frozen', { startTime: '2026-01-01T00:00:00Z', run: 1 })
    const { code, err } = await run(file('frozen', { design: { ...SPEC.design, replicates: { stacks: 2 } } }))
    expect(code).toBe(3)
    expect(err).toContain('frozen once the Experiment has started')
    expect(err).toContain('--name frozen-2')
  })

  it('may change what is not frozen, without a new run while one is under way', async () => {
    await run(file('limits'))
    await patchStatus(namespace(), 'experiments.assay.dev/limits', { startTime: '2026-01-01T00:00:00Z', run: 1 })
    const { code, err } = await run(file('limits', { execution: { maxFailedTrials: 7 } }))
    expect(code).toBe(0)
    expect(err).toContain('Experiment limits changed')
    const { metadata, spec } = await get<Experiment>(namespace(), 'experiments.assay.dev/limits')
    expect([spec.execution.maxFailedTrials, metadata.annotations?.['assay.dev/rerun']]).toEqual([7, undefined])
  })

  it('and belongs to somebody else is changed by force only', async () => {
    await apply(namespace(), { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'theirs' }, spec: { ...SPEC, execution: { maxFailedTrials: 1 } } })
    const wanted = file('theirs', { execution: { maxFailedTrials: 2 } })
    const refused = await run(wanted)
    expect({ code: refused.code, hint: refused.err.split('\n').at(-1) }).toEqual({ code: 3, hint: '  --force takes it over' })
    expect((await run(wanted, '--force')).code).toBe(0)
  })
})

describe('watch', () => {
  it('ends with the Experiment, and with the exit code that its end stands for', async () => {
    await run(file('gated'))
    const condition = (type: string, status: string) => ({ type, status, reason: type, message: 'm', lastTransitionTime: '2026-01-01T00:01:00Z' })
    const watching = assay(['watch', 'gated', '-n', namespace(), '--timeout', '40s'])
    await patchStatus(namespace(), 'experiments.assay.dev/gated', {
      startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:01:00Z', run: 1, phase: 'GateFailed', conditions: [condition('Ready', 'False'), condition('Complete', 'True'), condition('GatePassed', 'False'), condition('TornDown', 'True')],
    })
    expect(await watching).toMatchObject({ code: 5, err: expect.stringContaining('gated: GateFailed') as string })
  })

  it('gives up in time, and says when there is nothing', async () => {
    await run(file('slow'))
    expect(await assay(['watch', 'slow', '-n', namespace(), '--timeout', '1s'])).toMatchObject({ code: 7, err: expect.stringContaining('has not ended after 1s; it goes on') as string })
    expect(await assay(['watch', 'nobody', '-n', namespace()])).toMatchObject({ code: 2, err: expect.stringContaining('there is no Experiment nobody') as string })
  })
})
