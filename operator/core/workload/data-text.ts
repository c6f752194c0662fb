// SPDX-License-Identifier: Apache-2.0
/** A data file as text in pieces, its lines and JSON items with their places, and errors that name the place. It opens no file. */

export interface DataText {
  /** Name for messages. */
  readonly name: string
  /** The content in pieces cut anywhere; files may be larger than the longest string. May be read more than once. */
  readonly chunks: () => Iterable<string>
}

export interface Placed {
  readonly text: string
  /** Line on which the text begins, from 1. */
  readonly line: number
}

export function dataText(name: string, content: string): DataText {
  return { name, chunks: () => [content] }
}

export interface DataProblem {
  readonly file: string
  readonly line: number
  readonly column?: number
  readonly found: string
  readonly expected: string
}

export function dataError({ file, line, column, found, expected }: DataProblem): Error {
  const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`
  return Object.assign(new Error(`${place}: expected ${expected}, found ${found.length > 80 ? `${found.slice(0, 80)}…` : found}`), { code: 'InvalidData' })
}

/** Lines that are not blank. */
export function* dataLines(file: DataText): Generator<Placed> {
  let line = 0
  let rest = ''
  for (const chunk of file.chunks()) {
    const pieces = (rest + chunk).split('\n')
    rest = pieces.pop() ?? ''
    for (const text of pieces) {
      line++
      if (text.trim() !== '') yield { text: text.trim(), line }
    }
  }
  if (rest.trim() !== '') yield { text: rest.trim(), line: line + 1 }
}

/** The items of a JSON array, or of JSON lines, each parsed on its own: the whole may be larger than the longest string. */
export function* jsonItems(file: DataText): Generator<{ readonly value: unknown; readonly line: number }> {
  const items = isArray(file) ? arrayItems(file) : dataLines(file)
  for (const item of items) yield { value: parseItem(file, item), line: item.line }
}

function isArray(file: DataText): boolean {
  for (const chunk of file.chunks()) {
    const first = chunk.trimStart()[0]
    if (first !== undefined) return first === '['
  }
  return false
}

function parseItem(file: DataText, { text, line }: Placed): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [, atLine, atColumn] = /line (\d+) column (\d+)/.exec(message) ?? []
    const place = { line: line + Number(atLine ?? 1) - 1, column: atColumn === undefined ? undefined : Number(atColumn) }
    throw dataError({ file: file.name, ...place, found: `${text.slice(0, 60)} (${message})`, expected: 'JSON' })
  }
}

const STRUCTURE = /["\\[\]{}\n]/g

/** Cuts a top-level array into the texts of its object or array items by brackets and strings alone; JSON.parse does the rest. */
function* arrayItems(file: DataText): Generator<Placed> {
  const cutter = { depth: 0, inString: false, escaped: false, line: 1, startLine: 1, pieces: [] as string[] }
  for (const chunk of file.chunks()) {
    let from = 0
    if (cutter.escaped) STRUCTURE.lastIndex = 1
    else STRUCTURE.lastIndex = 0
    cutter.escaped = false
    for (let match = STRUCTURE.exec(chunk); match !== null; match = STRUCTURE.exec(chunk)) {
      const at = match.index
      const event = step(cutter, match[0])
      if (event === 'start') from = at
      else if (event === 'end') {
        yield { text: cutter.pieces.join('') + chunk.slice(from, at + 1), line: cutter.startLine }
        cutter.pieces = []
      } else if (event === 'skip') {
        STRUCTURE.lastIndex = at + 2
        cutter.escaped = at + 1 === chunk.length
      }
    }
    if (cutter.depth > 1) cutter.pieces.push(chunk.slice(from))
  }
  if (cutter.depth > 0) throw dataError({ file: file.name, line: cutter.line, found: 'the end of the file', expected: 'the end of the JSON array' })
}

interface Cutter { depth: number; inString: boolean; line: number; startLine: number }

/** What one structural character means: the start or end of an item, an escape whose next character is skipped, or nothing. */
function step(cutter: Cutter, character: string): 'start' | 'end' | 'skip' | undefined {
  if (character === '\n') cutter.line++
  else if (character === '"') cutter.inString = !cutter.inString
  else if (cutter.inString) return character === '\\' ? 'skip' : undefined
  else if (character === '{' || character === '[') return opened(cutter)
  else if (character === '}' || character === ']') return --cutter.depth === 1 ? 'end' : undefined
  return undefined
}

function opened(cutter: Cutter): 'start' | undefined {
  if (++cutter.depth !== 2) return undefined
  cutter.startLine = cutter.line
  return 'start'
}
