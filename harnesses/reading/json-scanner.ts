// SPDX-License-Identifier: Apache-2.0
/** Follows JSON text piece by piece: elements of chosen arrays come one by one, and what is around them is kept. It holds one element at a time. */

export interface ScannedItem {
  /** Which of the chosen paths it belongs to. */
  readonly path: number
  /** Places in the arrays on the way, its own last. */
  readonly places: readonly number[]
  readonly text: string
}

export interface JsonScanner {
  /** Takes the next piece and gives the elements that ended in it. */
  readonly push: (piece: string) => ScannedItem[]
  /** The text without those elements. Where it was cut off, it is closed after the last value that was whole. */
  readonly end: () => { readonly outline: string; readonly truncated: boolean }
}

interface ScanOptions {
  /** Like `benchmarks[].requests.successful[]`: the array whose elements are wanted ends in `[]`. */
  readonly paths: readonly string[]
  readonly keepItems: boolean
  /** Of the file, for messages. */
  readonly name: string
}

interface Level {
  readonly isArray: boolean
  /** Path of the container; members of arrays are `[]`. */
  readonly path: string
  key: string
  place: number
}

/** Within an array whose elements are taken out. */
interface Taking {
  readonly path: number
  place: number
  depth: number
  /** Of the element so far; empty where elements are passed over. */
  text: string
}

interface State extends ScanOptions {
  readonly levels: Level[]
  outline: string
  /** Where the outline could be closed, and with what. */
  safe: { readonly length: number; readonly closers: string }
  started: boolean
  ended: boolean
  taking: Taking | undefined
  inString: boolean
  escaped: boolean
  /** The string that is being read, or was read last. */
  string: string
  items: ScannedItem[]
}

const STRING_END = /["\\]/g
const OUTSIDE = /["{}[\],:]/g
const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c]
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d]

export function createJsonScanner(options: ScanOptions): JsonScanner {
  const state: State = {
    ...options, levels: [], outline: '', safe: { length: 0, closers: '' }, started: false, ended: false, taking: undefined,
    inString: false, escaped: false, string: '', items: [],
  }
  return { push: (piece) => push(state, piece), end: () => end(state) }
}

function push(state: State, piece: string): ScannedItem[] {
  let at = state.started ? 0 : begin(state, piece)
  while (at < piece.length && !state.ended) at = next(state, piece, at)
  const more = piece.slice(at).trim()
  if (more !== '') throw new Error(`${state.name}: expected one JSON value, found more after it: ${more.slice(0, 40)}`)
  const { items } = state
  state.items = []
  return items
}

function end({ name, started, ended, outline, safe }: State): { readonly outline: string; readonly truncated: boolean } {
  if (!started) throw new Error(`${name} is empty: the tool ended before it wrote anything`)
  return ended ? { outline, truncated: false } : { outline: outline.slice(0, safe.length) + safe.closers, truncated: true }
}

function begin(state: State, piece: string): number {
  const at = /\S/.exec(piece)?.index
  if (at === undefined) return piece.length
  if (!'{['.includes(piece.charAt(at))) throw new Error(`${state.name}: expected JSON, found "${piece.slice(at, at + 40)}"`)
  state.started = true
  return at
}

function next(state: State, piece: string, at: number): number {
  if (state.taking !== undefined) return takeElements(state, state.taking, { piece, from: at })
  return state.inString ? readString(state, piece, at) : readMark(state, piece, at)
}

function readString(state: State, piece: string, from: number): number {
  if (state.escaped) {
    state.escaped = false
    state.outline += piece.charAt(from)
    return from + 1
  }
  STRING_END.lastIndex = from
  const found = STRING_END.exec(piece)
  const to = found === null ? piece.length : found.index + 1
  state.string += piece.slice(from, found === null ? to : found.index)
  state.outline += piece.slice(from, to)
  if (found?.[0] === '"') state.inString = false
  else if (found !== null) state.escaped = true
  return to
}

