// SPDX-License-Identifier: Apache-2.0
/** Which JSON files of a folder are results of a tool. What was cut off is told, also where too little is left to know what it was. */
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import { readOutline } from './json-file.ts'

export interface JsonResult {
  readonly name: string
  readonly value: object
  readonly truncated: boolean
}

export interface JsonResults {
  readonly found: readonly JsonResult[]
  readonly notes: readonly string[]
}

export interface Wanted {
  /** Names to look at. */
  readonly names: readonly string[]
  /** Arrays to leave out. */
  readonly without: readonly string[]
  /** Whether the document is one of the tool's. */
  readonly isOne: (value: object) => boolean
}

export async function findJsonResults(files: ResultFiles, { names, without, isOne }: Wanted): Promise<JsonResults> {
  const found: JsonResult[] = []
  const notes: string[] = []
  for (const name of names) {
    if (await isBlank(files, name)) {
      notes.push(`truncated: ${name} is empty: the tool ended before it wrote anything`)
      continue
    }
    const { value, truncated } = await readOutline(files, name, without)
    const one = typeof value === 'object' && value !== null && isOne(value)
    if (one) found.push({ name, value, truncated })
    if (truncated) notes.push(`truncated: ${name} is cut off; ${one ? 'what was whole of it is used' : 'too little of it is left to tell what it was'}`)
  }
  return { found, notes }
}

async function isBlank(files: ResultFiles, name: string): Promise<boolean> {
  for await (const piece of files.chunks(name)) if (piece.trim() !== '') return false
  return true
}

export interface Missing {
  readonly tool: string
  /** All names of the folder. */
  readonly names: readonly string[]
  readonly expected: string
  readonly hint: string
  readonly notes?: readonly string[]
}

/** The error of a folder that holds no result. */
export function noResult({ tool, names, expected, hint, notes = [] }: Missing): Error {
  const found = names.length === 0 ? 'no file' : `${names.slice(0, 8).join(', ')}${names.length > 8 ? `, and ${names.length - 8} more` : ''}`
  const said = notes.length === 0 ? '' : `; ${notes.join('; ')}`
  return Object.assign(new Error(`there is no result of ${tool}: found ${found}, expected ${expected}${said}`), { code: 'NoResult', hint })
}
