// SPDX-License-Identifier: Apache-2.0
/** The results server against a real API server: tokens bound to pods that a real Job made, reviews, RBAC. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TrialSpec } from '../../../operator/core/model/trial.ts'
import { systemClock } from '../../../operator/shell/kube/clock.ts'
import { createClient, type KubeClient } from '../../../operator/shell/kube/client.ts'
import { kubeconfigAccess } from '../../../operator/shell/kube/kubeconfig.ts'
import { createResourceApi } from '../../../operator/shell/kube/resource-api.ts'
import { createResultsClient, type ResultsClient } from '../../../operator/shell/results/client.ts'
import { createResultsKube } from '../../../operator/shell/results/kube.ts'
import { type ResultsServer, startResultsServer } from '../../../operator/shell/results/server.ts'
import { createVolumeStore } from '../../../operator/shell/results/store-volume.ts'
import { findKubeconfig, kubectl, useNamespace } from '../cluster.ts'

const ROOT = join(import.meta.dirname, '../../..')
const AUDIENCE = 'results.assay.dev'
const TRIAL = 'probe-1-abcdef01-s1-r1'
const REF = () => ({ namespace: namespace(), trial: TRIAL, attempt: 1 })
const FINDINGS = { schema: 'assay.dev/findings/v1', verdict: { result: 'valid' as const, reasons: [] } }
const namespace = useNamespace('results')

let kube: KubeClient
let server: ResultsServer
let pod = ''

const apply = (object: object) => kubectl(['apply', '-n', namespace(), '-f', '-'], JSON.stringify(object))
const token = async (account: string, ...bound: string[]) => (await kubectl(['create', 'token', account, '-n', namespace(), '--audience', AUDIENCE, ...bound])).trim()
const boundTo = (name: string) => token('default', '--bound-object-kind', 'Pod', '--bound-object-name', name)
const clientOf = (value: string): ResultsClient => createResultsClient({ base: `http://127.0.0.1:${server.port}`, token: async () => value, attempts: 2 })
const refusal = (promise: Promise<unknown>) => promise.then(() => 'granted', (error: { readonly status?: number; readonly message: string }) => `${error.status}: ${error.message}`)

beforeAll(async () => {
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(ROOT, 'crds')])
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', join(ROOT, 'crds')])
  await apply(trialObject())
  // On record and over: an operator that runs in the cluster has nothing to do for it.
  await kubectl(['patch', 'trials.assay.dev', TRIAL, '-n', namespace(), '--subresource=status', '--type=merge', '-p', JSON.stringify({ status: { attempts: [{ number: 1, job: `${TRIAL}-a1`, outcome: 'Evicted' }] } })])
  await apply(jobObject())
  pod = await podOfJob()
  await apply({ ...podObject('stranger'), metadata: { name: 'stranger' } })
  kube = createClient({ access: await kubeconfigAccess({ file: findKubeconfig() }) })
  server = await startResultsServer({
    store: createVolumeStore(mkdtempSync(join(tmpdir(), 'assay-results-'))), kube: createResultsKube(createResourceApi(kube)), clock: systemClock,
    log: pino({ level: 'silent' }), controllerUser: `system:serviceaccount:${namespace()}:controller`, host: '127.0.0.1', port: 0, healthPort: 0,
  })
  for (const name of ['controller', 'reader', 'nobody']) await kubectl(['create', 'serviceaccount', name, '-n', namespace()])
  await kubectl(['create', 'role', 'read-trials', '-n', namespace(), '--verb=get', '--resource=trials.assay.dev'])
  await kubectl(['create', 'rolebinding', 'read-trials', '-n', namespace(), '--role=read-trials', `--serviceaccount=${namespace()}:reader`])
})
afterAll(async () => {
  await server.stop(100)
  await kube.close()
})

describe('a collector', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    ['another pod', () => boundTo('stranger'), /403: pod "stranger" is not labelled/],
    ['a token of no pod', () => token('default'), /403: the token is not that of a pod/],
    ['the controller', () => token('controller'), /403/],
    ['a token for the API server', async () => (await kubectl(['create', 'token', 'default', '-n', namespace()])).trim(), /401: the token has expired or is not for the audience/],
    ['a forged token', async () => `${(await boundTo(pod)).split('.').slice(0, 2).join('.')}.c2lnbmF0dXJl`, /401: the API server does not know the token/],
  ])('is not %s', async (_, given, expected) => {
    expect(await refusal(clientOf(await given()).put(REF(), 'a', Buffer.from('x')))).toMatch(expected)
  })

  it('is the pod that the Job on record made: it streams and delivers', async () => {
    const client = clientOf(await boundTo(pod))
    const written = await client.append(REF(), 'raw/native.jsonl', { offset: 0, bytes: Buffer.from('{}\n') })
    const receipt = await client.complete(REF(), { findings: FINDINGS, reports: { high: { version: '0.2.1' } }, files: [{ name: 'raw/native.jsonl', ...written }] })
    expect(receipt).toMatchObject({ kind: 'delivered', verdict: 'valid' })
    expect(await refusal(client.put({ ...REF(), trial: 'other' }, 'a', Buffer.from('x')))).toMatch(/^403/)
    expect(await refusal(client.put({ ...REF(), namespace: 'default' }, 'a', Buffer.from('x')))).toMatch(/^403/)
  })
})

describe('the controller', () => {
  it('is told and may ask; others may not', async () => {
    const client = clientOf(await token('controller'))
    expect(await client.summary(REF())).toMatchObject({ receipt: { kind: 'delivered' }, findings: FINDINGS, reports: { high: { version: '0.2.1' } } })
    expect(await refusal(clientOf(await token('nobody')).summary(REF()))).toMatch(/^403: .*is not the controller/)
    await client.putLog(REF(), 'harness', 'its log')
  })
})

describe('a reader', () => {
  it('is whoever may get the Trial', async () => {
    expect(await refusal(clientOf(await token('nobody')).trial(REF()))).toMatch(/^403: .*may not get trials/)
    const client = clientOf(await token('reader'))
    expect((await client.trial(REF())).attempts[0]?.files.map((f) => f.name)).toContain('logs/harness.log')
    expect(await refusal(client.experiment({ namespace: namespace(), name: 'probe' }))).toMatch(/^403/)
    expect(await text(await client.download(REF(), 'logs/harness.log'))).toBe('its log')
  })
})

async function podOfJob(): Promise<string> {
  const selected = ['pods', '-n', namespace(), '-l', `assay.dev/trial=${TRIAL}`]
  await kubectl(['wait', '--for=create', '--timeout=60s', ...selected])
  return kubectl(['get', ...selected, '-o', 'jsonpath={.items[*].metadata.name}'])
}

function trialObject() {
  const harness = { image: 'x', version: '1', supports: { load: ['concurrent'], data: ['synthetic'] }, results: { adapter: 'native' } }
  const workload = { data: { synthetic: { input: { fixed: 1 }, output: { fixed: 1 } } }, load: { concurrent: { stages: [{ name: 'low', concurrency: 1, requests: 1 }] } } }
  return { apiVersion: 'assay.dev/v1alpha1', kind: 'Trial', metadata: { name: TRIAL }, spec: TrialSpec.parse({ stackRef: { name: 'none' }, workload, harness }) }
}

/** A pod that no node takes: it exists, and that is enough for a token. */
function podObject(name: string) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeSelector: { 'assay.dev/test': 'nowhere' }, restartPolicy: 'Never', containers: [{ name: 'c', image: 'invalid.test/none' }] } }
}

function jobObject() {
  const labels = { 'assay.dev/trial': TRIAL, 'assay.dev/attempt': '1' }
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: `${TRIAL}-a1` }, spec: { backoffLimit: 0, template: { metadata: { labels }, spec: podObject('').spec } } }
}
