// SPDX-License-Identifier: Apache-2.0
/** Counts answers with the profile's tokenizer where that is wanted or the server's usage is missing: after a stage, never while it is timed. */
import type { RequestRecord } from '../../operator/core/model/record.ts'
import type { Tokenizer } from '../../operator/core/workload/tokenize.ts'

export interface AnswerCounter {
  /** Takes a record and its text; the record comes out at once, or after its text was counted. */
  readonly take: (record: RequestRecord, text: string) => void
  /** Counts what was held back; ends early at the deadline, and the rest comes out without counts. */
  readonly count: (deadlineMs?: number) => Promise<void>
  readonly notes: () => string[]
}

export interface CounterOptions {
  readonly countBy: 'server' | 'tokenizer'
  readonly tokenizer: () => Promise<Tokenizer>
  readonly out: (record: RequestRecord) => void
  readonly now: () => number
}

/** Texts held back at once, in characters. */
const MAX_HELD = 64 * 2 ** 20

export function createAnswerCounter({ countBy, tokenizer, out, now }: CounterOptions): AnswerCounter {
  let held: { record: RequestRecord; text: string }[] = []
  let heldLength = 0
  let counted = 0
  let uncounted = 0
  let promptsUnsaid = 0
  return {
    take(record, text) {
      if (record.status === 'ok' && record.inputTokens === null && record.clientInputTokens != null) promptsUnsaid++
      const wanted = record.status === 'ok' && (countBy === 'tokenizer' || record.outputTokens === null)
      if (!wanted) return out(record)
      if (heldLength + text.length > MAX_HELD) {
        uncounted++
        return out(record)
      }
      held.push({ record, text })
      heldLength += text.length
    },
    async count(deadlineMs = Number.POSITIVE_INFINITY) {
      if (held.length === 0) return
      const { count } = await tokenizer()
      for (const { record, text } of held) {
        const inTime = now() < deadlineMs
        out(inTime ? { ...record, clientOutputTokens: count(text) } : record)
        if (inTime) counted++
        else uncounted++
      }
      held = []
      heldLength = 0
    },
    notes: () => [
      ...(counted > 0 && countBy === 'server' ? [`the server gave no usage for ${counted} answers; their tokens were counted with the profile's tokenizer`] : []),
      ...(promptsUnsaid > 0 && countBy === 'server' ? [`the server said of ${promptsUnsaid} answers nothing about the tokens of the prompt; they are those of the profile's tokenizer`] : []),
      ...(uncounted > 0 ? [`${uncounted} answers were not counted with the profile's tokenizer: there was no room or no time`] : []),
    ],
  }
}
