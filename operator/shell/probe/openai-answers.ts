// SPDX-License-Identifier: Apache-2.0
/** What is read from the answers of an OpenAI-compatible server that is not trusted: model names, a choice, its error message. */
import type { Redactor } from '../collector/redact.ts'
import type { Answer } from './probe-http.ts'

const LONGEST_QUOTE = 200

/** The server's own error message, masked and cut; never another part of a body. */
export function quote(json: unknown, redactor: Redactor): string {
  const { error, message, detail } = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>
  const nested = typeof error === 'object' && error !== null ? (error as { readonly message?: unknown }).message : error
  const said = [nested, message, detail].find((text) => typeof text === 'string')
  return said === undefined ? '' : ` (${clip(redactor.text(said).replace(/\s+/g, ' ').trim())})`
}

export function modelIds(answer: Answer): string[] | undefined {
  const data = answer.kind === 'answer' ? (answer.json as { readonly data?: unknown } | null | undefined)?.data : undefined
  if (!Array.isArray(data)) return undefined
  return data.map((model: { readonly id?: unknown } | null) => model?.id).filter((id) => typeof id === 'string')
}

export function hasChoice(answer: Answer, chat: boolean): boolean {
  const choices = answer.kind === 'answer' ? (answer.json as { readonly choices?: unknown } | null | undefined)?.choices : undefined
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined
  if (typeof first !== 'object' || first === null) return false
  const { text, message } = first as { readonly text?: unknown; readonly message?: unknown }
  return chat ? typeof message === 'object' && message !== null : typeof text === 'string'
}

export function clip(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 1)}…`
}
