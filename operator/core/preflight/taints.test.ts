// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { ScenarioSpec } from '../model/scenario.ts'
import { repelledBy } from './taints.ts'

type Toleration = ScenarioSpec['tolerations'][number]

describe('repelledBy', () => {
  const taints = [{ key: 'team', value: 'a', effect: 'NoSchedule' }]
  it.each<[string, Toleration[], string | undefined]>([
    ['nothing', [], 'team=a:NoSchedule'],
    ['the same value', [{ key: 'team', value: 'a' }], undefined],
    ['another value', [{ key: 'team', value: 'b', operator: 'Equal' }], 'team=a:NoSchedule'],
    ['any value', [{ key: 'team', operator: 'Exists' }], undefined],
    ['any value of another effect', [{ key: 'team', operator: 'Exists', effect: 'NoExecute' }], 'team=a:NoSchedule'],
    ['the value and the effect', [{ key: 'team', value: 'a', effect: 'NoSchedule' }], undefined],
    ['everything', [{ operator: 'Exists' }], undefined],
    ['no key and no operator, which tolerates nothing', [{ value: 'a' }], 'team=a:NoSchedule'],
    ['another key', [{ key: 'teams', operator: 'Exists' }], 'team=a:NoSchedule'],
  ])('by a pod that tolerates %s', (_, tolerations, found) => {
    expect(repelledBy({ taints }, { resource: 'nvidia.com/gpu', tolerations })).toBe(found)
  })

  it('names a taint without a value as kubectl does', () => {
    expect(repelledBy({ taints: [{ key: 'gone', effect: 'NoExecute' }] }, { resource: 'x/y', tolerations: [] })).toBe('gone:NoExecute')
  })
})
