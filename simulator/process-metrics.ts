// SPDX-License-Identifier: Apache-2.0
/** What Prometheus clients of all languages tell of their process. It knows nothing of serving. */
import { readFileSync, readdirSync } from 'node:fs'
import { createCounter, createGauge } from './metrics.ts'
import type { Metric } from './metrics.ts'

export function processMetrics(): Metric[] {
  const gauge = (name: string, help: string, read: () => number) => createGauge({ name, help }, [{ labels: {}, read }])
  const startSeconds = Date.now() / 1000 - process.uptime()
  return [
    gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', () => startSeconds),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage.rss()),
    { render: cpuSeconds },
    gauge('process_open_fds', 'Number of open file descriptors.', openFiles),
    gauge('process_max_fds', 'Maximum number of open file descriptors.', maxFiles),
  ]
}

function cpuSeconds(): string {
  const { user, system } = process.cpuUsage()
  const counter = createCounter({ name: 'process_cpu_seconds_total', help: 'Total user and system CPU time spent in seconds.' }, [{}])
  counter.add((user + system) / 1e6)
  return counter.render()
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

function maxFiles(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
