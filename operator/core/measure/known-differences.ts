// SPDX-License-Identifier: Apache-2.0
/** Definitions of tools that share a name with ours and differ from it. A cause is only one where the number lies on its side. */
import type { Claim } from '../model/record.ts'

interface Difference {
  readonly tool: RegExp
  /** Where the tool writes it. */
  readonly nativeName: RegExp
  /** Our metric, where one name of the tool is claimed for several. */
  readonly metric?: string
  /** On which side of ours it must lie. */
  readonly side?: 'above' | 'below'
  /** It is another quantity: it never stands in for ours. */
  readonly otherQuantity?: true
  readonly cause: string
}

const KNOWN_DIFFERENCES: readonly Difference[] = [
  { tool: /^guidellm/, nativeName: /time_per_output_token/, metric: 'tpot', otherQuantity: true, cause: 'guidellm divides the whole latency by the tokens, the first included' },
  { tool: /^guidellm/, nativeName: /time_per_output_token|inter_token_latency/, cause: 'guidellm weights each request by its tokens' },
  { tool: /^guidellm/, nativeName: /request_latency/, side: 'above', cause: 'guidellm ends a request when its stream is closed, not at its last token' },
  { tool: /^guidellm/, nativeName: /request_concurrency/, side: 'above', cause: 'guidellm counts a request until its stream is closed' },
  { tool: /^guidellm/, nativeName: /tokens_per_second/, side: 'above', cause: 'guidellm 0.5 divides by the time between the first and the last event of that kind, not by that of the run' },
  { tool: /^inference-perf/, nativeName: /request_latency/, side: 'above', cause: 'inference-perf ends a request when its stream is closed and it has counted the tokens again' },
  { tool: /^inference-perf/, nativeName: /normalized_time_per_output_token/, cause: 'inference-perf ends a request when its stream is closed, and divides by the tokens of its own tokenizer' },
  { tool: /^inference-perf/, nativeName: /inter_token_latency/, metric: 'itl_per_token', cause: 'inference-perf gives the gap before a chunk to its first token and 0 to the others, as its own tokenizer counts them' },
  { tool: /^inference-perf/, nativeName: /time_to_first_token|time_per_output_token/, cause: 'inference-perf leaves out answers that are one token by its own tokenizer' },
  { tool: /^inference-perf/, nativeName: /achieved_rate/, side: 'above', cause: 'inference-perf divides n requests by n − 1 gaps' },
  { tool: /^aiperf/, nativeName: /^inter_token_latency/, metric: 'itl', otherQuantity: true, cause: 'aiperf\'s inter-token latency is one mean a request, which is our TPOT' },
  { tool: /^aiperf/, nativeName: /effective_concurrency/, cause: 'aiperf counts a request until its connection is done, over its own window' },
  { tool: /^genai-bench/, nativeName: /error_rate/, side: 'below', cause: 'genai-bench divides by its number of requests before it has set it, so its error rate is always 0' },
  { tool: /^genai-bench/, nativeName: /tpot|output_inference_speed/, cause: 'genai-bench leaves out answers whose tokens after the first came within 1 ms' },
  { tool: /^llmperf/, nativeName: /inter_token_latency/, otherQuantity: true, cause: 'llmperf counts the time to first token as a gap' },
]

type Named = Pick<Claim, 'nativeName' | 'metric'>

function find(tool: string, { nativeName, metric }: Named): Difference[] {
  return KNOWN_DIFFERENCES.filter((d) => d.tool.test(tool) && d.nativeName.test(nativeName) && (d.metric === undefined || d.metric === metric))
}

/** Why the tool's number means something else; undefined where that is not established. */
export function knownCause(tool: string, claim: Claim, ours: number): string | undefined {
  const side = claim.value > ours ? 'above' : 'below'
  return find(tool, claim).find((d) => d.side === undefined || d.side === side)?.cause
}

/** Tools whose quantiles are linear as ours: of the same values they are the same. */
const LINEAR = /^(inference-perf|vllm-bench|aiperf|genai-bench)/

export function hasLinearQuantiles(tool: string): boolean {
  return LINEAR.test(tool)
}

/** Whether the claim speaks of the metric that it is mapped to. */
export function isSameQuantity(tool: string, claim: Named): boolean {
  return find(tool, claim).every((d) => d.otherQuantity !== true)
}
