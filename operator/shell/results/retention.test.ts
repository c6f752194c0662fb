// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../kube/clock.ts'
import { sweep } from './retention.ts'
import { createVolumeStore } from './store-volume.ts'
import type { Store, TrialId } from './store.ts'
import { createFakeKube, type FakeKube } from './testdata/fake-kube.ts'

const HOUR = 3_600_000
let nowMs: number
let kube: FakeKube
let store: Store
const clock: Clock = { now: () => nowMs, epochMs: () => nowMs, after: () => () => undefined }
const ID: TrialId = { namespaceUid: 'ns-uid-1', trial: 't', trialUid: 'uid-t' }

beforeEach(async () => {
  nowMs = Date.parse('2026-01-01T00:00:00Z')
  kube = createFakeKube()
  store = createVolumeStore(mkdtempSync(join(tmpdir(), 'assay-retention-')))
  kube.addAttempt({ namespace: 'bench', trial: 't', attempt: 1 })
  await store.remember(ID, { namespace: 'bench', trial: 't', trialUid: 'uid-t', createdTime: '', retention: '2h' })
  await store.put({ ...ID, attempt: 1, name: 'a' }, Readable.from([Buffer.from('x')]))
})

const pass = async () => {
  const removed: string[] = []
  await sweep({ store, kube, clock, onRemoved: ({ trialUid }) => removed.push(trialUid) })
  return removed
}

describe('retention', () => {
  it('keeps what has a Trial, however old', async () => {
    nowMs += 1000 * HOUR
    expect(await pass()).toEqual([])
  })

  it('removes it the retention after the Trial was seen to be gone', async () => {
    kube.trials.clear()
    expect(await pass()).toEqual([])
    nowMs += 2 * HOUR - 1
    expect(await pass()).toEqual([])
    nowMs += 1
    expect(await pass()).toEqual(['uid-t'])
    expect(await store.attempts(ID)).toEqual([])
  })

  it('starts anew when the Trial was there again meanwhile', async () => {
    const { trials } = kube
    const trial = trials.get('bench/t')
    trials.clear()
    await pass()
    if (trial !== undefined) trials.set('bench/t', trial)
    nowMs += 3 * HOUR
    expect(await pass()).toEqual([])
    expect((await store.memo(ID))?.goneTime).toBeUndefined()
  })

  it('takes another Trial of that name, or another namespace, for none', async () => {
    kube.addAttempt({ namespace: 'bench', trial: 't', attempt: 1, uid: 'uid-second' })
    await pass()
    expect((await store.memo(ID))?.goneTime).toBeDefined()
    kube.namespaces.set('bench', 'ns-uid-9')
    nowMs += 2 * HOUR
    expect(await pass()).toEqual(['uid-t'])
  })

  it('asks for a namespace once in a pass, and pauses between trials', async () => {
    for (const trialUid of ['a', 'b', 'c']) await store.remember({ ...ID, trialUid }, { namespace: 'bench', trial: 't', trialUid, createdTime: '', retention: '2h' })
    const asked: string[] = []
    let pauses = 0
    await sweep({ store, kube: { ...kube, namespaceUid: (name) => { asked.push(name); return kube.namespaceUid(name) } }, clock, pause: async () => { pauses++ } })
    expect([asked, pauses]).toEqual([['bench'], 4])
  })

  it('leaves everything when Kubernetes does not answer', async () => {
    const problems: unknown[] = []
    nowMs += 1000 * HOUR
    await sweep({ store, kube: { ...kube, trial: () => Promise.reject(new Error('away')) }, clock, onProblem: (_, error) => problems.push(error) })
    expect([problems.length, await store.attempts(ID)]).toEqual([1, [1]])
  })
})
