// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { judgeProbes, type Margins, type ProbeVerdict } from './probe-verdict.ts'

const PATIENCE = { replicates: 2, maxReplicates: 4 }
const one = (...values: readonly number[]): Margins[] => values.map((v) => [v])

describe('judgeProbes', () => {
  it.each<[string, readonly (Margins | undefined)[], ProbeVerdict | null, readonly number[]]>([
    ['nothing measured', [], null, [1, 2]],
    ['one of two', one(1), null, [2]],
    ['the second only', [undefined, [1]], null, [1]],
    ['two that agree', one(1, 1.1), 'met', []],
    ['two that agree that it is missed', one(-1, -1.1), 'missed', []],
    ['two that are equal, just met', one(0, 0), 'met', []],
    ['two that agree, but scatter as much as they differ from the bound', one(0.1, 2), null, [3]],
    ['two that disagree', one(1, -1), null, [3]],
    ['three with a clear mean', one(5, 4, 4.5), 'met', []],
    ['as many as may be, and no clear mean', one(1, -1, 1, -1), 'undecided', []],
    ['an invalid trial is no evidence: another is wanted', [[1], null], null, [3]],
    ['two usable ones beside an invalid one', [[1], null, [1]], 'met', []],
    ['no usable one', [null, null], 'unmeasured', []],
    ['one usable one of as many as may be', [[1], null, null, null], 'undecided', []],
  ])('%s', (_, trials, verdict, missing) => {
    expect(judgeProbes([{ load: 8, trials }], PATIENCE)).toMatchObject([{ load: 8, verdict, missing }])
  })

  it('misses when one objective surely is missed, and meets only when all surely are met', () => {
    const judged = (trials: readonly Margins[]) => judgeProbes([{ load: 8, trials }], PATIENCE)[0]?.verdict
    expect(judged([[5, -1], [5, -1.1]])).toBe('missed')
    expect(judged([[5, 1], [5, -1]])).toBe(null)
    expect(judged([[5, 1], [5, 1.1]])).toBe('met')
  })

  it('takes the scatter of loads nearby for that of few trials, and not that of loads far off', () => {
    const noisy = one(10, -10)
    const verdict = (load: number) => judgeProbes([{ load: 8, trials: one(1, 1.01) }, { load, trials: noisy }], PATIENCE)[0]?.verdict
    expect(verdict(9)).toBe(null)
    expect(verdict(16)).toBe('met')
  })
})
