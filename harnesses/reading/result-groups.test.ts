// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { resultGroups, stageOf } from './result-groups.ts'

describe('files of a stage', () => {
  it.each<[string, ReturnType<typeof stageOf>]>([
    ['stage-0/run.json', 0], ['out/stage-12/a/b.json', 12], ['stage-3.json', 3], ['warmup/run.json', 'warmup'], ['a/warmup.json', 'warmup'],
    ['run.json', undefined], ['backstage-1/run.json', undefined], ['stage-1b/run.json', undefined], ['stage_0_lifecycle_metrics.json', undefined], ['warmups.json', undefined],
  ])('%s', (name, stage) => {
    expect(stageOf(name)).toBe(stage)
  })

  it('come in the order of the stages, the warm-up first', () => {
    expect(resultGroups(['loose.json', 'stage-10/a.json', 'stage-2/a.json', 'stage-2/b.json', 'warmup/a.json'])).toEqual([
      { stage: 'warmup', names: ['warmup/a.json'] }, { stage: 2, names: ['stage-2/a.json', 'stage-2/b.json'] },
      { stage: 10, names: ['stage-10/a.json'] }, { stage: undefined, names: ['loose.json'] },
    ])
  })
})
