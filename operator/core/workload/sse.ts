// SPDX-License-Identifier: Apache-2.0
/** An incremental parser of server-sent events: bytes cut anywhere in, events out, each byte looked at once. It knows no JSON. */
import { concat } from './concat-bytes.ts'

export interface SseParser {
  /** Bytes of the stream, cut anywhere. Events are handed out as soon as their blank line is complete. */
  readonly push: (chunk: Uint8Array) => void
  /** Whether an event would begin at the next byte: nothing of another one is held. */
  readonly clean: () => boolean
  /** The stream has ended: a last event without its blank line is handed out too, as servers that stop short mean it. */
  readonly end: () => void
}

export type OnEvent = (data: string, type: string) => void
/** Text of the bytes from start to end. Handed in because runtimes have faster ways than TextDecoder. */
export type Decode = (bytes: Uint8Array, start: number, end: number) => string

const LF = 10
const CR = 13
const COLON = 58
const SPACE = 32
const [D, A, T] = [100, 97, 116]
const BOM = [0xef, 0xbb, 0xbf]

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const decodeWithTextDecoder: Decode = (bytes, start, end) => decoder.decode(bytes.subarray(start, end))

interface State {
  /** Pieces of a line whose end has not come yet; they are joined once, when it comes. */
  partial: Uint8Array[]
  /** The last byte was a CR that ended a line: an LF that follows belongs to it. */
  afterCr: boolean
  firstLine: boolean
  data: string | undefined
  type: string
}

export function sseParser(onEvent: OnEvent, decode: Decode = decodeWithTextDecoder): SseParser {
  const state: State = { partial: [], afterCr: false, firstLine: true, data: undefined, type: '' }

  const line = (bytes: Uint8Array, start: number, end: number) => {
    const from = state.firstLine && startsWithBom(bytes, start, end) ? start + BOM.length : start
    state.firstLine = false
    if (from === end) dispatch(state, onEvent)
    else if (isData(bytes, from, end)) addData(state, decode(bytes, afterColon(bytes, from + 5, end), end))
    else field(state, decode(bytes, from, end))
  }

  const joined = (bytes: Uint8Array, start: number, end: number) => {
    if (state.partial.length === 0) return line(bytes, start, end)
    const whole = concat([...state.partial, bytes.subarray(start, end)])
    state.partial = []
    line(whole, 0, whole.length)
  }

  return {
    push(chunk) {
      if (chunk.length === 0) return
      const nextEnd = lineEnds(chunk)
      let position = state.afterCr && chunk[0] === LF ? 1 : 0
      for (let end = nextEnd(position); end >= 0; end = nextEnd(position)) {
        joined(chunk, position, end)
        position = chunk[end] === CR && chunk[end + 1] === LF ? end + 2 : end + 1
      }
      state.afterCr = chunk[chunk.length - 1] === CR
      if (position < chunk.length) state.partial.push(chunk.slice(position))
    },
    clean: () => state.partial.length === 0 && state.data === undefined && state.type === '' && !state.firstLine,
    end() {
      if (state.partial.length > 0) joined(new Uint8Array(0), 0, 0)
      dispatch(state, onEvent)
    },
  }
}

/** Finds line ends from a position on; a terminator that the chunk does not hold is searched for once. */
function lineEnds(chunk: Uint8Array): (from: number) => number {
  let cr = chunk.indexOf(CR)
  let lf = chunk.indexOf(LF)
  return (from) => {
    if (cr >= 0 && cr < from) cr = chunk.indexOf(CR, from)
    if (lf >= 0 && lf < from) lf = chunk.indexOf(LF, from)
    return cr >= 0 && (lf < 0 || cr < lf) ? cr : lf
  }
}

function dispatch(state: State, onEvent: OnEvent): void {
  const { data, type } = state
  state.data = undefined
  state.type = ''
  if (data !== undefined) onEvent(data, type)
}

function addData(state: State, value: string): void {
  state.data = state.data === undefined ? value : `${state.data}\n${value}`
}

/** Lines other than `data:` ones, which are rare: event types, comments, ids, retry times and a bare `data`. */
function field(state: State, text: string): void {
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
  if (name === 'event') state.type = value
  else if (name === 'data') addData(state, value)
}

function isData(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 5 && bytes[start] === D && bytes[start + 1] === A && bytes[start + 2] === T && bytes[start + 3] === A && bytes[start + 4] === COLON
}

function afterColon(bytes: Uint8Array, position: number, end: number): number {
  return position < end && bytes[position] === SPACE ? position + 1 : position
}

function startsWithBom(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= BOM.length && BOM.every((byte, i) => bytes[start + i] === byte)
}
