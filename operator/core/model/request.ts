// SPDX-License-Identifier: Apache-2.0
/** One request before it is sent: a line of the frozen requests.jsonl that every harness that reads files is given. */
import { z } from 'zod'

export const Message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })
export const PlannedRequest = z.object({
  id: z.string().meta({ description: 'Identifier, unique within the trial.' }),
  session: z.string().optional().meta({ description: 'Session that it belongs to; turns of one session are consecutive lines.' }),
  turn: z.int().min(0).optional().meta({ description: 'Turn within the session, from 0; the history is added when it is sent.' }),
  prompt: z.string().optional().meta({ description: 'Prompt, for completions.' }),
  messages: z.array(Message).optional().meta({ description: 'New messages of this turn, for chat.' }),
  inputTokens: z.int().min(0).meta({ description: 'Tokens of prompt or messages by the profile\'s tokenizer, template not counted.' }),
  outputTokens: z.int().min(0).meta({ description: 'Wanted answer length (max_tokens); 0 leaves it to the server.' }),
  atMs: z.number().min(0).optional().meta({ description: 'Send time of a trace, in milliseconds from its start.' }),
  prefixGroup: z.int().min(0).optional().meta({ description: 'Shared prefix that it starts with.' }),
})
export type PlannedRequest = z.infer<typeof PlannedRequest>

/** What `prepare` says of requests.jsonl. */
export const RequestsManifest = z.object({
  sha256: z.string(), count: z.int(), bytes: z.int(), tokenizer: z.string(), dataKind: z.string(), seed: z.int(),
  inputTokens: z.object({ mean: z.number(), min: z.number(), max: z.number() }),
  notes: z.array(z.string()),
  inputs: z.array(z.object({ name: z.string(), sha256: z.string(), count: z.int(), bytes: z.int() })).optional().meta({ description: 'Files that were made of them for the tool.' }),
})
export type RequestsManifest = z.infer<typeof RequestsManifest>
