// SPDX-License-Identifier: Apache-2.0
/** What a reader process says of itself to the benchmark: events, reads and the CPU time that they took. */

export interface ReaderReport {
  readonly events: number
  readonly reads: number
  readonly cpuSeconds: number
}

export async function report(read: (counts: { events: number; reads: number }) => Promise<void>): Promise<void> {
  const counts = { events: 0, reads: 0 }
  const before = process.cpuUsage()
  await read(counts)
  const { user, system } = process.cpuUsage(before)
  process.send?.({ ...counts, cpuSeconds: (user + system) / 1e6 } satisfies ReaderReport)
  process.disconnect()
}
