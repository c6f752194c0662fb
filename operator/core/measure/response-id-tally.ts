// SPDX-License-Identifier: Apache-2.0
/** Streams whose response id changes midway: whose id came in between, where that is known. It holds the ids of a while only. */
import type { RequestRecord } from '../model/record.ts'

export interface MixedStream {
  readonly id: string
  readonly responseIds: readonly string[]
  /** Request whose own stream had one of the ids; undefined where none was seen. */
  readonly other: string | undefined
}

export interface MixedStreams { readonly count: number; readonly found: readonly MixedStream[] }

export interface ResponseIdTally {
  readonly add: (record: RequestRecord) => void
  readonly findings: () => MixedStreams
}

/** Requests in flight together end near each other: so many ends are looked back at. */
const REMEMBERED = 20_000
const MOST_MIXED = 1000

export function createResponseIdTally(remembered = REMEMBERED): ResponseIdTally {
  const owners = new Map<string, string>()
  /** Owners of ids that a mixed stream brought, kept for good. */
  const wanted = new Map<string, string | undefined>()
  const mixed: { readonly id: string; readonly responseIds: readonly string[] }[] = []
  let count = 0
  return {
    add({ id, responseIds = [] }) {
      const [own, ...foreign] = responseIds
      if (own === undefined) return
      if (wanted.has(own)) wanted.set(own, wanted.get(own) ?? id)
      owners.set(own, owners.get(own) ?? id)
      if (owners.size > remembered) owners.delete(owners.keys().next().value ?? '')
      if (foreign.length === 0) return
      count++
      if (mixed.length >= MOST_MIXED) return
      mixed.push({ id, responseIds })
      for (const other of foreign) wanted.set(other, wanted.get(other) ?? owners.get(other))
    },
    findings: () => ({
      count,
      found: mixed.map(({ id, responseIds }) => ({ id, responseIds, other: responseIds.slice(1).map((other) => wanted.get(other)).find((owner) => owner !== undefined && owner !== id) })),
    }),
  }
}
