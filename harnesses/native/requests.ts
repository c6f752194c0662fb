// SPDX-License-Identifier: Apache-2.0
/** The frozen requests as conversations in order, read and prepared ahead of their time within a bound of memory. It sends nothing. */
import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { PlannedRequest } from '../../operator/core/model/request.ts'
import type { Client, ClientRequest, PreparedRequest } from './client.ts'

/** One session, or a single request: its turns in order, the first one prepared. */
export interface Conversation {
  readonly turns: readonly PlannedRequest[]
  readonly first: PreparedRequest
  /** How often the file has been gone through before: later ones get other identifiers. */
  readonly pass: number
}

export interface RequestSource {
  /** The next conversation; after the last one it begins again from the first. */
  readonly next: () => Conversation
  /** Conversations that were sent more than once. */
  readonly repeated: () => number
  readonly close: () => void
}

export interface SourceOptions {
  readonly path: string
  readonly prepare: Client['prepare']
  /** Bodies held at once, in bytes. */
  readonly maxBytes?: number
}

const MAX_BYTES = 128 * 2 ** 20
/** Small enough that reading on, between answers, takes less than a millisecond. */
const SLICE_BYTES = 65_536
const REFILL_EVERY_MS = 20

interface Reading {
  readonly options: SourceOptions
  readonly lines: () => string[] | undefined
  readonly rewind: () => void
  readonly close: () => void
  /** Turns of a session whose end has not been seen yet. */
  open: PlannedRequest[]
  ready: Conversation[]
  readyBytes: number
  lineNumber: number
  pass: number
  served: number
  /** All of the file, when it fits into memory: then it is never read again. */
  whole: Conversation[] | undefined
}

/** Everything that fits is read and serialised before this returns, so that a schedule that starts then is not disturbed. */
export function openRequests(options: SourceOptions): RequestSource {
  const reading: Reading = { options, ...lineSlices(options.path), open: [], ready: [], readyBytes: 0, lineNumber: 0, pass: 0, served: 0, whole: undefined }
  const maxBytes = options.maxBytes ?? MAX_BYTES
  while (reading.pass === 0 && reading.readyBytes < maxBytes) readSlice(reading)
  if (reading.pass === 1) {
    reading.close()
    if (reading.ready.length === 0) throw new Error(`${options.path}: expected at least one request, found none`)
    reading.whole = reading.ready
    return { next: () => nextOfWhole(reading), repeated: () => Math.max(0, reading.served - reading.ready.length), close: () => {} }
  }
  const timer = setInterval(() => {
    if (reading.readyBytes < maxBytes) readSlice(reading)
  }, REFILL_EVERY_MS)
  timer.unref()
  return {
    next: () => nextOfStream(reading),
    repeated: () => Math.max(0, reading.pass - 1),
    close: () => {
      clearInterval(timer)
      reading.close()
    },
  }
}

/** Send times of a trace, from the same file. */
export function traceTimes(path: string): number[] {
  const slices = lineSlices(path)
  const times: number[] = []
  for (let lines = slices.lines(); lines !== undefined; lines = slices.lines()) {
    for (const line of lines) times.push(parseLine(line, { path, line: times.length + 1 }).atMs ?? 0)
  }
  slices.close()
  return times
}

function nextOfWhole(reading: Reading): Conversation {
  const all = reading.whole ?? []
  const index = reading.served % all.length
  const pass = Math.floor(reading.served / all.length)
  reading.served++
  const conversation = all[index]
  if (conversation === undefined) throw new RangeError('no requests')
  return pass === 0 ? conversation : again(conversation, pass)
}

/** The body is the same, the identifiers are not. */
function again({ turns, first }: Conversation, pass: number): Conversation {
  const renamed = turns.map((turn) => ({ ...turn, id: `${turn.id}.${pass + 1}`, ...(turn.session === undefined ? {} : { session: `${turn.session}.${pass + 1}` }) }))
  return { turns: renamed, pass, first: { ...first, request: { ...first.request, id: renamed[0]?.id ?? first.request.id } } }
}

function nextOfStream(reading: Reading): Conversation {
  while (reading.ready.length === 0) readSlice(reading)
  const conversation = reading.ready.shift()
  if (conversation === undefined) throw new RangeError('no requests')
  reading.readyBytes -= conversation.first.bytes
  return conversation.pass === 0 ? conversation : again(conversation, conversation.pass)
}

function readSlice(reading: Reading): void {
  const lines = reading.lines()
  for (const line of lines ?? []) {
    const planned = parseLine(line, { path: reading.options.path, line: ++reading.lineNumber })
    const [before] = reading.open
    if (before !== undefined && (planned.session === undefined || before.session !== planned.session)) finish(reading)
    reading.open.push(planned)
  }
  if (lines !== undefined) return
  finish(reading)
  reading.rewind()
  reading.lineNumber = 0
  reading.pass++
}

function finish(reading: Reading): void {
  const turns = reading.open
  const [head] = turns
  if (head === undefined) return
  const first = reading.options.prepare(firstRequest(head))
  reading.ready.push({ turns, first, pass: reading.pass })
  reading.readyBytes += first.bytes
  reading.open = []
}

function firstRequest({ id, prompt, messages, outputTokens }: PlannedRequest): ClientRequest {
  return { id, prompt, messages, outputTokens }
}

function parseLine(line: string, place: { readonly path: string; readonly line: number }): PlannedRequest {
  const where = `${place.path}:${place.line}`
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new Error(`${where}: expected a JSON object, found ${line.slice(0, 80)}`, { cause })
  }
  const parsed = PlannedRequest.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a request'}`)
}

/** Complete lines, a slice of the file at a time; undefined at its end. Reading is synchronous: these files are local and small slices cached. */
function lineSlices(path: string): { lines: () => string[] | undefined; rewind: () => void; close: () => void } {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(SLICE_BYTES)
  let decoder = new StringDecoder('utf8')
  let rest = ''
  let position = 0
  const lines = () => {
    const read = readSync(file, buffer, 0, SLICE_BYTES, position)
    position += read
    const pieces = (rest + decoder.write(buffer.subarray(0, read))).split('\n')
    const last = read === 0 ? '' : (pieces.pop() ?? '')
    const whole = pieces.filter((line) => line.trim() !== '')
    rest = last
    return read === 0 && whole.length === 0 ? undefined : whole
  }
  const rewind = () => {
    position = 0
    rest = ''
    decoder = new StringDecoder('utf8')
  }
  return { lines, rewind, close: () => closeSync(file) }
}
