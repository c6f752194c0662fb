// SPDX-License-Identifier: Apache-2.0
import { ENGLISH } from './messages/languages.ts'
import { expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { serverFigures } from './figure-server.ts'
import { sampleExperiment } from './testdata/experiment.ts'

const input = await sampleExperiment({ requests: 60, stacks: 1 })
const titles = (trials: typeof input.trials) => serverFigures(analyze({ ...input, trials }), ENGLISH).map((f) => ENGLISH.textOf(f.title))
const LATENCIES = ['Time to first token', 'Time per output token']
const SERVER = ['Requests running in the server', 'Requests waiting in the server', 'KV-cache usage', 'Output token throughput']

it('latencies stand before what the server says, and each goes without the other', () => {
  expect(titles(input.trials)).toEqual([...LATENCIES, ...SERVER])
  expect(titles(input.trials.map((t) => ({ ...t, server: [] })))).toEqual(LATENCIES)
  // As trials left them before there were any.
  expect(titles(input.trials.map((t) => ({ ...t, stages: t.stages.map(({ overTime: _none, ...s }) => s) })))).toEqual(SERVER)
})

it('all share one axis of time, so that what happens together is seen together', () => {
  const marks = serverFigures(analyze(input), ENGLISH).map(({ svg }) => [...svg.matchAll(/y="0.7em">(\d+)<\/text>/g)].map(([, seconds]) => seconds).join(' '))
  expect(marks[0]).toMatch(/^0 \d+ /)
  expect(new Set(marks).size).toBe(1)
})

it('draws nothing of what was before the first request: it would lie beyond the axis', () => {
  const early = input.trials.map((t) => ({ ...t, server: t.server.map((s) => ({ ...s, points: [[-90_000, 3] as const, ...s.points] })) }))
  const drawn = (trials: typeof input.trials) => serverFigures(analyze({ ...input, trials }), ENGLISH).map((f) => f.svg)
  expect(drawn(early as unknown as typeof input.trials)).toEqual(drawn(input.trials))
})
