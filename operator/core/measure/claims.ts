// SPDX-License-Identifier: Apache-2.0
/** What a tool says of itself beside what we computed from its records: agreement, or a difference with its cause where it is known. */
import type { StageFindings } from '../model/findings.ts'
import { PERCENTILES, type PercentileName } from '../model/metric.ts'
import type { Claim } from '../model/record.ts'
import { hasLinearQuantiles, knownCause } from './known-differences.ts'
import type { StageResult } from './stage-findings.ts'
import { convertUnit } from './units.ts'
import { LIMITS } from './verdict-limits.ts'

export interface ClaimComparison {
  readonly claim: Claim
  /** Ours, in the claim's unit. */
  readonly ours: number
  /** Equal but for rounding. */
  readonly exact: boolean
  /** Within the limits by which a difference makes a trial suspect. */
  readonly agrees: boolean
  /** Why the tool's number differs, where that is established. */
  readonly cause?: string
}

export interface ClaimContext {
  readonly tool: string
  /** The same stages with tokens counted the other way, where that was tried. */
  readonly otherCount?: readonly StageResult[] | undefined
}

/** Comparisons of all claims that speak of a metric and a stage of ours; others have nothing to be compared with. */
export function compareClaims(claims: readonly Claim[], stages: readonly StageResult[], context: ClaimContext): ClaimComparison[] {
  return claims.flatMap((claim) => {
    const stage = stages.find((s) => s.findings.stage === claim.stage)
    // A sample's latencies are not those of all requests.
    if (stage === undefined || stage.checks.sampled !== undefined) return []
    const ours = ourValue(claim, stage.findings)
    if (ours === null) return []
    const difference = Math.abs(claim.value - ours)
    const exact = difference <= rounding(claim, ours)
    const cause = exact ? undefined : causeOf(claim, { ours, stage, ...context })
    return [{ claim, ours, exact, agrees: difference <= tolerance(claim, ours), ...(cause === undefined ? {} : { cause }) }]
  })
}

/** Metrics that depend on whose token counts are used. */
export const COUNT_METRICS: ReadonlySet<string> = new Set([
  'tpot', 'ntpot', 'tokens_per_second_per_user', 'input_length', 'output_length', 'itl_per_token', 'output_throughput', 'input_throughput', 'total_throughput',
])

interface Comparing extends ClaimContext {
  readonly ours: number
  readonly stage: StageResult
}

/** What can be checked comes first: another quantile between the same values, another window, other token counts. */
function causeOf(claim: Claim, comparing: Comparing): string | undefined {
  const { ours, stage, tool } = comparing
  return otherQuantile(claim, stage, tool) ?? otherWindow(claim, ours, stage) ?? otherCounts(claim, comparing) ?? knownCause(tool, claim, ours)
}

function otherCounts(claim: Claim, { ours, otherCount, tool }: Comparing): string | undefined {
  const other = otherCount?.find((s) => s.findings.stage === claim.stage)
  if (other === undefined || !COUNT_METRICS.has(claim.metric)) return undefined
  const theirs = ourValue(claim, other.findings)
  if (theirs === null || Math.abs(theirs - ours) <= rounding(claim, ours)) return undefined
  const near = Math.abs(claim.value - theirs) <= rounding(claim, theirs) || (!hasLinearQuantiles(tool) && withinRank(claim, other)) || windowAgrees(claim, theirs, other)
  return near ? `${tool} counts tokens in the other way: by a tokenizer where we take the server's usage, or the reverse` : undefined
}

function otherQuantile(claim: Claim, stage: StageResult, tool: string): string | undefined {
  if (hasLinearQuantiles(tool)) return undefined
  const n = stage.findings.distributions[claim.metric]?.n
  return withinRank(claim, stage) ? `another definition of quantiles: it lies between the neighbours in the order of ${n} values` : undefined
}

/** Definitions of quantiles differ by at most one place in the order of values. */
function withinRank({ metric, statistic, value, unit }: Claim, { findings, checks }: StageResult): boolean {
  const found = findings.distributions[metric]
  const p = Object.hasOwn(PERCENTILES, statistic) ? PERCENTILES[statistic as PercentileName] : undefined
  if (found === undefined || p === undefined || found.n < 2) return false
  const place = 1 / (found.n - 1)
  const [low, high] = [Math.max(0, p - place), Math.min(1, p + place)].map((q) => checks.quantile(metric, q))
  if (typeof low !== 'number' || typeof high !== 'number') return false
  const ours = convertUnit(value, unit, found.unit)
  return ours !== null && ours >= low * (1 - LIMITS.claimRounding.value) && ours <= high * (1 + LIMITS.claimRounding.value)
}

function otherWindow(claim: Claim, ours: number, stage: StageResult): string | undefined {
  if (!windowAgrees(claim, ours, stage)) return undefined
  const [theirs, mine] = [stage.checks.toolWindowS, stage.findings.window.durationS].map((s) => Number(s.toPrecision(4)))
  return `the tool divides by its own window of ${theirs} s, and we by ${mine} s, first send to last content`
}

const RATES: ReadonlySet<string> = new Set(['request_throughput', 'output_throughput', 'input_throughput', 'total_throughput', 'goodput', 'concurrency'])

function windowAgrees(claim: Claim, ours: number, { checks, findings }: StageResult): boolean {
  if (!RATES.has(claim.metric) || checks.toolWindowS <= 0) return false
  const expected = (ours * findings.window.durationS) / checks.toolWindowS
  return Math.abs(claim.value - expected) <= rounding(claim, expected)
}

function ourValue(claim: Claim, stage: StageFindings): number | null {
  const found = claim.statistic === 'value' ? stage.scalars[claim.metric] : stage.distributions[claim.metric]
  const value = found === undefined ? undefined : (found as unknown as Readonly<Record<string, unknown>>)[claim.statistic]
  return found === undefined || typeof value !== 'number' ? null : convertUnit(value, found.unit, claim.unit)
}

/** Half a unit of the last digit that the tool printed, or what is lost where numbers are stored. */
function rounding({ value }: Claim, ours: number): number {
  return Math.max(LIMITS.claimRounding.value * Math.abs(ours), lastDigit(value))
}

/** The wider of the relative limit and the rounding. */
function tolerance(claim: Claim, ours: number): number {
  const relative = /^p[0-9]/.test(claim.statistic) ? LIMITS.claimPercentile.value : LIMITS.claimMean.value
  return Math.max(relative * Math.abs(ours), lastDigit(claim.value))
}

/** Half a unit of the last digit that was printed. A bare 0 may be nothing that was rounded: it is taken at its word. */
function lastDigit(value: number): number {
  if (value === 0) return 0
  const decimals = /\.([0-9]+)$/.exec(String(value))?.[1]?.length ?? 0
  return 0.5 * 10 ** -decimals
}
