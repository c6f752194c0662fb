// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { judgeHardware, neighbourNotes } from './judge-hardware.ts'

const judged = (overlay: Partial<Parameters<typeof judgeHardware>[0]>) => judgeHardware({ gpus: { troubles: [] }, gaps: [], nodes: [], ...overlay }).map(({ reason, severity, stage }) => [reason, severity, stage])
const node = (gpu: object) => ({ nodes: [{ node: 'n1', gpu }] })

describe('judgeHardware', () => {
  it.each([
    ['a GPU of its own', node({ sharing: 'none', replicas: '1', product: 'NVIDIA-H100-80GB-HBM3' }), []],
    ['a MIG slice of its own', node({ product: 'NVIDIA-A100-SXM4-40GB-MIG-1g.5gb', mig: 'single: 1g.5gb' }), []],
    ['time-slicing', node({ sharing: 'time-slicing', replicas: '4' }), [['SharedGpu', 'suspect', undefined]]],
    ['MPS', node({ sharing: 'mps' }), [['SharedGpu', 'suspect', undefined]]],
    ['replicas alone', node({ replicas: '2' }), [['SharedGpu', 'suspect', undefined]]],
    ['a product that says it', node({ product: 'Tesla-T4-SHARED' }), [['SharedGpu', 'suspect', undefined]]],
    ['nodes without labels', { nodes: [{ node: 'n1' }] }, []],
    ['throttling', { gpus: { troubles: [{ kind: 'throttled', message: 'm' }] } }, [['Throttled', 'suspect', undefined]]],
    ['errors', { gpus: { troubles: [{ kind: 'errors', message: 'm' }] } }, [['GpuErrors', 'suspect', undefined]]],
    ['a power cap, which is no doubt', { gpus: { troubles: [{ kind: 'power', message: 'm' }] } }, []],
    ['a late first token', { gaps: [{ stage: 'x', clientMs: 100, serverMs: 10, gapMs: 90, errorMs: 1, doubt: 'd' }] }, [['TtftDisagrees', 'suspect', 'x']]],
    ['one that came as expected', { gaps: [{ stage: 'x', clientMs: 100, serverMs: 99, gapMs: 1, errorMs: 1 }] }, []],
  ] as const)('%s', (_, overlay, expected) => expect(judged(overlay as Parameters<typeof judged>[0])).toEqual(expected))
})

it.each([
  ['quiet neighbours', { cpu: 64, otherCpu: 8 }, []],
  ['busy ones', { cpu: 64, otherCpu: 40.25 }, ['n1: pods of others request 40.3 of its 64 cores (62.9 %)']],
  ['unknown', {}, []],
])('%s', (_, node, expected) => expect(neighbourNotes([{ node: 'n1', ...node }])).toEqual(expected))
