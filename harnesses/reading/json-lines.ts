// SPDX-License-Identifier: Apache-2.0
/** JSON lines of a tool that may have been killed: half a line at the end is left out, anything else that is no JSON is an error. */
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import { parseLoose } from './json-file.ts'

export interface JsonLine {
  readonly value: unknown
  /** From 1. */
  readonly line: number
}

/** `onCutOff` is called when the last line was left out. */
export async function* readJsonLines(files: Pick<ResultFiles, 'lines'>, name: string, onCutOff: () => void): AsyncGenerator<JsonLine> {
  let line = 0
  let broken: Error | undefined
  for await (const text of files.lines(name)) {
    if (broken !== undefined) throw broken
    line++
    if (text.trim() === '') continue
    const value = parsed(text, `${name}:${line}`)
    if (value instanceof Error) broken = value
    else yield { value, line }
  }
  if (broken !== undefined) onCutOff()
}

function parsed(text: string, place: string): unknown {
  try {
    return parseLoose(text, place)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
