// SPDX-License-Identifier: Apache-2.0
/** Prints the benchmarks of the native harness. They are ratios and medians: absolute tails belong to the machine. */
import { benchAccuracy } from './accuracy.ts'
import { benchLoopback } from './loopback.ts'
import { benchReading } from './reading.ts'
import type { Spread } from './spread.ts'

const { ratio, nativeEventsPerCpuSecond, rawEventsPerCpuSecond, eventsPerRead } = await benchReading()
const floor = await benchLoopback()
const { ttftErrorMs, gapErrorMs, lagMs, requests, gaps } = await benchAccuracy()
const ms = ({ p50, p90, p99 }: Spread) => `p50 ${p50.toFixed(3)} ms, p90 ${p90.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`
process.stdout.write(`events per CPU-second: ${Math.round(nativeEventsPerCpuSecond)}, a bare-socket reader ${Math.round(rawEventsPerCpuSecond)}: ratio ${ratio.toFixed(2)} (goal 0.55)
events per read: ${eventsPerRead.native.toFixed(2)}, bare-socket reader ${eventsPerRead.raw.toFixed(2)}
TTFT error over ${requests} requests: ${ms(ttftErrorMs)} (goal p50 0.15 ms)
  the same with a bare socket: ${ms(floor)}; ratio of p50 ${(ttftErrorMs.p50 / floor.p50).toFixed(2)}
gap error over ${gaps} gaps: ${ms(gapErrorMs)} (goal p50 0.15 ms)
schedule lag: ${ms(lagMs)}
`)
