// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { at, experiment, stack, START } from './testdata/objects.ts'
import { createScreen } from './watch-screen.ts'
import type { WatchState } from './watch-view.ts'

/** What a screen writes to a log, one draw after another. */
function drawn(states: readonly WatchState[]): string[] {
  const stream = new PassThrough()
  const screen = createScreen(stream as unknown as NodeJS.WriteStream)
  const written = states.map((state) => {
    screen.draw(state)
    return (stream.read() as Buffer | null)?.toString() ?? ''
  })
  screen.done()
  return written
}

const state = (seconds: number, phase: 'Starting' | 'Ready'): WatchState => ({
  experiment: experiment({ phase: 'Running', startTime: at(0), progress: '0/8' }), stacks: [stack('s', { tp: 1 }, { phase })], trials: [], now: START + seconds * 1000, live: new Map(),
})

it('writes to a log only what is new, a sign of life every ten seconds, and no escape codes', () => {
  const written = drawn([state(1, 'Starting'), state(2, 'Starting'), state(5, 'Ready'), state(14, 'Ready'), state(15, 'Ready')])
  expect(written).toEqual([
    'quickstart: Running · 0/8 trials · 1s elapsed\n  stack tp=1 #1  Starting\n', '', '  stack tp=1 #1  Ready\n', '', 'quickstart: Running · 0/8 trials · 15s elapsed\n',
  ])
  expect(written.join('')).not.toContain('\u001b')
})
