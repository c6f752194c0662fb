// SPDX-License-Identifier: Apache-2.0
/** Expands the data part of a profile into requests, once and reproducibly. It reads no file and sends nothing. */
import type { z } from 'zod'
import type { PlannedRequest } from '../model/request.ts'
import { dataKind, type Synthetic } from '../model/workload-profile.ts'
import { expandConversations, expandPrompts, expandShareGpt } from './expand-files.ts'
import { textOf, type ExpandInput } from './expand-input.ts'
import { expandTrace } from './expand-trace.ts'
import { lengthSource } from './lengths.ts'
import { promptMaker, type Segment } from './prompts.ts'
import { randomStream } from './random.ts'

/** Fewer requests than needed may come out, when the file has fewer; they are then sent again from the first. */
export function expandRequests(input: ExpandInput): Iterable<PlannedRequest> {
  const { data } = input
  switch (dataKind(data)) {
    case 'synthetic': return expandSynthetic(input, required(data.synthetic))
    case 'prompts': return expandPrompts(input, required(data.prompts))
    case 'sharegpt': return expandShareGpt(input, required(data.sharegpt))
    case 'conversation': return expandConversations(input, required(data.conversation))
    case 'trace': return expandTrace(input, required(data.trace))
    case 'toolProfile': throw new RangeError(`data.toolProfile is for ${required(data.toolProfile).harness} alone, which reads it by itself: nothing can be expanded from it`)
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('data has no member')
  return value
}

function* expandSynthetic({ tokenizer, seed, need, api }: ExpandInput, synthetic: z.infer<typeof Synthetic>): Generator<PlannedRequest> {
  if (!Number.isFinite(need.count)) throw new RangeError('data.synthetic has no end of its own: load.trace needs data.trace')
  const prompts = promptMaker(tokenizer, seed)
  const input = lengthSource(synthetic.input, randomStream(seed, 'input'))
  const output = lengthSource(synthetic.output, randomStream(seed, 'output'))
  const turns = synthetic.turns?.count ?? 1
  const sessions = need.unit === 'sessions' ? need.count : Math.ceil(need.count / turns)
  for (let session = 0; session < sessions; session++) {
    const prefix = prefixOf(synthetic, session)
    for (let turn = 0; turn < turns; turn++) {
      const body: Segment = { name: ['body', session, turn], tokens: Math.max(1, input()) }
      const segments = prefix !== undefined && turn === 0 ? [prefix.segment, body] : [body]
      yield {
        ...(synthetic.turns === undefined ? { id: `r${session + 1}` } : { id: `s${session + 1}t${turn + 1}`, session: `s${session + 1}`, turn }),
        ...textOf(api, prompts.make(segments)),
        inputTokens: segments.reduce((sum, segment) => sum + segment.tokens, 0),
        outputTokens: Math.max(1, output()),
        prefixGroup: prefix?.group,
      }
    }
  }
}

function prefixOf({ prefix }: z.infer<typeof Synthetic>, index: number): { group: number; segment: Segment } | undefined {
  if (prefix === undefined) return undefined
  const group = prefix.promptsPerGroup === undefined ? index % prefix.groups : Math.floor(index / prefix.promptsPerGroup) % prefix.groups
  return { group, segment: { name: ['prefix', group], tokens: prefix.length } }
}
