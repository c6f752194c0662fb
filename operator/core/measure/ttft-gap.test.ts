// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { StageFindings } from '../model/findings.ts'
import { gapText, ttftGap } from './ttft-gap.ts'

const spread = (mean: number | null, n = 1000, stddev: number | null = 10) => ({ mean, n, stddev })
const stage = (client: object | undefined, server: object | undefined) =>
  ({ stage: 'x', distributions: { ...(client && { ttft: client }), ...(server && { server_ttft: server }) } }) as unknown as StageFindings

describe('ttftGap', () => {
  it.each([
    ['a few milliseconds of network', spread(60), spread(55, 1000, null), undefined],
    ['the same, on the dot', spread(60), spread(60, 1000, null), undefined],
    ['51 ms more, which is most of it', spread(80), spread(29, 1000, null), /network, gateway or client make the latency/],
    ['51 ms more, which is little of it', spread(1000), spread(949, 1000, null), undefined],
    ['a server that is slower than its client saw', spread(50), spread(60, 1000, null), /cannot have seen/],
    ['a server that also counted slow warm-ups', spread(50), spread(60, 1500, null), undefined],
  ])('%s', (_, client, server, doubt) => {
    const gap = ttftGap(stage(client, server))
    if (doubt === undefined) expect(gap?.doubt).toBeUndefined()
    else expect(gap?.doubt).toMatch(doubt)
  })

  it('needs both', () => {
    expect(ttftGap(stage(spread(1), undefined))).toBeUndefined()
    expect(ttftGap(stage(undefined, spread(1)))).toBeUndefined()
    expect(ttftGap(stage(spread(null), spread(1)))).toBeUndefined()
  })

  it('says both, the difference and its error', () => {
    const gap = ttftGap(stage(spread(60), spread(55, 999, null)))
    expect(gapText(gap as NonNullable<typeof gap>)).toBe('mean TTFT is 60 ms by the client and 55 ms by the server; 5 ms (± 0.04 ms) between them: network, gateway and client')
  })
})
