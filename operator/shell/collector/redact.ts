// SPDX-License-Identifier: Apache-2.0
/** Masks credentials in text and in byte streams, keeping every length, so that offsets and JSON stay what they were. */

import { isSecretMember, KEY_CONTEXT, keyedSecrets, type Span } from './keyed-secrets.ts'

/** Below this length a value cannot be told from ordinary text. */
const SHORTEST_SECRET = 4
/** No pattern below matches more than this, so that a stream knows how much to hold back. */
const LONGEST_TOKEN = 8192

const TOKEN_PATTERNS = [
  String.raw`(?<=[Bb]earer )[\w.~+/=-]{16,8000}`,
  String.raw`(?<!\w)eyJ[\w-]{10,1000}\.[\w-]{10,6000}\.[\w-]{10,1000}`,
  String.raw`(?<!\w)(?:hf_[A-Za-z0-9]{20,200}|sk-[\w-]{20,200})`,
]
/** A text without any of these matches no pattern above: most texts are done with a few searches. */
const TOKEN_MARKS = ['earer ', 'eyJ', 'hf_', 'sk-']
/** What may lie before a value and give it away. */
const CONTEXT = Math.max('Bearer '.length, KEY_CONTEXT)

export interface Redactor {
  readonly text: (text: string) => string
  /** Masks the string values of JSON-like data; keys stay. */
  readonly value: <T>(value: T) => T
  /** A filter for one stream of bytes. */
  readonly stream: () => RedactStream
}

export interface RedactStream {
  /** Takes bytes and gives those that no later byte can turn into a secret. */
  readonly push: (chunk: Uint8Array) => Buffer
  /** Gives the rest. */
  readonly end: () => Buffer
}

interface Finder {
  readonly longest: number
  /** What must be masked in text, from an index on. */
  readonly find: (text: string, from: number) => Span[]
}

/** A redactor for these secrets, however they are written, for whatever looks like a bearer token, and for what a name gives away. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const finder = createFinder([...new Set(secrets.flatMap(writtenForms))].sort((a, b) => b.length - a.length))
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'utf8').toString('latin1')
    const spans = finder.find(bytes, 0)
    return spans.length === 0 ? value : Buffer.from(masked(bytes, spans), 'latin1').toString('utf8')
  }
  return { text, value: (value) => maskValue(value, text), stream: () => createStream(finder) }
}

function createFinder(literals: readonly string[]): Finder {
  const pattern = new RegExp([...literals.map(escape), ...TOKEN_PATTERNS].join('|'), 'g')
  const marks = [...literals, ...TOKEN_MARKS]
  const known = (text: string, from: number): Span[] => {
    if (!marks.some((mark) => text.includes(mark))) return []
    pattern.lastIndex = from
    return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
  }
  return {
    longest: Math.max(LONGEST_TOKEN, ...literals.map((literal) => literal.length)),
    find: (text, from) => merged([...known(text, from), ...keyedSecrets(text, from)]),
  }
}

/** In order, and none within another. */
function merged(spans: readonly Span[]): Span[] {
  const out: { start: number; end: number }[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1)
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else out.push({ ...span })
  }
  return out
}

function createStream(finder: Finder): RedactStream {
  let before = ''
  let held = ''
  const pass = (all: boolean): Buffer => {
    const seen = before + held
    const spans = finder.find(seen, before.length)
    const end = all ? seen.length : Math.max(before.length, finalLength({ seen, spans, longest: finder.longest }))
    const out = masked(
      seen,
      spans.filter((span) => span.end <= end),
    ).slice(before.length, end)
    held = seen.slice(end)
    before = seen.slice(Math.max(0, end - CONTEXT), end)
    return Buffer.from(out, 'latin1')
  }
  return {
    push: (chunk) => {
      held += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
      return pass(false)
    },
    end: () => pass(true),
  }
}

/** How many leading characters cannot be part of a secret that goes on: no secret holds a line break. */
function finalLength({
  seen,
  spans,
  longest,
}: {
  readonly seen: string
  readonly spans: readonly Span[]
  readonly longest: number
}): number {
  const line = seen.lastIndexOf('\n') + 1
  const cut = seen.length - longest
  if (cut <= line) return line
  // A line without end: cut it, but never within something that is to be masked.
  const across = spans.find((span) => span.start < cut && span.end > cut)
  return across === undefined ? cut : across.end
}

function masked(text: string, spans: readonly Span[]): string {
  let out = ''
  let at = 0
  for (const { start, end } of spans) {
    out += text.slice(at, start) + '*'.repeat(end - start)
    at = end
  }
  return out + text.slice(at)
}

/** The ways in which a secret may be written: as it is, trimmed, line by line, in JSON, in a URL, in base64. */
function writtenForms(secret: string): string[] {
  const lines = secret
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_SECRET)
  const forms = lines.flatMap((line) => [line, JSON.stringify(line).slice(1, -1), encodeURIComponent(line), ...base64Forms(line)])
  return forms.map((form) => Buffer.from(form, 'utf8').toString('latin1'))
}

/** Base64 of the secret alone, and beside the colon of basic authentication. */
function base64Forms(line: string): string[] {
  const forms = [line, `${line}:`, `:${line}`].map((text) => Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, ''))
  return forms.filter((form) => form.length >= 8)
}

function maskValue<T>(value: T, text: (value: string) => string): T {
  if (typeof value === 'string') return text(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => maskValue(item, text)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, isSecretMember(key, member) ? '*'.repeat(member.length) : maskValue(member as unknown, text)])) as T
}

function escape(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
}
