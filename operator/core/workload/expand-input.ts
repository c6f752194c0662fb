// SPDX-License-Identifier: Apache-2.0
/** What every kind of data is expanded from, and the form that one turn takes. It expands nothing. */
import type { z } from 'zod'
import type { PlannedRequest } from '../model/request.ts'
import type { Data } from '../model/workload-profile.ts'
import type { DataText } from './data-text.ts'
import type { RequestsNeeded } from './requests-needed.ts'
import type { Tokenizer } from './tokenize.ts'

export interface ExpandInput {
  readonly data: z.infer<typeof Data>
  readonly api: 'completions' | 'chat'
  readonly tokenizer: Tokenizer
  readonly seed: number
  readonly need: Pick<RequestsNeeded, 'unit' | 'count'>
  /** Content of the data's source; all kinds but synthetic need it. */
  readonly file?: DataText
  /** Told what the reader of results should know. */
  readonly note: (text: string) => void
}

/** New text of one turn, in the form that the API wants. */
export function textOf(api: ExpandInput['api'], text: string): Pick<PlannedRequest, 'prompt' | 'messages'> {
  return api === 'chat' ? { messages: [{ role: 'user', content: text }] } : { prompt: text }
}
