// SPDX-License-Identifier: Apache-2.0
/** What a tool says of itself beside what we computed from its records: agreement, or a difference with its cause where it is known. */
import type { StageFindings } from '../model/findings.ts'
import type { Claim } from '../model/record.ts'
import { convertUnit } from './units.ts'
import { LIMITS } from './verdict-limits.ts'

export interface ClaimComparison {
  readonly claim: Claim
  /** Ours, in the claim's unit. */
  readonly ours: number
  readonly agrees: boolean
  /** Why the tool's number means something else, where that is established. */
  readonly cause?: string
}

/** Definitions of tools that share a name with ours and differ from it. */
interface Difference { readonly tool: RegExp; readonly nativeName: RegExp; readonly cause: string }
const KNOWN_DIFFERENCES: readonly Difference[] = [
  { tool: /^guidellm/, nativeName: /time_per_output_token/, cause: 'guidellm divides the whole latency by the tokens, the first included' },
  { tool: /^aiperf/, nativeName: /^inter_token_latency/, cause: 'aiperf\'s inter-token latency is one mean a request, which is our TPOT' },
  { tool: /^llmperf/, nativeName: /inter_token_latency/, cause: 'llmperf counts the time to first token as a gap' },
]

/** Comparisons of all claims that speak of a metric and a stage of ours; others have nothing to be compared with. */
export function compareClaims(claims: readonly Claim[], stages: readonly StageFindings[], tool: string): ClaimComparison[] {
  return claims.flatMap((claim) => {
    const ours = ourValue(claim, stages.find((s) => s.stage === claim.stage))
    if (ours === null) return []
    const agrees = Math.abs(claim.value - ours) <= tolerance(claim, ours)
    const cause = KNOWN_DIFFERENCES.find((d) => d.tool.test(tool) && d.nativeName.test(claim.nativeName))?.cause
    return [{ claim, ours, agrees, ...(agrees || cause === undefined ? {} : { cause }) }]
  })
}

function ourValue(claim: Claim, stage: StageFindings | undefined): number | null {
  const found = claim.statistic === 'value' ? stage?.scalars[claim.metric] : stage?.distributions[claim.metric]
  const value = found === undefined ? undefined : (found as unknown as Readonly<Record<string, unknown>>)[claim.statistic]
  return found === undefined || typeof value !== 'number' ? null : convertUnit(value, found.unit, claim.unit)
}

/** The wider of the relative limit and half a unit of the last digit that the tool printed. */
function tolerance({ value, statistic }: Claim, ours: number): number {
  const relative = /^p[0-9]/.test(statistic) ? LIMITS.claimPercentile.value : LIMITS.claimMean.value
  const decimals = /\.([0-9]+)$/.exec(String(value))?.[1]?.length ?? 0
  return Math.max(relative * Math.abs(ours), 0.5 * 10 ** -decimals)
}
