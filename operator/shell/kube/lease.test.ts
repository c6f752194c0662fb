// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ApiError } from './api-error.ts'
import type { Lease } from './builtin-resources.ts'
import { createElector, type Elector, type ElectorOptions } from './lease.ts'
import type { MergePatch } from './resource-api.ts'
import { type FakeClock, fakeClock, settle } from './testdata/fake-clock.ts'

/** An API server that knows one Lease. */
function leaseServer() {
  let lease: Lease | undefined
  let version = 0
  let down = false
  let wait = async () => undefined as void
  const answer = (next: Lease): Lease => {
    version += 1
    lease = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } }
    return lease
  }
  const unlessDown = () => { if (down) throw new ApiError({ code: 0, reason: 'Timeout', message: 'no answer' }) }
  const api = {
    find: async () => {
      unlessDown()
      return lease
    },
    create: async (_: unknown, object: Lease) => {
      unlessDown()
      if (lease !== undefined) throw new ApiError({ code: 409, reason: 'AlreadyExists', message: 'exists' })
      return answer(object)
    },
    patchMerge: async (_: unknown, __: unknown, patch: MergePatch) => {
      unlessDown()
      await wait()
      const wanted = (patch['metadata'] as { resourceVersion: string }).resourceVersion
      if (lease === undefined || lease.metadata.resourceVersion !== wanted) throw new ApiError({ code: 409, reason: 'Conflict', message: 'modified' })
      const spec = Object.fromEntries(Object.entries({ ...lease.spec, ...(patch['spec'] as object) }).filter(([, value]) => value !== null))
      return answer({ ...lease, spec })
    },
  }
  return {
    api: api as unknown as ElectorOptions['api'], lease: () => lease, down: (is: boolean) => { down = is },
    slow: (clock: FakeClock, ms: number) => { wait = () => new Promise((resolve) => { clock.after(ms, resolve) }) },
    put: (spec: Lease['spec']) => answer({ metadata: { name: 'l', namespace: 'n' }, spec }),
  }
}

function rig() {
  const clock = fakeClock()
  const server = leaseServer()
  const said: string[] = []
  const elector = (identity: string): Elector => createElector({
    api: server.api, namespace: 'n', name: 'l', identity, clock, random: () => 0.5,
    onElected: () => said.push(`${identity} elected at ${clock.now()}`), onLost: (why) => said.push(`${identity} lost at ${clock.now()}: ${why}`),
  })
  return { clock, server, said, elector }
}

async function started(clock: FakeClock, ...electors: Elector[]): Promise<void> {
  for (const elector of electors) {
    elector.start()
    await settle()
  }
  await clock.advance(0)
}

it('elects the first, keeps it, and writes what a Lease wants', async () => {
  const { clock, server, said, elector } = rig()
  const [a, b] = [elector('a'), elector('b')]
  await started(clock, a, b)
  await clock.advance(120_000)
  expect(said).toEqual(['a elected at 0'])
  expect([a.leads(), b.leads()]).toEqual([true, false])
  expect(server.lease()?.spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0, acquireTime: '2026-01-01T00:00:00.000000Z' })
  expect(server.lease()?.spec?.renewTime).toMatch(/^2026-01-01T00:0[12]:\d\d\.\d{6}Z$/)
  await Promise.all([a.stop(), b.stop()])
})

it('gives the Lease back when it stops, so that the next needs no patience', async () => {
  const { clock, server, said, elector } = rig()
  const [a, b] = [elector('a'), elector('b')]
  await started(clock, a, b)
  await clock.advance(5000)
  await a.stop()
  expect(a.leads()).toBe(false)
  expect(server.lease()?.spec?.holderIdentity).toBeUndefined()
  await clock.advance(2000)
  expect(said).toEqual(['a elected at 0', 'b elected at 6000'])
  expect(server.lease()?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 })
  await b.stop()
})

