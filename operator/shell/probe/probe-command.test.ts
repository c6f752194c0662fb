// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { registerProbe, runProbe } from './probe-command.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

describe('probe', () => {
  it('writes one JSON object to the termination log and fails', async () => {
    const log = join(mkdtempSync(join(tmpdir(), 'assay-probe-')), 'log')
    vi.stubEnv('ASSAY_TERMINATION_LOG', log)
    const program = new Command()
    registerProbe(program)
    await program.parseAsync(['probe', '--request', JSON.stringify({ url: 'http://127.0.0.1:1', model: 'm' })], { from: 'user' })
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ ok: false, reason: 'EndpointDown' })
    expect(process.exitCode).toBe(1)
  })

  it('says that the Secret has no such key', async () => {
    const request = JSON.stringify({ url: 'http://127.0.0.1:1', model: 'm', credential: { header: 'Authorization', prefix: 'Bearer ' } })
    expect(await runProbe(request, {})).toMatchObject({ ok: false, reason: 'Unauthorized', message: expect.stringContaining('check the Secret') as string })
    expect(await runProbe(request, { ASSAY_CREDENTIAL: 'x' })).toMatchObject({ reason: 'EndpointDown' })
  })

  it('refuses a request with unknown members', async () => {
    await expect(runProbe(JSON.stringify({ url: 'http://127.0.0.1:1', model: 'm', modle: 1 }))).rejects.toThrow(/modle/)
  })
})
