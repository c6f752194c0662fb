// SPDX-License-Identifier: Apache-2.0
/** Which names of namespaces, trials, attempts and files are accepted; everything else is refused before a path is built. */
import { FINDINGS, LOGS, MANIFEST, RECEIPT } from './api.ts'
import { Refusal } from './refusal.ts'

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
/** No leading dot: hidden names are ours. */
const SEGMENT = /^[A-Za-z0-9_@+=,-][\w.@+=,: ()-]{0,199}$/
const MOST_SEGMENTS = 12
const LONGEST_PATH = 512
const MOST_ATTEMPTS = 99

export function namespaceName(text: string): string {
  return checked(text, NAMESPACE.test(text), 'a namespace')
}

export function objectName(text: string): string {
  return checked(text, OBJECT_NAME.test(text), 'an object name')
}

export function attemptNumber(text: string): number {
  return Number(checked(text, /^[1-9][0-9]?$/.test(text) && Number(text) <= MOST_ATTEMPTS, 'an attempt number'))
}

/** A relative path of plain segments: no dots that climb, no hidden names, no backslashes. */
export function fileName(text: string): string {
  const segments = text.split('/')
  const fine =
    text.length <= LONGEST_PATH &&
    segments.length <= MOST_SEGMENTS &&
    segments.every((s) => SEGMENT.test(s) && !s.endsWith('.') && !s.endsWith(' '))
  return checked(text, fine, 'a file name')
}

/** A file that a collector may send: not one that the server writes itself, nor a log, which the controller sends. */
export function deliveredName(text: string): string {
  const name = fileName(text)
  const reserved = [MANIFEST, RECEIPT, FINDINGS].includes(name) || /^report\.[^/]*\.yaml$/.test(name) || name.startsWith(LOGS)
  if (reserved)
    throw new Refusal({ status: 400, code: 'ReservedName', message: `"${name}" is a name that the results server writes itself` })
  return name
}

/** The log of one container, which the controller sends. */
export function logName(text: string): string {
  const name = fileName(text)
  if (!/^logs\/[^/]+\.log$/.test(name))
    throw new Refusal({ status: 400, code: 'BadName', message: `"${name}" is not the name of a log: expected logs/<container>.log` })
  return name
}

/** Whether the native file of a tool can be stored under its own name. */
export function isFileName(text: string): boolean {
  try {
    fileName(text)
    return true
  } catch {
    return false
  }
}

function checked(text: string, fine: boolean, what: string): string {
  if (fine) return text
  throw new Refusal({ status: 400, code: 'BadName', message: `${JSON.stringify(text.slice(0, 80))} is not ${what}` })
}

export function uidText(text: string): string {
  return checked(text, /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(text), 'a uid')
}
