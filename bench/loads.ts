// SPDX-License-Identifier: Apache-2.0
/** The native harness and the simulator, by their own benchmarks in short runs: what they cost, and how far off they are. */
import { benchAccuracy } from '../harnesses/native/bench/accuracy.ts'
import { benchLoopback } from '../harnesses/native/bench/loopback.ts'
import { benchReading } from '../harnesses/native/bench/reading.ts'
import { benchSimulator } from '../simulator/bench.ts'
import { figure, type Figure } from './figure.ts'

const RATIO = { by: 'median', atLeast: 0.55 } as const
const ERROR_MS = 0.15
const ACCURACY_ROUNDS = 3
const SIMULATED = { streams: 1000, gapMs: 50, seconds: 6 }
const EVENTS_PER_SECOND = 20_000

export async function benchNative(): Promise<Figure[]> {
  const reading = await benchReading({ streams: 128, eventsPerStream: 200 })
  const floors = [], rounds = []
  for (let round = 0; round < ACCURACY_ROUNDS; round++) {
    floors.push((await benchLoopback()).p50)
    rounds.push(await benchAccuracy({ seconds: 5 }))
  }
  const goal = { by: 'median', atMost: ERROR_MS } as const
  const error = (what: string, values: readonly number[], more: object = {}) => figure({ part: 'native', what, unit: 'ms', values, ...more })
  return [
    figure({ part: 'native', what: 'events per CPU-second, as a share of a bare socket reader\'s', unit: '×', values: reading.rounds.map((round) => round.ratio), goal: RATIO, note: `${reading.eventsPerRead.native.toFixed(2)} events a read, the bare reader ${reading.eventsPerRead.raw.toFixed(2)}; ${Math.round(reading.nativeEventsPerCpuSecond)} events per CPU-second` }),
    error('error of TTFT, p50 of a round', rounds.map((r) => r.ttftErrorMs.p50), { goal, note: 'against the simulator\'s own record of when it handed each event to the kernel' }),
    error('error of gaps, p50 of a round', rounds.map((r) => r.gapErrorMs.p50), { goal }),
    error('error of a bare socket on this machine, p50 of a round', floors, { note: 'what no client can undercut by much here and now' }),
  ]
}

export async function benchSimulated(): Promise<Figure[]> {
  const { streams, gapMs, seconds } = SIMULATED
  const { eventsPerSecond, serverCpuSeconds, client } = await benchSimulator(streams, gapMs, seconds)
  const share = EVENTS_PER_SECOND / (client.events / serverCpuSeconds)
  return [
    figure({ part: 'simulator', what: '20,000 events/s, as a share of one core', unit: 'core', values: [share], goal: { by: 'max', atMost: 1 }, note: `${streams} streams, ${gapMs} ms between tokens: ${Math.round(client.events / serverCpuSeconds)} events per CPU-second` }),
    figure({ part: 'simulator', what: 'events/s written of 20,000 asked for', unit: '/s', values: [eventsPerSecond], note: 'falls where the machine has other things to do' }),
  ]
}
