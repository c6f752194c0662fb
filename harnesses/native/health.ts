// SPDX-License-Identifier: Apache-2.0
/** Watches the load generator itself: CPU, lateness of its loop, merged reads, throttling. Its findings tell a slow client from a slow server. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ClientHealth } from '../../operator/core/model/record.ts'
import type { Clock } from './clock.ts'
import type { FlightCounts } from './flight.ts'

export interface HealthWatch {
  /** For every read that carried content. */
  readonly onRead: (events: number) => void
  readonly report: (counts: Readonly<FlightCounts>) => ClientHealth
  readonly stop: () => void
}

const SAMPLE_EVERY_MS = 1000
const LAG_RESOLUTION_MS = 10
const CPU_STAT = ['/sys/fs/cgroup/cpu.stat', '/sys/fs/cgroup/cpu/cpu.stat'] as const

export function watchHealth(clock: Clock): HealthWatch {
  const cpuAtStart = process.cpuUsage()
  const throttledAtStart = throttledSeconds()
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
  lag.enable()
  let reads = 0
  let events = 0
  const shares: number[] = []
  let last = { cpu: process.threadCpuUsage(), atMs: clock.now() }
  const sample = () => {
    const now = { cpu: process.threadCpuUsage(), atMs: clock.now() }
    const busyMs = (now.cpu.user - last.cpu.user + now.cpu.system - last.cpu.system) / 1000
    if (now.atMs - last.atMs > SAMPLE_EVERY_MS / 2) shares.push(busyMs / (now.atMs - last.atMs))
    last = now
  }
  const timer = setInterval(sample, SAMPLE_EVERY_MS)
  timer.unref()

  return {
    onRead: (count) => {
      reads++
      events += count
    },
    report: ({ maxInFlight, capWaits }) => {
      sample()
      const cpu = process.cpuUsage(cpuAtStart)
      const throttled = throttledSeconds()
      return {
        clock: { epochMs: clock.epochMs, source: 'monotonic' },
        cpuSeconds: rounded((cpu.user + cpu.system) / 1e6),
        ...(shares.length > 0 ? { cpuUtilization: rounded(busiest(shares)) } : {}),
        loopLagP99Ms: rounded(Math.max(0, lag.percentile(99) / 1e6 - LAG_RESOLUTION_MS)),
        ...(reads > 0 ? { eventsPerRead: rounded(events / reads) } : {}),
        ...(throttled !== undefined && throttledAtStart !== undefined ? { throttledSeconds: rounded(throttled - throttledAtStart) } : {}),
        maxInFlight,
        capWaits,
      }
    },
    stop: () => {
      clearInterval(timer)
      lag.disable()
    },
  }
}

/** The ninth decile of the seconds: a mean over pauses and drains would hide a full core, one bad second should not condemn a run. */
function busiest(shares: readonly number[]): number {
  const sorted = shares.toSorted((a, b) => a - b)
  return Math.max(0, sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0)
}

/** Time that this cgroup was throttled: microseconds in version 2, nanoseconds in version 1; undefined where neither tells. */
function throttledSeconds(): number | undefined {
  for (const path of CPU_STAT) {
    const text = readOrEmpty(path)
    const [, name, value] = /^(throttled_usec|throttled_time) (\d+)$/m.exec(text) ?? []
    if (value !== undefined) return Number(value) / (name === 'throttled_usec' ? 1e6 : 1e9)
  }
  return undefined
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
