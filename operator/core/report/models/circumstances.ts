// SPDX-License-Identifier: Apache-2.0
/** What a model ran on and was measured with, beside the model itself: models are only compared alone where these are the same. */
import type { Findings } from '../../model/findings.ts'
import type { Trial } from './groups.ts'

export const CIRCUMSTANCES = ['engine', 'accelerator', 'gpus', 'replicas', 'parallelism', 'tool', 'input', 'offered'] as const
export type Circumstance = (typeof CIRCUMSTANCES)[number]
export type Circumstances = Readonly<Record<Circumstance, string>>

/** Of trials of one model under one condition, at one stage; several values of one are told together. */
export function circumstancesOf(trials: readonly Trial[], stage: string): Circumstances {
  const each = trials.map((t) => ofTrial(t.findings, stage))
  return Object.fromEntries(CIRCUMSTANCES.map((c) => [c, [...new Set(each.map((e) => e[c]).filter((v) => v !== ''))].sort().join(', ')])) as Circumstances
}

function ofTrial({ served, gpus, tool, stages }: Findings, stage: string): Circumstances {
  const { engine = '', accelerator = '', replicas = '', parallelism = '' } = served ?? {}
  return { engine, accelerator, gpus: String(gpus), replicas: String(replicas), parallelism, tool: `${tool.name} ${tool.version}`, ...loadOf(stages.find((s) => s.stage === stage)) }
}

function loadOf(stage: Findings['stages'][number] | undefined): Pick<Circumstances, 'input' | 'offered'> {
  const { rate, concurrency } = stage?.offered ?? {}
  const tokens = stage?.distributions['input_length']?.mean
  return {
    input: typeof tokens === 'number' ? String(Math.round(tokens)) : '',
    offered: [rate === undefined ? '' : `${rate} req/s`, concurrency === undefined ? '' : String(concurrency)].filter((t) => t !== '').join(' '),
  }
}

/** Tokenizers cut one text differently by some per cent, and draws differ: only lengths further apart than this are another workload. */
const SAME_INPUT = 1.2

/** Which of them differ between two. */
export function differing(a: Circumstances, b: Circumstances): Circumstance[] {
  return CIRCUMSTANCES.filter((c) => (c === 'input' ? !isNear(a.input, b.input) : a[c] !== b[c]))
}

function isNear(a: string, b: string): boolean {
  const [x, y] = [Number(a || Number.NaN), Number(b || Number.NaN)]
  return Number.isNaN(x) || Number.isNaN(y) ? a === b : Math.max(x, y) <= SAME_INPUT * Math.min(x, y)
}

/** What a law over sizes needs alike: hardware, engine, split and tool. */
export function stackOf({ engine, accelerator, gpus, replicas, parallelism, tool }: Circumstances): string {
  const hardware = gpus === '0' ? '' : `${gpus} × ${accelerator === '' ? 'GPU' : accelerator}`
  return [engine, hardware, replicas === '' || replicas === '1' ? '' : `${replicas} × replica`, parallelism, tool].filter((t) => t !== '').join(', ')
}
