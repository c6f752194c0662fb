// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { kubeconfigAccess } from './kubeconfig.ts'

let folder = ''
let file = ''
const base64 = (text: string) => Buffer.from(text).toString('base64')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-kubeconfig-'))
  file = join(folder, 'config')
  writeFileSync(join(folder, 'token'), 'from-a-file')
  writeFileSync(file, stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'cert',
    clusters: [
      { name: 'one', cluster: { server: 'https://one.example:6443/', 'certificate-authority-data': base64('CA'), 'tls-server-name': 'inner.example' } },
      { name: 'two', cluster: { server: 'https://two.example', 'insecure-skip-tls-verify': true, 'proxy-url': 'http://proxy.example:3128' } },
    ],
    users: [
      { name: 'cert', user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') } },
      { name: 'token', user: { token: 'secret' } },
      { name: 'basic', user: { username: 'me', password: 'pass' } },
      { name: 'exec', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', interactiveMode: 'Never', args: ['-c', `echo '${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'from-exec' } })}'`] } } },
    ],
    contexts: ['cert', 'token', 'basic', 'exec'].map((user) => ({ name: user, context: { cluster: user === 'token' ? 'two' : 'one', user, namespace: user === 'token' ? 'bench' : undefined } })),
  }))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('takes client certificates, server name and CA', async () => {
  const access = await kubeconfigAccess({ file })
  expect(access).toMatchObject({ server: 'https://one.example:6443', namespace: 'default', proxyUrl: undefined })
  const { headers, tls } = await access.credentials()
  expect([headers, String(tls.ca), String(tls.cert), String(tls.key), tls.servername, tls.rejectUnauthorized]).toEqual([{}, 'CA', 'CERT', 'KEY', 'inner.example', undefined])
})

it.each([
  ['token', { authorization: 'Bearer secret' }],
  ['basic', { authorization: `Basic ${base64('me:pass')}` }],
  ['exec', { authorization: 'Bearer from-exec' }],
])('takes the way to log in of the context %s', async (context, headers) => {
  expect((await (await kubeconfigAccess({ file, context })).credentials()).headers).toEqual(headers)
})

it('takes namespace, proxy and the wish not to verify from the context', async () => {
  const access = await kubeconfigAccess({ file, context: 'token' })
  expect(access).toMatchObject({ namespace: 'bench', proxyUrl: 'http://proxy.example:3128' })
  expect((await access.credentials()).tls.rejectUnauthorized).toBe(false)
})

it.each([
  ['a context that is not there', () => ({ file, context: 'nope' }), 'has no context "nope"', 'cert, token, basic, exec'],
  ['a file that is not there', () => ({ file: join(folder, 'none') }), 'cannot be read', 'Check the path'],
])('refuses %s and says what to do', async (_, options, message, hint) => {
  await expect(kubeconfigAccess(options())).rejects.toMatchObject({ code: 'ASSAY_NO_KUBECONFIG', message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string })
})
