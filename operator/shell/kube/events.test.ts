// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ApiError } from './api-error.ts'
import { createEventRecorder, type EventNote, type EventRecorderOptions, truncated } from './events.ts'
import type { MergePatch } from './resource-api.ts'
import { fakeClock } from './testdata/fake-clock.ts'
import { thing, THINGS } from './testdata/kube-object.ts'

type Written = { readonly metadata: { name: string; namespace: string }; note: string; [field: string]: unknown }

function rig(failures: Partial<Record<'create' | 'patch', unknown>> = {}) {
  const clock = fakeClock()
  const created: Written[] = []
  const patched: { name: string; patch: MergePatch }[] = []
  const problems: unknown[] = []
  let ids = 0
  const api = {
    create: async (_: unknown, event: Written) => {
      if (failures.create !== undefined) throw failures.create
      created.push(event)
      return event
    },
    patchMerge: async (_: unknown, { name }: { name: string }, patch: MergePatch) => {
      if (failures.patch !== undefined) throw failures.patch
      patched.push({ name, patch })
      return {}
    },
  }
  const recorder = createEventRecorder({ api: api as unknown as EventRecorderOptions['api'], controller: 'assay.dev/trial', instance: 'pod-1', clock, newId: () => `${++ids}`, onProblem: (error) => problems.push(error) })
  return { clock, recorder, created, patched, problems }
}

const note = (text: string, more: Partial<EventNote> = {}): EventNote => ({ type: 'Normal', reason: 'JobCreated', action: 'CreateJob', note: text, ...more })

it('writes an Event as events.k8s.io wants it', async () => {
  const { recorder, created } = rig()
  recorder.record(THINGS, thing('x', { resourceVersion: '7' }), note('Job x-1 created'))
  await recorder.flush()
  expect(created).toEqual([{
    metadata: { name: 'x.1', namespace: 'a' }, eventTime: '2026-01-01T00:00:00.000000Z', reportingController: 'assay.dev/trial', reportingInstance: 'pod-1',
    regarding: { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', namespace: 'a', uid: 'uid-x', resourceVersion: '7' },
    type: 'Normal', reason: 'JobCreated', action: 'CreateJob', note: 'Job x-1 created',
  }])
})

it('puts Events of cluster-wide objects into the default namespace and keeps long names legal', async () => {
  const { recorder, created } = rig()
  recorder.record(THINGS, thing('n'.repeat(253), { namespace: undefined }), note('x'))
  await recorder.flush()
  expect(created[0]?.metadata).toMatchObject({ namespace: 'default' })
  expect(created[0]?.metadata.name.length).toBeLessThanOrEqual(253)
})

describe('repetition', () => {
  it('within six minutes counts in the series, later begins anew', async () => {
    const { clock, recorder, created, patched } = rig()
    for (const wait of [0, 1000, 300_000, 360_000]) {
      await clock.advance(wait)
      recorder.record(THINGS, thing('x'), note('again'))
      await recorder.flush()
    }
    expect(patched.map(({ name, patch }) => [name, (patch['series'] as { count: number }).count])).toEqual([['x.1', 2], ['x.1', 3]])
    expect(created.map(({ metadata }) => metadata.name)).toEqual(['x.1', 'x.2'])
  })

  it('is not seen where anything differs', async () => {
    const { recorder, created, patched } = rig()
    recorder.record(THINGS, thing('x'), note('one'))
    recorder.record(THINGS, thing('x'), note('two'))
    recorder.record(THINGS, thing('x'), note('one', { type: 'Warning' }))
    recorder.record(THINGS, thing('x', { uid: 'another' }), note('one'))
    await recorder.flush()
    expect([created.length, patched.length]).toEqual([4, 0])
  })

  it('of an Event that has expired on the server is written anew', async () => {
    const { recorder, created } = rig({ patch: new ApiError({ code: 404, reason: 'NotFound', message: 'gone' }) })
    recorder.record(THINGS, thing('x'), note('again'))
    recorder.record(THINGS, thing('x'), note('again'))
    await recorder.flush()
    expect(created.map(({ metadata }) => metadata.name)).toEqual(['x.1', 'x.2'])
  })
})

it('lets an object tell so much at once, and others are not concerned', async () => {
  const { clock, recorder, created } = rig()
  for (let i = 0; i < 100; i++) recorder.record(THINGS, thing('x'), note(`n${i}`))
  recorder.record(THINGS, thing('y'), note('mine'))
  await recorder.flush()
  expect(created.filter(({ metadata }) => metadata.name.startsWith('x.')).length).toBe(30)
  expect(created.at(-1)?.note).toBe('mine')
  await clock.advance(20_000)
  recorder.record(THINGS, thing('x'), note('later'))
  await recorder.flush()
  expect(created.at(-1)?.note).toBe('later')
})

it('never throws: what cannot be written is reported', async () => {
  const broken = new ApiError({ code: 403, reason: 'Forbidden', message: 'namespace is terminating' })
  const { recorder, problems } = rig({ create: broken })
  recorder.record(THINGS, thing('x'), note('a'))
  recorder.record(THINGS, thing('x'), note('b'))
  await recorder.flush()
  expect(problems).toEqual([broken, broken])
})

it.each([
  ['short', 'short'],
  ['x'.repeat(1024), 'x'.repeat(1024)],
  ['x'.repeat(1025), `${'x'.repeat(1021)}…`],
  ['ü'.repeat(600), `${'ü'.repeat(510)}…`],
])('keeps notes within 1 kB and characters whole: %.10s', (text, expected) => {
  expect(truncated(text)).toBe(expected)
  expect(Buffer.byteLength(truncated(text))).toBeLessThanOrEqual(1024)
})
