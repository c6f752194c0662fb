// SPDX-License-Identifier: Apache-2.0
/** Expands a trace: prompts of the recorded lengths, with the shared blocks that hash_ids tell of. It does not shuffle time. */
import type { z } from 'zod'
import type { PlannedRequest } from '../model/request.ts'
import type { TraceData } from '../model/workload-profile.ts'
import { dataError } from './data-text.ts'
import { textOf, type ExpandInput } from './expand-input.ts'
import { promptMaker, type Segment } from './prompts.ts'
import { readTrace, type TraceEntry } from './trace-file.ts'

/** Tokens of one block of hash_ids, as the Mooncake traces define it. */
const BLOCK_TOKENS = 512

export function* expandTrace(input: ExpandInput, data: z.infer<typeof TraceData>): Generator<PlannedRequest> {
  const { file, tokenizer, seed, api, need, note } = input
  if (file === undefined) throw dataError({ file: 'data.trace.source', line: 1, found: 'no content', expected: 'a trace' })
  const prompts = promptMaker(tokenizer, seed)
  const entries = readTrace(file, { format: data.format, limit: data.limit, note })
  for (const [index, entry] of entries.slice(0, Math.min(entries.length, need.count)).entries()) {
    const segments = segmentsOf(entry, index)
    yield {
      id: `r${index + 1}`,
      ...textOf(api, entry.prompt ?? prompts.make(segments)),
      inputTokens: entry.prompt === undefined ? segments.reduce((sum, segment) => sum + segment.tokens, 0) : tokenizer.count(entry.prompt),
      outputTokens: entry.outputTokens,
      atMs: entry.atMs,
    }
  }
}

/** Blocks in order, the last one cut to the length; what the blocks do not cover is this request's own. */
function segmentsOf(entry: TraceEntry, index: number): Segment[] {
  let left = Math.max(1, Math.round(entry.inputTokens))
  const segments: Segment[] = []
  for (const id of entry.hashIds ?? []) {
    if (left === 0) break
    const tokens = Math.min(BLOCK_TOKENS, left)
    segments.push({ name: ['block', id], tokens })
    left -= tokens
  }
  return left > 0 ? [...segments, { name: ['body', index], tokens: left }] : segments
}
