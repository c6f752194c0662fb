// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { answerReader } from './openai-events.ts'

/** Events by their identifiers, with texts that the fast way takes where it can. */
function idsOf(ids: readonly (string | undefined)[]): readonly string[] {
  const reader = answerReader(false)
  for (const [i, id] of ids.entries()) reader.event(JSON.stringify({ ...(id === undefined ? {} : { id }), object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: `w${i}` }, finish_reason: null }] }), '')
  return reader.answer().responseIds
}

describe('response ids', () => {
  it.each<[string, (string | undefined)[], string[]]>([
    ['one', ['a', 'a', 'a', 'a'], ['a']],
    ['none', [undefined, undefined], []],
    ['another\'s event in the middle', ['a', 'a', 'b', 'a', 'a'], ['a', 'b']],
    ['another\'s from some point on', ['a', 'a', 'a', 'b', 'b', 'b'], ['a', 'b']],
    ['another\'s after one event', ['a', 'b', 'b', 'b', 'b'], ['a', 'b']],
    ['every event its own, which mixes nothing', ['a', 'b', 'c', 'd', 'e', 'f'], ['a']],
    ['many, of which the first few are kept', ['a', 'a', 'b', 'c', 'd', 'e'], ['a', 'b', 'c', 'd']],
  ])('%s', (_, ids, seen) => expect(idsOf(ids)).toEqual(seen))
})
