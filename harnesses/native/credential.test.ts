// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { openCredential } from './credential.ts'

const folder = await mkdtemp(join(tmpdir(), 'credential-'))
const file = join(folder, 'token')
afterAll(() => rm(folder, { recursive: true }))
const now = () => 0

describe('openCredential', () => {
  it('takes a value as it is, and never renews it', async () => {
    const credential = await openCredential({ value: ' s3cret\n' })
    credential.refused()
    expect([credential.value(), credential.notes()]).toEqual(['s3cret', []])
  })

  it('reads a file again after a while', async () => {
    await writeFile(file, 'one\n')
    const credential = await openCredential({ file }, { now, fileEveryMs: 5 })
    expect(credential.value()).toBe('one')
    await writeFile(file, 'two\n')
    await vi.waitFor(() => expect(credential.value()).toBe('two'))
    expect(credential.notes()).toEqual(['the credential was renewed 1 time'])
    credential.close()
  })

  it('runs a command again when the server did not accept its output, though not at every refusal', async () => {
    await writeFile(file, '0')
    let atMs = 0
    const credential = await openCredential({ command: `printf 1 >> '${file}'; cat '${file}'` }, { now: () => atMs, refusedEveryMs: 100 })
    expect(credential.value()).toBe('01')
    credential.refused()
    atMs = 100
    credential.refused()
    credential.refused()
    await vi.waitFor(() => expect(credential.value()).toBe('011'))
    expect(credential.notes()).toEqual(['the credential was renewed 1 time'])
    credential.close()
  })

  it('goes on with what it has when it cannot be renewed, and says so', async () => {
    await writeFile(file, 'one')
    const credential = await openCredential({ file }, { now, fileEveryMs: 5 })
    await writeFile(file, '')
    await vi.waitFor(() => expect(credential.notes()).toEqual([`the credential could not be renewed: the endpoint needs a credential: the file ${file} is empty`]))
    expect(credential.value()).toBe('one')
    credential.close()
  })

  it('begins with the value that was handed over, where the file is not there', async () => {
    const late = join(folder, 'late')
    const credential = await openCredential({ value: 'one', file: late }, { now, fileEveryMs: 5 })
    expect(credential.value()).toBe('one')
    await writeFile(late, 'two')
    await vi.waitFor(() => expect(credential.value()).toBe('two'))
    credential.close()
  })

  it.each([
    [{ value: ' ' }, 'the endpoint needs a credential: its variable is empty'],
    [{ file: join(folder, 'none') }, 'ENOENT'],
    [{ command: 'true' }, 'the output of the command is empty'],
    // what a command says may be the credential
    [{ command: 'echo s3cret; echo s3cret >&2; exit 3' }, 'its command failed (exit code 3)'],
  ])('refuses %o', async (source, message) => {
    const failed = await openCredential(source).then(() => undefined, (error: unknown) => error as Error)
    expect(failed?.message).toContain(message)
    expect(String(failed?.stack)).not.toContain('s3cret\n')
  })
})
