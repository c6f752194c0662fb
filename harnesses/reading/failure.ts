// SPDX-License-Identifier: Apache-2.0
/** What a tool says of a failed request → where it went wrong. It knows the words of Python's HTTP clients. */
import type { ErrorClass, RequestRecord } from '../../operator/core/model/record.ts'

type Failure = Pick<RequestRecord, 'error' | 'httpStatus'>

const LONGEST_MESSAGE = 512

/** Words of exceptions; the first that fits names the class. */
const WORDS: readonly (readonly [RegExp, ErrorClass])[] = [
  [/cancel/i, 'cancelled'],
  [/ConnectTimeout|ConnectError|ClientConnectorError|NewConnectionError|ConnectionRefused|Connection refused|Connect call failed|Cannot connect|getaddrinfo|Name or service not known/i, 'connect'],
  [/Timeout|timed out|deadline/i, 'timeout'],
  [/ServerDisconnected|ClientPayload|RemoteProtocol|IncompleteRead|ReadError|Connection reset|ConnectionReset|ClientOSError|peer closed|BrokenPipe|StreamInterrupted|closed connection/i, 'stream'],
  [/JSONDecode|Expecting value|Never received a valid chunk|Invalid streaming|UnicodeDecode|ValidationError|KeyError|list index out of range/i, 'protocol'],
]

/** Reason phrases that a tool gives in the place of a code. */
const PHRASES: Readonly<Record<string, number>> = {
  'Bad Request': 400, Unauthorized: 401, Forbidden: 403, 'Not Found': 404, 'Method Not Allowed': 405, 'Request Timeout': 408, 'Payload Too Large': 413,
  'Request Entity Too Large': 413, 'Unprocessable Entity': 422, 'Unprocessable Content': 422, 'Too Many Requests': 429, 'Internal Server Error': 500,
  'Not Implemented': 501, 'Bad Gateway': 502, 'Service Unavailable': 503, 'Gateway Timeout': 504,
}
const CODE = /(?:\bHTTP(?: Error)?|\bstatus(?:[_ ]code)?|\berror code|\berror)\W{0,4}([45][0-9]{2})\b|'([45][0-9]{2}) [A-Z]/i

export function failureOf(said: string, code?: number): Failure {
  const message = summary(said)
  const httpStatus = code ?? codeIn(message)
  if (httpStatus !== undefined) return { httpStatus, error: { class: classOfCode(httpStatus), message } }
  return { error: { class: WORDS.find(([words]) => words.test(said))?.[1] ?? 'unknown', message } }
}

/** A failure that never reached an answer, whatever code the tool made up for it. */
export function unanswered(said: string): Failure {
  const { error } = failureOf(said)
  const known = WORDS.find(([words]) => words.test(said))?.[1]
  return { error: { class: known ?? 'connect', message: error?.message ?? said } }
}

function classOfCode(code: number): ErrorClass {
  if (code === 429) return 'http429'
  return code >= 500 ? 'http5xx' : 'http4xx'
}

function codeIn(message: string): number | undefined {
  const [, named, quoted] = CODE.exec(message) ?? []
  const found = named ?? quoted
  return found === undefined ? PHRASES[message.trim()] : Number(found)
}

/** Of a traceback its last line; of an error object of OpenAI's API its message. */
function summary(said: string): string {
  const text = said.startsWith('Traceback') ? (said.trimEnd().split('\n').findLast((line) => /^[\w.]+(Error|Exception|Timeout|\w*)\b/.test(line)) ?? said) : said
  const inner = /^\s*\{.*"message"\s*:\s*"((?:[^"\\]|\\.)*)"/s.exec(text)?.[1]
  return (inner ?? text).replace(/\n?For more information check: \S+/, '').trim().slice(0, LONGEST_MESSAGE)
}
