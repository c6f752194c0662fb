// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { PlannedOffer } from '../../operator/core/model/record.ts'
import { nameStages, type Offer } from './stage-names.ts'

const planned: readonly PlannedOffer[] = [{ name: 'low', kind: 'constant', rate: 2 }, { name: 'high', kind: 'constant', rate: 8 }]
const names = (points: readonly Offer[], plan: readonly PlannedOffer[] = planned) => nameStages(points, plan).map((s) => s.name)

describe('names of operating points', () => {
  it.each<[string, readonly Offer[], readonly string[]]>([
    ['by the folder of a stage, in any order', [{ stage: 1, kind: 'x' }, { stage: 0, kind: 'x' }], ['high', 'low']],
    ['by what they offer, in any order', [{ kind: 'x', rate: 8 }, { kind: 'x', rate: 2 }], ['high', 'low']],
    ['by their order where they do not say what they offer', [{ kind: 'x' }, { kind: 'x' }], ['low', 'high']],
    ['by their order where two offer the same', [{ kind: 'x', rate: 2 }, { kind: 'x', rate: 2 }], ['low', 'high']],
    ['of the tool where there are more than the workload has', [{ kind: 'constant', rate: 1 }, { kind: 'constant', rate: 3 }, { kind: 'constant', rate: 5 }], ['constant-1', 'constant-3', 'constant-5']],
    ['of what they offer where one folder holds several', [{ stage: 0, kind: 'constant', rate: 1 }, { stage: 0, kind: 'constant', rate: 2 }, { stage: 1, kind: 'constant', rate: 8 }], ['constant-1', 'constant-2', 'high']],
    ['of a folder that the workload has no stage for', [{ stage: 7, kind: 'x' }], ['stage-7']],
  ])('are %s', (_, points, expected) => {
    expect(names(points)).toEqual(expected)
  })

  it('of a profile of the tool\'s own are those that the workload lists, in order; where it lists another number, the tool\'s', () => {
    const points: readonly Offer[] = [{ stage: 0, kind: 'concurrent', concurrency: 1 }, { stage: 0, kind: 'concurrent', concurrency: 2 }]
    const listed = (...list: string[]): PlannedOffer[] => list.map((name) => ({ name, kind: 'toolProfile' }))
    expect(nameStages(points, listed('one', 'two')).map((s) => [s.name, s.kind])).toEqual([['one', 'concurrent'], ['two', 'concurrent']])
    expect(names(points, listed('all'))).toEqual(['concurrent-1', 'concurrent-2'])
  })

  it.each<[string, readonly Offer[], readonly string[]]>([
    ['a rate', [{ kind: 'poisson', rate: 0.5 }], ['poisson-0-5']],
    ['a concurrency', [{ kind: 'concurrent', concurrency: 8 }], ['concurrent-8']],
    ['twice the same', [{ kind: 'concurrent', concurrency: 8 }, { kind: 'concurrent', concurrency: 8 }], ['concurrent-8', 'concurrent-8-2']],
    ['a label', [{ kind: 'concurrent', concurrency: 2, label: 'D(64, 16)' }], ['d-64-16-concurrent-2']],
    ['nothing', [{ kind: 'throughput' }], ['throughput']],
  ])('without a workload say %s', (_, points, expected) => {
    expect(names(points, [])).toEqual(expected)
  })

  it('lets the warm-up belong to the first stage, with identifiers of its own', () => {
    const [warm, low] = nameStages([{ stage: 'warmup', kind: 'x' }, { stage: 0, kind: 'x' }], planned)
    expect(warm).toEqual({ name: 'low', kind: 'constant', phase: 'warmup', prefix: 'warmup-low' })
    expect(low).toEqual({ name: 'low', kind: 'constant', phase: 'measure', prefix: 'low' })
  })
})
