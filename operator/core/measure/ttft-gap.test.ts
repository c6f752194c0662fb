// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { StageFindings } from '../model/findings.ts'
import { gapText, ttftGap } from './ttft-gap.ts'

const client = (mean: number | null, n = 1000, stddev = 10) => ({ mean, n, stddev })
const server = (mean: number, n = 1000, slowest: number | null = 100) => ({ mean, n, stddev: null, ranges: { p99: [0, slowest] } })
const stage = (ttft: object | undefined, own: object | undefined) =>
  ({ stage: 'x', window: { startEpochMs: 0, durationS: 100 }, distributions: { ...(ttft && { ttft }), ...(own && { server_ttft: own }) } }) as unknown as StageFindings

describe('ttftGap', () => {
  it.each([
    ['a few milliseconds of network', client(60), server(55), undefined],
    ['the same, on the dot', client(60), server(60), undefined],
    ['55 ms more, which is most of it', client(80), server(25), /network, gateway or client make the latency/],
    ['55 ms more, which is little of it', client(1000), server(945), undefined],
    ['a server that is slower than its client saw', client(50), server(60), /cannot have seen/],
    ['a server that also counted slow warm-ups', client(50), server(60, 1500), undefined],
    ['a server whose window held a few requests of the next, slow stage', client(55, 100, 2), server(66.7, 105, 500), undefined],
    ['a server that does not know how slow its slowest were', client(50), server(900, 1000, null), undefined],
  ])('%s', (_, ttft, own, doubt) => {
    const gap = ttftGap(stage(ttft, own))
    if (doubt === undefined) expect(gap?.doubt).toBeUndefined()
    else expect(gap?.doubt).toMatch(doubt)
  })

  it('needs both', () => {
    expect(ttftGap(stage(client(1), undefined))).toBeUndefined()
    expect(ttftGap(stage(undefined, server(1)))).toBeUndefined()
    expect(ttftGap(stage(client(null), server(1)))).toBeUndefined()
  })

  it('says both, the difference and its error', () => {
    const gap = ttftGap(stage(client(60), server(55, 999)))
    expect(gapText(gap as NonNullable<typeof gap>)).toBe('mean TTFT is 60 ms by the client and 55 ms by the server; 5 ms (± 0.881 ms) between them: network, gateway and client')
  })
})
