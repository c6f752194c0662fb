// SPDX-License-Identifier: Apache-2.0
/** Drives the engine in real time with one timer for all streams. It decides no latency: what is due is the engine's to say. */
import type { Clock } from './clock.ts'
import type { Engine, EngineListener, Run, Sequence } from './engine.ts'

export type Scheduler = {
  readonly submit: (sequence: Sequence, listener: EngineListener, arrivedNs: number) => Run
  readonly abort: (run: Run) => void
  readonly stop: () => void
}

/** Timers fire up to a millisecond late; what is due within half of one is done at once, so that the mean error is about nought. */
const LOOK_AHEAD_MS = 0.5

export function createScheduler(engine: Engine, clock: Clock): Scheduler {
  let armedFor = Infinity
  let cancel: (() => void) | undefined

  const nowMs = () => clock.nowNs() / 1e6
  const wake = () => {
    armedFor = Infinity
    cancel = undefined
    engine.advance(nowMs() + LOOK_AHEAD_MS)
    arm()
  }
  const arm = () => {
    const next = engine.nextDue()
    if (next >= armedFor) return
    cancel?.()
    armedFor = next
    cancel = clock.timer(Math.max(0, next - nowMs()), wake)
  }
  return {
    submit: (sequence, listener, arrivedNs) => {
      // what was due before the arrival happens before it, whatever the timer's lag
      engine.advance(arrivedNs / 1e6)
      const run = engine.submit(sequence, listener, arrivedNs / 1e6)
      arm()
      return run
    },
    abort: (run) => {
      engine.abort(run, nowMs())
      arm()
    },
    stop: () => {
      cancel?.()
      armedFor = -Infinity
    },
  }
}
