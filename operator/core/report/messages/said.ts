// SPDX-License-Identifier: Apache-2.0
/** A sentence in files for programs: by its key, with its parameters and in words. They are English, whatever the language of the report. */
import type { Message } from '../messages.ts'
import { ENGLISH } from './languages.ts'

export interface Said {
  readonly key: string
  readonly params: Readonly<Record<string, string | number>>
  readonly text: string
}

export function said(sentence: Message): Said {
  const params = Object.entries(sentence.params).map(([name, part]) => [name, typeof part === 'number' ? part : ENGLISH.textOf(part)] as const)
  return { key: sentence.key, params: Object.fromEntries(params), text: ENGLISH.textOf(sentence) }
}
