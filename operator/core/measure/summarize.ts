// SPDX-License-Identifier: Apache-2.0
/** The key figures of a trial as short texts with units, for the Trial's status and for tables. */
import type { Findings, Scalar, StageFindings } from '../model/findings.ts'
import type { TrialStatus } from '../model/trial.ts'

type TrialSummary = NonNullable<TrialStatus['summary']>

const MAX_REASONS = 32
const MAX_REASON_LENGTH = 512

/** Latency and errors of the worst stage, throughput of the best one; what no stage has is left out. */
export function summarize({ stages }: Pick<Findings, 'stages'>): TrialSummary {
  const ttftP99 = most(stages.map((s) => s.distributions['ttft']?.p99))
  const tokensPerSecond = most(stages.map((s) => value(s, 'output_throughput')))
  const errorRate = most(stages.map((s) => value(s, 'error_rate')))
  return {
    ...(ttftP99 === null ? {} : { ttftP99: `${significant(ttftP99)} ms` }),
    ...(tokensPerSecond === null ? {} : { tokensPerSecond: `${significant(tokensPerSecond)} tok/s` }),
    ...(errorRate === null ? {} : { errorRate: `${significant(errorRate * 100)} %` }),
  }
}

/** The reasons of a verdict as a status can hold them. */
export function reasonTexts({ verdict }: Pick<Findings, 'verdict'>): string[] {
  return verdict.reasons.slice(0, MAX_REASONS).map(({ reason, stage, message }) =>
    `${reason}${stage === undefined ? '' : ` (${stage})`}: ${message}`.slice(0, MAX_REASON_LENGTH))
}

function value({ scalars }: StageFindings, metric: string): Scalar['value'] {
  return scalars[metric]?.value ?? null
}

function most(values: readonly (number | null | undefined)[]): number | null {
  return values.reduce<number | null>((best, v) => (typeof v === 'number' && (best === null || v > best) ? v : best), null)
}

/** Three significant digits, and never an exponent. */
function significant(amount: number): string {
  if (amount === 0) return '0'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(amount))))
  return amount.toFixed(Math.min(decimals, 6))
}
