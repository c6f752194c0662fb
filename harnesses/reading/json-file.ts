// SPDX-License-Identifier: Apache-2.0
/** JSON files as Python writes them, larger than memory or cut off: their outline, and elements of chosen arrays one by one. */
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import { createJsonScanner } from './json-scanner.ts'

export interface JsonItem {
  readonly path: number
  readonly places: readonly number[]
  readonly value: unknown
}

export interface JsonOutline {
  /** The document; arrays that were left out are empty. */
  readonly value: unknown
  /** It was cut off, and holds what was whole. */
  readonly truncated: boolean
}

type Chunks = Pick<ResultFiles, 'chunks'>

/** Everything but the elements of these arrays. */
export async function readOutline(files: Chunks, name: string, without: readonly string[] = []): Promise<JsonOutline> {
  const scanner = createJsonScanner({ paths: without, keepItems: false, name })
  for await (const piece of files.chunks(name)) scanner.push(piece)
  const { outline, truncated } = scanner.end()
  return { value: parseLoose(outline, name), truncated }
}

/** Elements of these arrays in the order of the file. One that was cut off is left out: the outline says whether there was one. */
export async function* readItems(files: Chunks, name: string, paths: readonly string[]): AsyncGenerator<JsonItem> {
  const scanner = createJsonScanner({ paths, keepItems: true, name })
  for await (const piece of files.chunks(name)) {
    for (const { path, places, text } of scanner.push(piece)) yield { path, places, value: parseLoose(text, name) }
  }
}

/** The same, unparsed: for a first look at something small in each. */
export async function* readItemTexts(files: Chunks, name: string, path: string): AsyncGenerator<string> {
  const scanner = createJsonScanner({ paths: [path], keepItems: true, name })
  for await (const piece of files.chunks(name)) {
    for (const { text } of scanner.push(piece)) yield text
  }
}

/** Python writes NaN and Infinity, which are no JSON: they are no numbers here either. */
export function parseLoose(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const strict = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) => (token.startsWith('"') ? token : 'null'))
    if (strict === text) throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
    return parseStrict(strict, name)
  }
}

function parseStrict(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
  }
}