it('takes over from a holder that is silent for the lease, by its own clock', async () => {
  const { clock, server, said, elector } = rig()
  server.put({ holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2031-01-01T00:00:00.000000Z', leaseTransitions: 4 })
  const b = elector('b')
  await started(clock, b)
  await clock.advance(14_000)
  expect(said).toEqual([])
  await clock.advance(2000)
  expect(said).toEqual(['b elected at 16000'])
  expect(server.lease()?.spec?.leaseTransitions).toBe(5)
  await b.stop()
})

it('respects the duration that the holder wrote, not its own', async () => {
  const { clock, server, said, elector } = rig()
  server.put({ holderIdentity: 'slow', leaseDurationSeconds: 60 })
  const b = elector('b')
  await started(clock, b)
  await clock.advance(59_000)
  expect(said).toEqual([])
  await clock.advance(3000)
  expect(said).toEqual(['b elected at 60000'])
  await b.stop()
})

describe('the holder is lost', () => {
  it('when the API server does not answer until the deadline, before anybody else may lead', async () => {
    const { clock, server, said, elector } = rig()
    const a = elector('a')
    await started(clock, a)
    await clock.advance(3000)
    server.down(true)
    await clock.advance(8999)
    expect(a.leads()).toBe(true)
    await clock.advance(1)
    expect(said).toEqual(['a elected at 0', 'a lost at 12000: the lease could not be renewed for 10000 ms'])
    expect(a.leads()).toBe(false)
  })

  it('counting from when a slow renewal was sent, as others count from when it was done', async () => {
    const { clock, server, said, elector } = rig()
    const a = elector('a')
    await started(clock, a)
    server.slow(clock, 3000)
    await clock.advance(5000)
    server.down(true)
    clock.stall(7500)
    expect(a.leads()).toBe(false)
    await clock.advance(0)
    expect(said[1]).toBe('a lost at 12500: the lease could not be renewed for 10000 ms')
  })

  it('not when the API server comes back in time', async () => {
    const { clock, server, said, elector } = rig()
    const a = elector('a')
    await started(clock, a)
    server.down(true)
    await clock.advance(7500)
    server.down(false)
    await clock.advance(60_000)
    expect(said).toEqual(['a elected at 0'])
    await a.stop()
  })

  it('at once when somebody else holds it', async () => {
    const { clock, server, said, elector } = rig()
    const a = elector('a')
    await started(clock, a)
    server.put({ holderIdentity: 'thief', leaseDurationSeconds: 15 })
    await clock.advance(4000)
    expect(said).toEqual(['a elected at 0', 'a lost at 4000: thief holds the lease'])
  })

  it('by a stalled event loop: leads() says so before any timer has run', async () => {
    const { clock, said, elector } = rig()
    const a = elector('a')
    await started(clock, a)
    clock.stall(11_000)
    expect(a.leads()).toBe(false)
    await clock.advance(0)
    expect(said[1]).toBe('a lost at 11000: the lease could not be renewed for 10000 ms')
  })
})

it('takes a Lease that names it: its last process ended in the same pod', async () => {
  const { clock, server, said, elector } = rig()
  server.put({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 3 })
  const a = elector('a')
  await started(clock, a)
  expect(said).toEqual(['a elected at 0'])
  expect(server.lease()?.spec?.leaseTransitions).toBe(3)
  await a.stop()
})

it('never has two leaders, whatever fails and stalls', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { clock, server, elector } = rig()
    let dice = seed
    const roll = (sides: number) => {
      dice = (dice * 1_103_515_245 + 12_345) % 2_147_483_648
      return dice % sides
    }
    const electors = ['a', 'b', 'c'].map(elector)
    await started(clock, ...electors)
    for (let step = 0; step < 60; step++) {
      server.down(roll(3) === 0)
      if (roll(6) === 0) clock.stall(roll(20_000))
      else await clock.advance(roll(4000))
      expect(electors.filter((each) => each.leads()).length).toBeLessThanOrEqual(1)
    }
    server.down(false)
    await Promise.all(electors.map((each) => each.stop()))
  }
})
