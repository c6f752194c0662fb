// SPDX-License-Identifier: Apache-2.0
import pino, { type Logger } from 'pino'
import { describe, expect, it } from 'vitest'
import { ApiError } from './api-error.ts'
import { type ControllerOptions, DONE, type Result, requeueAfter, runController, TerminalError } from './controller.ts'
import { type FakeClock, fakeClock, settle } from './testdata/fake-clock.ts'
import { createWorkQueue, type WorkQueue } from './work-queue.ts'

interface Line { readonly level: number; readonly msg: string; readonly [field: string]: unknown }

function logged(): { log: Logger; lines: Line[] } {
  const lines: Line[] = []
  return { log: pino({ level: 'debug', base: null }, { write: (line: string) => lines.push(JSON.parse(line) as Line) }), lines }
}

interface Rig { queue: WorkQueue; clock: FakeClock; lines: Line[]; outcomes: string[]; stop: (graceMs?: number) => Promise<void> }

function run(reconcile: ControllerOptions['reconcile'], workers = 1): Rig {
  const clock = fakeClock()
  const queue = createWorkQueue({ clock, random: () => 0 })
  const { log, lines } = logged()
  const outcomes: string[] = []
  let ids = 0
  const controller = runController({
    name: 'trial', queue, workers, reconcile, log, clock, newId: () => `id-${++ids}`,
    metrics: { started: () => outcomes.push('started'), ended: (outcome, ms, terminal) => outcomes.push(`${outcome} ${ms}${terminal ? ' terminal' : ''}`) },
  })
  return { queue, clock, lines, outcomes, stop: (graceMs) => controller.stop({ graceMs }) }
}

describe('the results of a reconcile', () => {
  const conflict = new ApiError({ code: 409, reason: 'Conflict', message: 'modified' })
  it.each<[string, () => Result, { at: number[]; outcome: string; level?: number; failures: number }]>([
    ['done: it waits for a change', () => DONE, { at: [0], outcome: 'success 0', failures: 0 }],
    ['requeue: it comes at its time', () => requeueAfter(400), { at: [0, 400, 800], outcome: 'requeue_after 0', failures: 0 }],
    ['a failure: it comes ever later', () => { throw new Error('no') }, { at: [0, 5, 15, 35, 75, 155, 315, 635], outcome: 'error 0', level: 50, failures: 8 }],
    ['a conflict: the same, quietly', () => { throw conflict }, { at: [0, 5, 15, 35, 75, 155, 315, 635], outcome: 'error 0', level: 20, failures: 8 }],
    ['a terminal failure: it does not come back', () => { throw new TerminalError('never') }, { at: [0], outcome: 'error 0 terminal', level: 50, failures: 0 }],
  ])('%s', async (_, result, expected) => {
    const at: number[] = []
    const rig = run(() => {
      at.push(rig.clock.now())
      return Promise.resolve().then(result)
    })
    rig.queue.add('ns/x')
    await rig.clock.advance(1000)
    expect(at).toEqual(expected.at)
    expect(rig.outcomes[1]).toBe(expected.outcome)
    expect(rig.queue.failures('ns/x')).toBe(expected.failures)
    expect(rig.lines.find(({ msg }) => msg !== 'controller started')?.level).toBe(expected.level)
    await rig.stop()
  })
})

it('gives each reconcile a logger with controller, key and id', async () => {
  const rig = run(async (_, { log }) => {
    log.info('looked')
    return DONE
  })
  rig.queue.add('ns/x')
  await settle()
  expect(rig.lines.find(({ msg }) => msg === 'looked')).toMatchObject({ controller: 'trial', key: 'ns/x', reconcileId: 'id-1' })
  await rig.stop()
})

it('starts afresh after a success: the next failure waits short again', async () => {
  let failing = true
  const rig = run(async () => {
    if (failing) throw new Error('no')
    return DONE
  })
  rig.queue.add('ns/x')
  await rig.clock.advance(100)
  failing = false
  await rig.clock.advance(1000)
  expect(rig.queue.failures('ns/x')).toBe(0)
  await rig.stop()
})

it('and after a terminal failure too', async () => {
  let error: Error = new Error('no')
  const rig = run(async () => { throw error })
  rig.queue.add('ns/x')
  await rig.clock.advance(100)
  error = new TerminalError('never')
  await rig.clock.advance(1000)
  expect(rig.queue.failures('ns/x')).toBe(0)
  await rig.stop()
})

it('works on as many keys at once as it has workers', async () => {
  const running = new Set<string>()
  const release = Promise.withResolvers<void>()
  const rig = run(async (key) => {
    running.add(key)
    await release.promise
    return DONE
  }, 2)
  for (const key of ['a', 'b', 'c']) rig.queue.add(key)
  await settle()
  expect([...running]).toEqual(['a', 'b'])
  release.resolve()
  await settle()
  expect([...running]).toEqual(['a', 'b', 'c'])
  await rig.stop()
})

describe('stopping', () => {
  const slow = (ms: number, said: string[]): ControllerOptions['reconcile'] => async (key, { signal }) => {
    await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')))
      setTimeout(resolve, ms)
    })
    said.push(`${key} ended`)
    return DONE
  }

  it('waits for what runs and hands out nothing more', async () => {
    const said: string[] = []
    const rig = run(slow(20, said))
    rig.queue.add('a')
    rig.queue.add('b')
    await settle()
    await rig.stop(10_000)
    expect(said).toEqual(['a ended'])
    expect(rig.clock.pending()).toBe(0)
  })

  it('aborts what does not end within the grace, without calling that a failure', async () => {
    const said: string[] = []
    const rig = run(slow(60_000, said))
    rig.queue.add('a')
    await settle()
    const stopped = rig.stop(1000)
    await rig.clock.advance(1000)
    await stopped
    expect(said).toEqual([])
    expect(rig.lines.at(-2)).toMatchObject({ level: 20, msg: 'reconcile interrupted' })
  })
})
