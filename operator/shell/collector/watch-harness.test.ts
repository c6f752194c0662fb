// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../kube/testdata/fake-clock.ts'
import { findHarness, harnessFamily } from './find-harness.ts'
import type { ProcessSeen, ProcessTable } from './process-table.ts'
import { type HarnessEnded, watchHarness, type WatchOptions } from './watch-harness.ts'

const SELF = 7
const seen = (pid: number, options: Partial<ProcessSeen> = {}): ProcessSeen => ({ pid, startTicks: String(pid), parent: 0, zombie: false, cgroup: 'harness', ...options })
const PAUSE = seen(1, { cgroup: 'pause' })
const OURS = seen(SELF, { cgroup: 'own' })

describe('findHarness', () => {
  it.each<[string, ProcessSeen[], number | undefined]>([
    ['nobody else', [PAUSE, OURS], undefined],
    ['another container', [PAUSE, OURS, seen(20)], 20],
    ['not a child of it', [PAUSE, OURS, seen(21, { parent: 20 })], undefined],
    ['not somebody who looks into our container', [PAUSE, OURS, seen(20, { cgroup: 'own' })], undefined],
    ['the oldest, when somebody debugs', [PAUSE, OURS, seen(40, { cgroup: 'debug' }), seen(20)], 20],
    ['the older, whatever the pids', [PAUSE, OURS, seen(20, { startTicks: '900' }), seen(40, { startTicks: '100' })], 40],
    ['not one that has ended', [PAUSE, OURS, seen(20, { zombie: true })], undefined],
    ['anybody from outside, where control groups cannot be read', [seen(1, { cgroup: '' }), seen(SELF, { cgroup: '' }), seen(20, { cgroup: '' })], 20],
  ])('finds %s', (_, processes, expected) => {
    expect(findHarness(processes, SELF)?.pid).toBe(expected)
  })
})

describe('harnessFamily', () => {
  it('is the whole container, children listed before their parents, orphans too', () => {
    const processes = [PAUSE, OURS, seen(30, { parent: 25 }), seen(25, { parent: 20 }), seen(20), seen(33, { parent: 1 }), seen(9, { parent: SELF, cgroup: 'own' })]
    expect(harnessFamily(processes, seen(20), SELF).toSorted((a, b) => a - b)).toEqual([20, 25, 30, 33])
  })

  it('is the family by parents where control groups do not tell', () => {
    const all = (pid: number, parent: number) => seen(pid, { parent, cgroup: 'own' })
    expect(harnessFamily([all(1, 0), all(SELF, 0), all(20, 0), all(21, 20), all(50, 0)], all(20, 0), SELF)).toEqual([20, 21])
  })
})

interface World { readonly processes: Map<number, ProcessSeen>; readonly signals: string[]; refuses?: boolean; readonly dies?: NodeJS.Signals }

function watched(world: World, options: Partial<WatchOptions> = {}) {
  const clock = fakeClock()
  const stop = new AbortController()
  const table: ProcessTable = {
    self: SELF, list: () => [PAUSE, OURS, ...world.processes.values()], find: (pid) => world.processes.get(pid),
    signal: (pid, signal) => {
      world.signals.push(`${signal} ${pid}`)
      if (signal === world.dies || signal === 'SIGKILL') world.processes.delete(pid)
      return world.refuses === true ? 'refused' : 'sent'
    },
  }
  const started: number[] = []
  let end: HarnessEnded | 'none' | undefined
  const done = watchHarness({ table, clock, timeoutMs: 10_000, graceMs: 2000, signal: stop.signal, onStarted: ({ pid }) => started.push(pid), ...options })
    .then((ended) => { end = ended ?? 'none' })
  return { advance: clock.advance, stop, done, started, end: () => end }
}

