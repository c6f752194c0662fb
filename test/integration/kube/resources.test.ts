// SPDX-License-Identifier: Apache-2.0
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { CONFIG_MAPS, NAMESPACES, PODS, SERVICE_ACCOUNTS } from '../../../operator/shell/kube/builtin-resources.ts'
import { isConflict, isInvalid, isNotFound } from '../../../operator/shell/kube/api-error.ts'
import { addFinalizer, removeFinalizer } from '../../../operator/shell/kube/ownership.ts'
import { mayAccess, mayI, requestToken, reviewToken } from '../../../operator/shell/kube/reviews.ts'
import { useApi, useNamespace } from '../cluster.ts'

const namespace = useNamespace('kube-resources')
const { api } = useApi()
const ref = (name: string) => ({ namespace: namespace(), name })
const configMap = (name: string, data: Record<string, string>) => ({ metadata: ref(name), data })

describe('server-side apply', () => {
  it('creates, changes, and removes the fields that we no longer give', async () => {
    const made = await api().apply(CONFIG_MAPS, configMap('applied', { a: '1', b: '1' }), { fieldManager: 'assay' })
    expect(made.metadata.uid).toBeDefined()
    const changed = await api().apply(CONFIG_MAPS, configMap('applied', { a: '2' }), { fieldManager: 'assay' })
    expect([changed.data, changed.metadata.uid]).toEqual([{ a: '2' }, made.metadata.uid])
  })

  it('leaves the fields of others alone, conflicts over them, and takes them only by force', async () => {
    await api().apply(CONFIG_MAPS, configMap('shared', { a: 'theirs', b: 'theirs' }), { fieldManager: 'others' })
    await api().apply(CONFIG_MAPS, configMap('shared', { c: 'ours' }), { fieldManager: 'assay' })
    const ours = configMap('shared', { a: 'ours', c: 'ours' })
    await expect(api().apply(CONFIG_MAPS, ours, { fieldManager: 'assay' })).rejects.toSatisfy(isConflict)
    expect((await api().apply(CONFIG_MAPS, ours, { fieldManager: 'assay', force: true })).data).toEqual({ a: 'ours', b: 'theirs', c: 'ours' })
  })
})

describe('writes', () => {
  it('refuse a field that does not exist, instead of dropping it', async () => {
    const wrong = { ...configMap('wrong', {}), dta: { a: '1' } }
    await expect(api().create(CONFIG_MAPS, wrong)).rejects.toSatisfy(isInvalid)
    await expect(api().apply(CONFIG_MAPS, wrong, { fieldManager: 'assay' })).rejects.toMatchObject({ message: expect.stringContaining('dta') as string })
    expect(await api().find(CONFIG_MAPS, ref('wrong'))).toBeUndefined()
  })

  it('do nothing in a dry run', async () => {
    await api().create(CONFIG_MAPS, configMap('dry', {}), { dryRun: true })
    expect(await api().find(CONFIG_MAPS, ref('dry'))).toBeUndefined()
  })

  it('patch the status apart from the rest', async () => {
    const gated = { metadata: ref('gated'), spec: { schedulingGates: [{ name: 'assay.dev/test' }], containers: [{ name: 'c', image: 'none.invalid/none' }] } }
    await api().create(PODS, gated)
    const patched = await api().patchMerge(PODS, ref('gated'), { spec: { activeDeadlineSeconds: 7 }, status: { message: 'told' } }, { subresource: 'status' })
    expect([patched.status?.message, patched.spec?.activeDeadlineSeconds]).toEqual(['told', undefined])
  })

  it('notice by the resource version that somebody wrote in between', async () => {
    const read = await api().create(CONFIG_MAPS, configMap('raced', { a: '1' }))
    await api().patchMerge(CONFIG_MAPS, ref('raced'), { data: { a: '2' } })
    await expect(api().patchMerge(CONFIG_MAPS, ref('raced'), { metadata: { resourceVersion: read.metadata.resourceVersion }, data: { a: '3' } })).rejects.toSatisfy(isConflict)
  })

  it('delete only the very object that was meant', async () => {
    const made = await api().create(CONFIG_MAPS, configMap('doomed', {}))
    await expect(api().delete(CONFIG_MAPS, ref('doomed'), { uid: 'another' })).rejects.toSatisfy(isConflict)
    expect(await api().delete(CONFIG_MAPS, ref('doomed'), { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion })).toBe(true)
    expect(await api().delete(CONFIG_MAPS, ref('doomed'))).toBe(false)
  })

  it('add a finalizer, which holds a deleted object until it is removed', async () => {
    const made = await api().create(CONFIG_MAPS, configMap('held', {}))
    const held = await api().patchMerge(CONFIG_MAPS, ref('held'), addFinalizer(made, 'assay.dev/test') ?? {})
    await api().delete(CONFIG_MAPS, ref('held'))
    const dying = await api().get(CONFIG_MAPS, ref('held'))
    expect(dying.metadata.deletionTimestamp).toBeDefined()
    expect(held.metadata.finalizers).toEqual(['assay.dev/test'])
    await api().patchMerge(CONFIG_MAPS, ref('held'), removeFinalizer(dying, 'assay.dev/test') ?? {})
    await expect(api().get(CONFIG_MAPS, ref('held'))).rejects.toSatisfy(isNotFound)
  })
})

