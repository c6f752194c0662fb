// SPDX-License-Identifier: Apache-2.0
/** Which tool wrote a folder, by names of its files and by how they begin. It reads no result. */
import type { ResultFiles } from '../../operator/core/model/result-files.ts'

/** What tells the files of one tool from those of others. */
export interface Signature {
  /** Names that no other tool gives. */
  readonly names?: RegExp
  /** Patterns that all lie in the beginning of one of its files; one such set is enough. */
  readonly heads?: readonly (readonly RegExp[])[]
  /** It is made from the results of other tools: beside those it says nothing new. */
  readonly derived?: true
  /** The tool runs the engine itself: no server was loaded. */
  readonly inProcess?: true
}

export interface Recognized {
  readonly tool: string
  /** Files by which it was recognised. */
  readonly files: readonly string[]
}

/** Results begin with what they are; the long lists come after it. */
const HEAD_CHARACTERS = 64 * 1024
const NO_TEXT = /\.(gz|zst|xz|bz2|zip|tar|xlsx|parquet|png|jpe?g|pdf|html?|npy|pkl|log|txt|md|csv)$/i

/** Tools whose results these are; none where nothing is known. */
export async function recognize(files: ResultFiles, signatures: Readonly<Record<string, Signature>>): Promise<Recognized[]> {
  const found = new Map<string, string[]>()
  const names = await files.list()
  const see = (tool: string, name: string) => found.set(tool, [...(found.get(tool) ?? []), name])
  for (const name of names) for (const tool of await toolsOf(files, name, signatures)) see(tool, name)
  const all = [...found].map(([tool, own]) => ({ tool, files: own }))
  const original = all.filter(({ tool }) => signatures[tool]?.derived !== true)
  return original.length > 0 ? original : all
}

async function toolsOf(files: ResultFiles, name: string, signatures: Readonly<Record<string, Signature>>): Promise<string[]> {
  const entries = Object.entries(signatures)
  const named = entries.filter(([, s]) => s.names?.test(name) === true).map(([tool]) => tool)
  if (named.length > 0 || NO_TEXT.test(name)) return named
  const head = await headOf(files, name)
  return entries.filter(([, s]) => s.heads?.some((patterns) => patterns.every((p) => p.test(head))) === true).map(([tool]) => tool)
}

async function headOf(files: Pick<ResultFiles, 'chunks'>, name: string): Promise<string> {
  let head = ''
  for await (const piece of files.chunks(name)) {
    head += piece
    if (head.length >= HEAD_CHARACTERS) break
  }
  return head.slice(0, HEAD_CHARACTERS)
}

/** Members of a JSON document, anywhere in it. */
export function members(...names: readonly string[]): RegExp[] {
  return names.map((name) => new RegExp(`"${name}"\\s*:`))
}
