// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, expect, it } from 'vitest'
import { HACK, lacks, scratchFolder } from '../testing/bash.ts'

const CAPABILITIES = { bounding: ['CAP_CHOWN', 'CAP_SYS_RESOURCE', 'CAP_BPF'], effective: ['CAP_SYS_RESOURCE'], inheritable: [] }
/** CHOWN is bit 0, BPF bit 39; SYS_RESOURCE, bit 24, is missing. */
const BOUNDING = 'CapBnd:\t0000008000000001\n'

beforeEach(async ({ skip }) => skip(await lacks('jq'), 'jq is not installed; where the shim is needed, it gets installed with it'))

/** Runs the shim as a host with these capabilities would, before a runc that says how it was called. */
async function run(args: readonly string[], folder: string) {
  const status = join(folder, 'status')
  const runc = join(folder, 'runc')
  writeFileSync(status, `Name:\tbash\n${BOUNDING}`)
  writeFileSync(runc, '#!/bin/bash\nprintf "%s\\n" "$@"\n', { mode: 0o755 })
  const shim = readFileSync(join(HACK, 'offline/runc-with-available-caps'), 'utf8').replace('/proc/self/status', status).replace('/usr/sbin/runc', runc)
  return (await execa('bash', ['-s', '--', ...args], { input: shim })).stdout.split('\n')
}

interface Case {
  readonly what: string
  readonly args: (folder: string) => string[]
  readonly file: string
  readonly before: unknown
  readonly after: unknown
}

const LEFT = { bounding: ['CAP_CHOWN', 'CAP_BPF'], effective: [], inheritable: [] }
const cases: readonly Case[] = [
  { what: 'create', file: 'config.json', args: (folder) => ['--root', '/run', 'create', '--bundle', folder, 'x'],
    before: { process: { args: ['sh'], capabilities: CAPABILITIES } }, after: { process: { args: ['sh'], capabilities: LEFT } } },
  { what: 'exec', file: 'process.json', args: (folder) => ['exec', '-p', join(folder, 'process.json'), 'x'],
    before: { capabilities: CAPABILITIES }, after: { capabilities: LEFT } },
  { what: 'create with none', file: 'config.json', args: (folder) => ['create', '-b', folder],
    before: { process: { args: ['sh'] } }, after: { process: { args: ['sh'] } } },
]

it.each(cases)('takes what the host lacks out of $what', async ({ args, file, before, after }) => {
  const folder = scratchFolder()
  writeFileSync(join(folder, file), JSON.stringify(before))
  expect(await run(args(folder), folder)).toEqual(args(folder))
  expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toEqual(after)
})

it('passes everything else on as it is', async () => {
  expect(await run(['state', 'a b', '--format', 'json'], scratchFolder())).toEqual(['state', 'a b', '--format', 'json'])
})
