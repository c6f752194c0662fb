// SPDX-License-Identifier: Apache-2.0
/** A container's last word, which the kubelet copies into the pod's status. */
import { existsSync, writeFileSync } from 'node:fs'

const TERMINATION_LOG = '/dev/termination-log'
/** The kubelet cuts what is longer. */
const MOST_BYTES = 4096

/** Writes the message where the kubelet reads it; outside of a pod, where there is no such file, to standard output. */
export function writeTermination(message: object, file?: string): void {
  write(fitting(message), file)
}

/** The same for words, cut where it is too long. */
export function writeTerminationText(text: string, file?: string): void {
  const bytes = Buffer.from(text, 'utf8')
  // A character that the cut goes through would become a replacement character: it goes.
  write(
    bytes.length <= MOST_BYTES
      ? text
      : bytes
          .subarray(0, MOST_BYTES)
          .toString('utf8')
          .replace(/\uFFFD$/, ''),
    file,
  )
}

function write(text: string, file = process.env['ASSAY_TERMINATION_LOG'] ?? TERMINATION_LOG): void {
  // Never created: only the kubelet makes it. Synchronous: the process may be about to exit.
  if (file === TERMINATION_LOG && !existsSync(file)) process.stdout.write(`${text}\n`)
  else writeFileSync(file, text)
}

/** JSON of at most 4096 bytes: the message's own `message` is cut, never the JSON. */
function fitting(message: object): string {
  const text = JSON.stringify(message)
  const excess = Buffer.byteLength(text) - MOST_BYTES
  const said = (message as { readonly message?: unknown }).message
  if (excess <= 0 || typeof said !== 'string' || said === '') return text.slice(0, MOST_BYTES)
  // A character takes up to six bytes in JSON: cut the least that may do, and look again.
  const kept = said.length - Math.max(2, Math.ceil(excess / 6))
  return fitting({ ...message, message: kept <= 0 ? '' : `${said.slice(0, kept)}…` })
}