function readMark(state: State, piece: string, from: number): number {
  OUTSIDE.lastIndex = from
  const found = OUTSIDE.exec(piece)
  const to = found === null ? piece.length : found.index + 1
  state.outline += piece.slice(from, to)
  if (found !== null) outside(state, found[0])
  return to
}

/** Most of a large file passes here, so it looks at characters and copies each element once. */
function takeElements(state: State, taking: Taking, { piece, from }: { readonly piece: string; readonly from: number }): number {
  let start = from
  for (let at = from; at < piece.length; at++) {
    if (state.inString) {
      at = passString(state, piece, at)
      continue
    }
    const code = piece.charCodeAt(at)
    if (code === QUOTE) state.inString = true
    else if (code === BRACE || code === BRACKET) taking.depth++
    else if (taking.depth > 0) taking.depth -= Number(code === BRACE_END || code === BRACKET_END)
    else if (code === BRACE_END) throw notJson(state, '}')
    else if (code === COMMA || code === BRACKET_END) {
      endElement(state, taking, piece.slice(start, at))
      start = at + 1
      if (code === COMMA) continue
      leaveArray(state)
      return start
    }
  }
  if (state.keepItems) taking.text += piece.slice(start)
  return piece.length
}

/** To the closing quote, or to the last character of the piece. */
function passString(state: State, piece: string, from: number): number {
  let at = state.escaped ? from + 1 : from
  state.escaped = false
  for (;;) {
    const quote = piece.indexOf('"', at)
    const to = quote < 0 ? piece.length : quote
    let back = to
    while (back > at && piece.charCodeAt(back - 1) === BACKSLASH) back--
    const escapes = (to - back) % 2 === 1
    if (quote < 0) {
      state.escaped = escapes
      return piece.length - 1
    }
    if (!escapes) {
      state.inString = false
      return quote
    }
    at = quote + 1
  }
}

/** One mark of punctuation outside of strings and taken elements. */
function outside(state: State, char: string): void {
  const level = state.levels.at(-1)
  if (char === '"') {
    state.inString = true
    state.string = ''
  } else if (char === '{' || char === '[') open(state, char === '[')
  else if (char === '}' || char === ']') close(state, char === ']')
  else if (level !== undefined && char === ':') level.key = state.string
  else if (level !== undefined) {
    markSafe(state, state.outline.length - 1)
    level.place++
  }
}

function endElement(state: State, taking: Taking, rest: string): void {
  const text = state.keepItems ? (taking.text + rest).trim() : ''
  taking.text = ''
  if (text !== '') {
    const places = state.levels.filter((level) => level.isArray).map((level) => level.place)
    state.items.push({ path: taking.path, places: [...places.slice(0, -1), taking.place], text })
  }
  taking.place++
}

function leaveArray(state: State): void {
  state.taking = undefined
  state.outline += ']'
  close(state, true)
}

function open(state: State, isArray: boolean): void {
  const path = memberPath(state.levels.at(-1))
  state.levels.push({ isArray, path, key: '', place: 0 })
  markSafe(state, state.outline.length)
  const wanted = isArray ? state.paths.indexOf(`${path}[]`) : -1
  if (wanted >= 0) state.taking = { path: wanted, place: 0, depth: 0, text: '' }
}

function close(state: State, isArray: boolean): void {
  if (state.levels.pop()?.isArray !== isArray) throw notJson(state, isArray ? ']' : '}')
  markSafe(state, state.outline.length)
  state.ended = state.levels.length === 0
}

function memberPath(level: Level | undefined): string {
  if (level === undefined) return ''
  if (level.isArray) return `${level.path}[]`
  return level.path === '' ? level.key : `${level.path}.${level.key}`
}

function markSafe(state: State, length: number): void {
  state.safe = { length, closers: state.levels.toReversed().map(({ isArray }) => (isArray ? ']' : '}')).join('') }
}

function notJson({ name }: State, char: string): Error {
  return new Error(`${name}: this is no JSON: ${char} closes what it did not open`)
}
