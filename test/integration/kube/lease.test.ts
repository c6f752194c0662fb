// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { execa, type ResultPromise } from 'execa'
import { afterEach, expect, it, vi } from 'vitest'
import { LEASES } from '../../../operator/shell/kube/builtin-resources.ts'
import { findKubeconfig, useApi, useNamespace } from '../cluster.ts'

const namespace = useNamespace('kube-lease')
const { api } = useApi()

interface Candidate { readonly process: ResultPromise; readonly said: () => string }
const candidates: Candidate[] = []
afterEach(async () => {
  for (const { process } of candidates.splice(0)) {
    process.kill('SIGKILL')
    await process
  }
})

async function candidate(identity: string): Promise<Candidate> {
  let said = ''
  const process = execa('node', [join(import.meta.dirname, 'elector-process.ts'), findKubeconfig(), namespace(), identity], { reject: false, preferLocal: true, buffer: false })
  process.stdout?.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const started = { process, said: () => said }
  candidates.push(started)
  await eventually(() => expect(said).toContain('started'))
  return started
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 })
const holder = async () => (await api().find(LEASES, { namespace: namespace(), name: 'leader' }))?.spec

it('hands leadership over: at once on SIGTERM, after the lease on SIGKILL', async () => {
  const a = await candidate('a')
  await eventually(() => expect(a.said()).toContain('elected'))
  const b = await candidate('b')
  const c = await candidate('c')
  expect([b.said(), c.said()]).toEqual(['started\n', 'started\n'])

  a.process.kill('SIGTERM')
  const { exitCode } = await a.process
  expect(exitCode).toBe(0)
  const elected = () => [b, c].filter(({ said }) => said().includes('elected'))
  await eventually(() => expect(elected()).toHaveLength(1))
  expect(await holder()).toMatchObject({ leaseTransitions: 1, leaseDurationSeconds: 3 })

  const [second] = elected()
  second?.process.kill('SIGKILL')
  await eventually(() => expect(elected()).toHaveLength(2))
  expect(await holder()).toMatchObject({ leaseTransitions: 2, holderIdentity: second === b ? 'c' : 'b' })
})

it('ends a process that stood still while another took over', async () => {
  await api().delete(LEASES, { namespace: namespace(), name: 'leader' })
  const a = await candidate('a2')
  await eventually(() => expect(a.said()).toContain('elected'))
  const b = await candidate('b2')
  a.process.kill('SIGSTOP')
  await eventually(() => expect(b.said()).toContain('elected'))
  a.process.kill('SIGCONT')
  const { exitCode } = await a.process
  expect([exitCode, a.said()]).toEqual([1, expect.stringContaining('lost: ')])
  expect((await holder())?.holderIdentity).toBe('b2')
})