describe('watchHarness', () => {
  it('sees start and end', async () => {
    const world: World = { processes: new Map(), signals: [] }
    const watch = watched(world)
    await watch.advance(500)
    world.processes.set(20, seen(20))
    await watch.advance(500)
    expect(watch.started).toEqual([20])
    world.processes.delete(20)
    await watch.advance(200)
    expect(watch.end()).toMatchObject({ exitCode: null, timedOut: false })
    expect(world.signals).toEqual([])
  })

  it.each([[{ code: 3, signal: 0 }, 3], [{ code: 0, signal: 9 }, 137]])('reads the end of a zombie: %j', async (exit, exitCode) => {
    const world: World = { processes: new Map([[20, seen(20)]]), signals: [] }
    const watch = watched(world)
    await watch.advance(200)
    world.processes.set(20, seen(20, { zombie: true, exit }))
    await watch.advance(200)
    expect(watch.end()).toMatchObject({ exitCode })
  })

  it('takes another process under the same pid for the end', async () => {
    const world: World = { processes: new Map([[20, seen(20)]]), signals: [] }
    const watch = watched(world)
    await watch.advance(200)
    world.processes.set(20, seen(20, { startTicks: 'later' }))
    await watch.advance(200)
    expect(watch.end()).toMatchObject({ timedOut: false })
  })

  it('sends TERM at the timeout, and KILL to all after the grace', async () => {
    const world: World = { processes: new Map([[20, seen(20)], [21, seen(21, { parent: 20 })]]), signals: [] }
    const watch = watched(world)
    await watch.advance(9900)
    expect(world.signals).toEqual([])
    await watch.advance(200)
    expect(world.signals).toEqual(['SIGTERM 20'])
    await watch.advance(2200)
    expect(world.signals.slice(1).toSorted()).toEqual(['SIGKILL 20', 'SIGKILL 21'])
    expect(watch.end()).toMatchObject({ timedOut: true, message: 'ended by TERM and, after 2 s, KILL after 10 s' })
  })

  it('sends no KILL to who heeds TERM', async () => {
    const world: World = { processes: new Map([[20, seen(20)]]), signals: [], dies: 'SIGTERM' }
    const watch = watched(world)
    await watch.advance(11_000)
    expect(world.signals).toEqual(['SIGTERM 20'])
    expect(watch.end()).toMatchObject({ timedOut: true, message: 'ended by TERM after 10 s' })
  })

  it('counts from the start that an earlier run of ours saw', async () => {
    const world: World = { processes: new Map([[20, seen(20)]]), signals: [], dies: 'SIGTERM' }
    const clock = fakeClock()
    const watch = watched(world, { known: { pid: 20, startTicks: '20', cgroup: 'harness', epochMs: clock.epochMs() - 9000 } })
    await watch.advance(1100)
    expect(world.signals).toEqual(['SIGTERM 20'])
  })

  it('knows the end of a harness that ended while we were away', async () => {
    const watch = watched({ processes: new Map(), signals: [] }, { known: { pid: 20, startTicks: '20', cgroup: 'harness', epochMs: 0 } })
    await watch.advance(0)
    expect(watch.end()).toMatchObject({ timedOut: false })
  })

  it('says that a harness of another user may not be signalled', async () => {
    const world: World = { processes: new Map([[20, seen(20)]]), signals: [], refuses: true }
    const watch = watched(world)
    await watch.advance(10_100)
    world.processes.clear()
    await watch.advance(200)
    expect(watch.end()).toMatchObject({ message: expect.stringContaining('may not be signalled') as string })
  })

  it('ends when told to: before the start, and while the harness runs', async () => {
    const before = watched({ processes: new Map(), signals: [] })
    before.stop.abort()
    await before.done
    expect(before.end()).toBe('none')
    const during = watched({ processes: new Map([[20, seen(20)]]), signals: [] })
    await during.advance(200)
    during.stop.abort()
    await during.done
    expect(during.end()).toMatchObject({ message: 'the pod was ended while the harness ran' })
  })
})
