// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AccessError } from './access.ts'
import { inClusterAccess, isInCluster } from './in-cluster.ts'

let folder = ''
const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' }
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-account-'))
  for (const [file, text] of Object.entries({ token: 'first\n', 'ca.crt': 'CA 1', namespace: 'assay-system\n' })) writeFileSync(join(folder, file), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('reads the service account, and again when it is rotated', async () => {
  const access = await inClusterAccess(env, folder)
  expect(access).toMatchObject({ server: 'https://10.0.0.1:443', namespace: 'assay-system' })
  expect(await access.credentials()).toEqual({ headers: { authorization: 'Bearer first' }, tls: { ca: 'CA 1' } })
  writeFileSync(join(folder, 'token'), 'second')
  expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer second' })
})

it('brackets an IPv6 address', async () => {
  expect((await inClusterAccess({ ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)).server).toBe('https://[fd00::1]:443')
})

it('knows whether it is in a cluster', async () => {
  expect([isInCluster(env, folder), isInCluster({}, folder), isInCluster(env, '/nowhere')]).toEqual([true, false, false])
  await expect(inClusterAccess({}, folder)).rejects.toThrow(AccessError)
})
