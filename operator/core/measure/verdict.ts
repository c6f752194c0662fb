// SPDX-License-Identifier: Apache-2.0
/** Whether a trial's numbers can be trusted, and why not. It measures nothing itself; limits are in verdict-limits.ts. */
import type { Verdict, VerdictReason } from '../model/findings.ts'
import type { NodeFact } from '../model/node-fact.ts'
import type { ClientHealth } from '../model/record.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import type { ClaimComparison } from './claims.ts'
import type { GpuFindings } from './gpu-findings.ts'
import { judgeHardware } from './judge-hardware.ts'
import type { ServerFindings } from './server-findings.ts'
import type { StageResult } from './stage-findings.ts'
import type { TtftGap } from './ttft-gap.ts'
import { judgeRun } from './judge-run.ts'
import { judgeStage } from './judge-stage.ts'

export interface HarnessEnd {
  /** null: not known, or ended by a signal. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  readonly oomKilled: boolean
  readonly message?: string | undefined
  /** Why what it wrote could not be read. */
  readonly unreadable?: string | undefined
}

export interface JudgeInput {
  readonly stages: readonly StageResult[]
  readonly workload: WorkloadProfileSpec
  readonly caches: { readonly policy: string; readonly how: string; readonly failed: boolean }
  readonly client?: ClientHealth | undefined
  readonly server: Pick<ServerFindings, 'restarts' | 'gaps' | 'hitRateAtStart'>
  readonly gpus: Pick<GpuFindings, 'troubles'>
  /** TTFT of client and server, stage by stage. */
  readonly gaps: readonly TtftGap[]
  /** Nodes that serve with accelerators. */
  readonly nodes: readonly NodeFact[]
  readonly harness: HarnessEnd
  readonly claims: readonly ClaimComparison[]
  /** What the adapter says was cut off. */
  readonly truncated: readonly string[]
  /** A harness that sends no requests, such as nop. */
  readonly sendsNothing: boolean
  /** A harness that runs the engine itself: its units are iterations of seconds or minutes, and its user chose how many. */
  readonly inProcess: boolean
}

export interface Objection {
  readonly reason: VerdictReason
  readonly severity: 'suspect' | 'invalid'
  readonly stage?: string
  readonly message: string
}

export function judge(input: JudgeInput): Verdict {
  const stages = input.sendsNothing ? [] : input.stages.flatMap((stage) => judgeStage(stage, input))
  return verdictOf([...judgeRun(input), ...judgeHardware(input), ...stages])
}

/** Invalid reasons first, so that a reader who sees one line sees the worst. */
function verdictOf(objections: readonly Objection[]): Verdict {
  const worst = [...objections].sort((a, b) => rank(b) - rank(a))
  return {
    result: worst[0]?.severity ?? 'valid',
    reasons: worst.map(({ reason, stage, message }) => ({ reason, ...(stage === undefined ? {} : { stage }), message })),
  }
}

/** A verdict with one more reason, for what only the controller sees, such as a stack that drifted. */
export function addObjection(verdict: Verdict, objection: Objection): Verdict {
  const { reason, stage, message, severity } = objection
  const result = severity === 'invalid' || verdict.result === 'invalid' ? 'invalid' : 'suspect'
  const added = { reason, ...(stage === undefined ? {} : { stage }), message }
  return { result, reasons: severity === 'invalid' ? [added, ...verdict.reasons] : [...verdict.reasons, added] }
}

function rank({ severity }: Objection): number {
  return severity === 'invalid' ? 1 : 0
}