it('lists 1,000 objects in pages, each once', async () => {
  await Promise.all(Array.from({ length: 1000 }, (_, i) => api().create(CONFIG_MAPS, { metadata: { ...ref(`many-${i}`), labels: { many: 'yes' } }, data: { i: String(i) } })))
  const sizes: number[] = []
  const names = new Set<string>()
  for await (const page of api().pages(CONFIG_MAPS, { namespace: namespace(), labelSelector: 'many=yes' }, { limit: 300 })) {
    sizes.push(page.items.length)
    for (const { metadata } of page.items) names.add(metadata.name)
  }
  expect([sizes, names.size]).toEqual([[300, 300, 300, 100], 1000])
  expect(await api().list(CONFIG_MAPS, { namespace: namespace(), fieldSelector: 'metadata.name=many-7' })).toHaveLength(1)
})

it('reads the log of a pod', async () => {
  const [pod] = await api().list(PODS, { namespace: 'kube-system', labelSelector: 'component=kube-scheduler' })
  const log = await api().logs({ namespace: 'kube-system', name: pod?.metadata.name ?? '' }, { tailLines: 3, limitBytes: 10_000 })
  expect((await text(log)).trim().split('\n')).toHaveLength(3)
})

describe('reviews', () => {
  const question = { verb: 'get', group: 'assay.dev', resource: 'trials' } as const

  it('a token is valid for its audience only and names its account, which may do nothing', async () => {
    await api().create(SERVICE_ACCOUNTS, { metadata: ref('reader') })
    const { token, expiresAt } = await requestToken(api(), ref('reader'), { audiences: ['results.assay.dev'], expirationSeconds: 600 })
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
    const identity = await reviewToken(api(), token, ['results.assay.dev'])
    expect(identity?.username).toBe(`system:serviceaccount:${namespace()}:reader`)
    expect(await reviewToken(api(), token, ['other.example'])).toBeUndefined()
    expect(await reviewToken(api(), 'not-a-token', ['results.assay.dev'])).toBeUndefined()
    if (identity === undefined) throw new Error('unreachable')
    expect(await mayAccess(api(), identity, { ...question, namespace: namespace(), name: 'x' })).toBe(false)
    expect(await mayAccess(api(), { ...identity, groups: ['system:masters'] }, { ...question, namespace: namespace() })).toBe(true)
    expect(await mayI(api(), question)).toBe(true)
  })
})

it('reaches objects that have no namespace', async () => {
  expect((await api().get(NAMESPACES, { name: namespace() })).metadata.labels).toMatchObject({ 'assay.dev/test': 'true' })
})
