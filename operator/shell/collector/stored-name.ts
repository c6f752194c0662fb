// SPDX-License-Identifier: Apache-2.0
/** The name on the results server of a file that a tool named as it liked. */
import { createHash } from 'node:crypto'
import { RAW } from '../results/api.ts'
import { isFileName } from '../results/names.ts'

/** The same name where the server takes it, else one that is near it and no other file's. */
export function storedName(name: string): string {
  if (isFileName(RAW + name)) return RAW + name
  const print = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const flat = name
    .replace(/[^\w.@+=,-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(-120)
  return `${RAW}${flat === '' ? 'file' : flat}-${print}`
}
