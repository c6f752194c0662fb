// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ClientHealth } from '../../operator/core/model/record.ts'
import { startClock } from './clock.ts'
import { watchHealth } from './health.ts'

const COUNTS = { inFlight: 0, waiting: 0, sent: 9, done: 9, failed: 0, maxInFlight: 7, capWaits: 2, pauses: 0, pausedMs: 0, held: 0 }

describe('watchHealth', () => {
  it('reports reads, peaks and CPU, and sees a loop that is held up', async () => {
    const watch = watchHealth(startClock())
    await new Promise((resolve) => setTimeout(resolve, 30))
    // the lateness that it is to see, and CPU time to go with it
    for (const end = performance.now() + 700; performance.now() < end;);
    await new Promise((resolve) => setTimeout(resolve, 30))
    watch.onRead(1)
    watch.onRead(3)
    const report = ClientHealth.parse(watch.report(COUNTS))
    watch.stop()
    expect(report).toMatchObject({ eventsPerRead: 2, maxInFlight: 7, capWaits: 2, clock: { source: 'monotonic' } })
    expect(report.cpuSeconds).toBeGreaterThan(0.1)
    expect(report.cpuUtilization).toBeGreaterThan(0.1)
    expect(report.loopLagP99Ms).toBeGreaterThan(300)
  })

  it('says nothing of reads that did not happen', () => {
    const watch = watchHealth(startClock())
    expect(watch.report(COUNTS)).not.toHaveProperty('eventsPerRead')
    watch.stop()
  })
})
