// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { trialJob } from '../../operator/core/measure/testdata/trial.ts'
import { measureTrial } from '../../operator/core/measure/measure-trial.ts'
import { heldFiles } from '../testing/held-files.ts'
import { adaptNop } from './adapter.ts'

const none = heldFiles({})
const engine = { engine: 'vllm', phases: [{ name: 'weights', seconds: 3, resolution: 0.01 }, { name: 'engine', seconds: 20, resolution: 0.01 }], weights: 'local' }
const pod = (more: object) => ({ pod: 'v-0', node: 'n1', phases: [{ name: 'schedule', seconds: 0, resolution: 1 }, { name: 'load', seconds: 40, resolution: 1 }], ...more })
const job = (stack: object) => trialJob({ spec: { harness: { results: { adapter: 'nop' } } }, stack: { engine: 'vllm', startup: { pods: [pod({ engine })] }, ...stack } })

describe('nop', () => {
  it('has no records: what it measured is the stack\'s start-up, and it says what was cold', async () => {
    const warm = job({ startup: { pods: [pod({ engine, imagePulled: false, servedBefore: true }), pod({ pod: 'v-1', engine: { ...engine, weights: 'downloaded' }, imagePulled: true })] } })
    const result = await adaptNop(none, warm)
    expect(result).toMatchObject({ records: [], stages: [], claims: [], tool: { name: 'nop' } })
    expect(result.notes).toEqual([
      'v-0: image on the node; weights local', 'v-1: image pulled; weights downloaded',
      '1 of 2 pods started on a node that had served this model before: its page cache may have held the weights',
    ])
  })

  it.each<[string, object, RegExp]>([
    ['a server that is there already', { deployed: false }, /start-up times of stack .* are missing/],
    ['a stack without pods', { startup: { pods: [] } }, /are missing/],
    ['pods without a stamp', { engine: 'simulator', startup: { pods: [pod({ phases: [] })] } }, /no pod of stack .* has a start-up phase/],
    ['vLLM whose log could not be read', { startup: { pods: [pod({ logProblem: 'the log of container vllm cannot be read: 403' })] } }, /vLLM's own start-up could not be measured: v-0: the log of container vllm cannot be read: 403/],
    ['vLLM of whom no log was read', { startup: { pods: [pod({})] } }, /no log of a serving pod was read/],
  ])('fails on %s', async (_, stack, message) => {
    await expect(adaptNop(none, job(stack))).rejects.toThrow(message)
  })

  it('takes another engine by its pods alone, and says so', async () => {
    const result = await adaptNop(none, job({ engine: 'simulator', startup: { pods: [pod({})] } }))
    expect(result.notes).toEqual(['only vLLM\'s log is read: of simulator there are the phases that Kubernetes stamps, in whole seconds'])
  })

  it('lands in the findings and the report of the start-up', async () => {
    const own = job({})
    const { records, ...adapter } = await adaptNop(none, own)
    const { findings, reports } = await measureTrial({
      job: own, adapter: { ...adapter, records }, scrapes: [], artifacts: [], harness: { exitCode: 0, timedOut: false, oomKilled: false }, time: { startEpochMs: 0, endEpochMs: 1000 },
    })
    expect(findings).toMatchObject({ verdict: { result: 'valid' }, startup: { pods: [{ engine: { phases: [{ name: 'weights', seconds: 3 }, {}] } }] } })
    expect(Object.keys(reports)).toEqual(['startup'])
  })
})
