// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createEventQueue } from './event-queue.ts'
import { createEventHub, type Sent } from './events.ts'

const delivered = (trial: string) => ({ namespace: 'n', trial, trialUid: `uid-${trial}`, attempt: 1, receipt: { kind: 'delivered' as const, message: '' } })
const live = (trial: string, sent: number) => ({ namespace: 'n', trial, trialUid: `uid-${trial}`, attempt: 1, sent, at: '' })
const show = ({ id, event }: Sent) => `${id ?? '-'} ${event.kind}${event.kind === 'reset' ? '' : ` ${event.event.trial}`}`

function heard(hub: ReturnType<typeof createEventHub>, lastId?: string): string[] {
  const all: string[] = []
  hub.subscribe((sent) => all.push(show(sent)), lastId)
  return all
}

describe('event hub', () => {
  it('tells a newcomer to look around, then everything that happens', () => {
    const hub = createEventHub('boot')
    const all = heard(hub)
    hub.live(live('a', 1))
    hub.delivered(delivered('a'))
    expect(all).toEqual(['boot-0 reset', '- live a', 'boot-1 delivered a'])
  })

  it('gives who comes back what was missed, and the newest live numbers', () => {
    const hub = createEventHub('boot')
    for (const name of ['a', 'b', 'c']) hub.delivered(delivered(name))
    hub.live(live('d', 1))
    hub.live(live('d', 2))
    expect(heard(hub, 'boot-1')).toEqual(['boot-2 delivered b', 'boot-3 delivered c', '- live d'])
    expect(heard(hub, 'boot-3')).toEqual(['- live d'])
    expect(hub.liveOf({ namespace: 'n', trial: 'd' })?.sent).toBe(2)
  })

  it.each(['before-3', 'boot-99', 'nonsense', ''])('resets a listener whose place is not known: %j', (lastId) => {
    const hub = createEventHub('boot')
    for (const name of ['a', 'b', 'c']) hub.delivered(delivered(name))
    expect(heard(hub, lastId)).toEqual(['boot-3 reset'])
  })

  it('resets a listener that was away for longer than is kept', () => {
    const hub = createEventHub('boot')
    for (let i = 0; i < 2100; i++) hub.delivered(delivered('a'))
    expect(heard(hub, 'boot-50')).toEqual(['boot-2100 reset'])
    expect(heard(hub, 'boot-100')).toHaveLength(2000)
  })

  it('forgets live numbers with the delivery, and listeners that left', () => {
    const hub = createEventHub()
    const leave = hub.subscribe(() => undefined)
    hub.live(live('a', 1))
    hub.delivered(delivered('a'))
    leave()
    expect([hub.liveOf({ namespace: 'n', trial: 'a' }), hub.listeners()]).toEqual([undefined, 0])
  })
})

describe('event queue', () => {
  const sentLive = (trial: string, sent: number): Sent => ({ event: { kind: 'live', event: live(trial, sent) } })

  it('keeps only the newest live event of a trial', async () => {
    const queue = createEventQueue()
    for (const sent of [sentLive('a', 1), sentLive('b', 1), sentLive('a', 2)]) queue.push(sent)
    expect([await queue.next(10), await queue.next(10), await queue.next(10)]).toEqual([sentLive('b', 1), sentLive('a', 2), 'silence'])
  })

  it('cuts off a listener that lags too far behind', async () => {
    const queue = createEventQueue(2)
    for (const trial of ['a', 'b', 'c']) queue.push({ event: { kind: 'delivered', event: delivered(trial) } })
    expect(await queue.next(10)).toBe('closed')
  })

  it('wakes who waits when it is closed', async () => {
    const queue = createEventQueue()
    const next = queue.next(60_000)
    queue.close()
    expect(await next).toBe('closed')
  })
})
