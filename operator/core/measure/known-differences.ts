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
  { tool: /^guidellm/, nativeName: /time_per_output_token/, otherQuantity: true, cause: 'guidellm divides the whole latency by the tokens, the first included' },
  { tool: /^guidellm/, nativeName: /request_latency/, side: 'above', cause: 'guidellm ends a request when its stream is closed, not at its last token' },
  { tool: /^guidellm/, nativeName: /request_concurrency/, cause: 'guidellm\'s concurrency is that of its scheduler over its own window' },
  { tool: /^guidellm/, nativeName: /inter_token_latency/, metric: 'tpot', cause: 'guidellm weights each request\'s mean by its tokens' },
  { tool: /^guidellm/, nativeName: /tokens_per_second|requests_per_second/, cause: 'guidellm averages the rates between events of its own window, weighted by time' },
  { tool: /^inference-perf/, nativeName: /request_latency|normalized_time_per_output_token/, side: 'above', cause: 'inference-perf ends a request when its stream is closed and it has counted the tokens again' },
  { tool: /^inference-perf/, nativeName: /inter_token_latency/, metric: 'itl', side: 'below', cause: 'inference-perf counts a gap of 0 for each further token of a chunk' },
  { tool: /^inference-perf/, nativeName: /inter_token_latency/, metric: 'itl_per_token', cause: 'inference-perf gives the whole gap to the first token of a chunk and 0 to the others' },
  { tool: /^inference-perf/, nativeName: /time_to_first_token|time_per_output_token/, cause: 'inference-perf leaves out answers of a single token by its own tokenizer' },
  { tool: /^inference-perf/, nativeName: /achieved_rate/, side: 'above', cause: 'inference-perf divides n requests by n − 1 gaps' },
  { tool: /^aiperf/, nativeName: /^inter_token_latency/, metric: 'itl', otherQuantity: true, cause: 'aiperf\'s inter-token latency is one mean a request, which is our TPOT' },
  { tool: /^aiperf/, nativeName: /request_latency/, side: 'above', cause: 'aiperf ends a request at its last event with content, by the clock of the process that reads it' },
  { tool: /^vllm-bench/, nativeName: /_itl_ms$/, cause: 'vllm bench counts every chunk with choices as an event, empty ones too' },
  { tool: /^vllm-bench/, nativeName: /max_concurrent_requests/, otherQuantity: true, cause: 'vllm bench counts requests that touch a second, which is more than were ever at once' },
  { tool: /^genai-bench/, nativeName: /error_rate/, side: 'below', cause: 'genai-bench divides by its number of requests before it has set it, so its error rate is 0' },
  { tool: /^genai-bench/, nativeName: /tpot/, cause: 'genai-bench leaves out answers whose tokens came within 1 ms' },
  { tool: /^fmperf/, nativeName: /latency_e2e/, side: 'below', cause: 'fmperf sums the times of chunks that it did not exclude' },
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

/** Whether the claim speaks of the metric that it is mapped to. */
export function isSameQuantity(tool: string, claim: Named): boolean {
  return find(tool, claim).every((d) => d.otherQuantity !== true)
}
