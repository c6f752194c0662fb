// SPDX-License-Identifier: Apache-2.0
/** Objections to what a stack ran on: GPUs that were slowed, that erred or that were shared, and a first token that came late for other reasons than the server. */
import type { NodeFact } from '../model/node-fact.ts'
import { gapText } from './ttft-gap.ts'
import type { JudgeInput, Objection } from './verdict.ts'
import { LIMITS, percent } from './verdict-limits.ts'

export function judgeHardware({ gpus, gaps, nodes }: Pick<JudgeInput, 'gpus' | 'gaps' | 'nodes'>): Objection[] {
  const of = (kind: 'throttled' | 'errors', reason: Objection['reason']) =>
    gpus.troubles.filter((t) => t.kind === kind).map(({ message }): Objection => ({ reason, severity: 'suspect', message }))
  return [
    ...of('throttled', 'Throttled'), ...of('errors', 'GpuErrors'), ...nodes.flatMap(shared),
    ...gaps.flatMap((gap): Objection[] => (gap.doubt === undefined ? [] : [{ reason: 'TtftDisagrees', severity: 'suspect', stage: gap.stage, message: gapText(gap) }])),
  ]
}

/** Time-slicing and MPS give one GPU to several pods; a MIG slice is nobody else's. */
function shared({ node, gpu }: NodeFact): Objection[] {
  const { sharing = 'none', replicas = '1', product = '' } = gpu ?? {}
  const several = Number(replicas) > 1
  if (sharing === 'none' && !several && !product.endsWith('-SHARED')) return []
  const how = sharing === 'none' ? 'shared' : `shared by ${sharing}`
  return [{ reason: 'SharedGpu', severity: 'suspect', message: `${node}: one GPU is ${how}${several ? ` among up to ${replicas} pods` : ''}: what others do with it is in these numbers` }]
}

/** Others on the node are a remark: they may sleep. */
export function neighbourNotes(nodes: readonly NodeFact[]): string[] {
  return nodes.flatMap(({ node, cpu, otherCpu }) => {
    if (cpu === undefined || otherCpu === undefined || !(otherCpu > LIMITS.otherCpu.value * cpu)) return []
    return [`${node}: pods of others request ${Number(otherCpu.toPrecision(3))} of its ${cpu} cores (${percent(otherCpu / cpu)})`]
  })
}
