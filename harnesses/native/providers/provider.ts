// SPDX-License-Identifier: Apache-2.0
/** What is particular to one protocol: where a request goes, what it says, how its answer is read. It sends nothing. */
import type { Protocol } from '../../../operator/core/workload/protocols/protocol.ts'
import type { ClientOptions, ClientRequest } from '../client.ts'

type Body = Readonly<Record<string, unknown>>

export interface Provider {
  readonly protocol: (options: ClientOptions) => Protocol
  /** Path after the endpoint's own address, with a query where there is one. */
  readonly path: (options: ClientOptions) => string
  readonly body: (request: ClientRequest, options: ClientOptions) => Body
  /** Headers beside the usual ones; those of the endpoint and of the profile come over them. */
  readonly headers?: (options: ClientOptions) => Readonly<Record<string, string>>
  /** Path that opens connections before the schedule starts; whatever it answers. */
  readonly openPath?: string
  /** Signs each request at its time, in place of a credential in a header. */
  readonly signer?: (options: ClientOptions) => Sign
}

/** Headers that are added to one request as it is sent. */
export type Sign = (request: { readonly path: string; readonly bodySha256: string }, epochMs: number) => Readonly<Record<string, string>>

/** Sampling parameters by the protocol's own names. Unknown ones were refused with the plan. */
export function renamed(sampling: Body, names: Readonly<Record<string, string>>): Body {
  return Object.fromEntries(Object.entries(sampling).flatMap(([name, value]) => (names[name] === undefined ? [] : [[names[name], value]])))
}

/** The wanted length under a name, or nothing: 0 leaves it to the server. */
export function lengthAs(name: string, { outputTokens }: ClientRequest): Body {
  return outputTokens > 0 ? { [name]: outputTokens } : {}
}

/** Lays further members over a body, maps member by member, so that one parameter does not replace all others. */
export function overlaid(body: Body, extra: Body): Body {
  const members = Object.entries(extra).map(([name, value]) => {
    const before = body[name]
    return [name, isMap(before) && isMap(value) ? overlaid(before, value) : value] as const
  })
  return { ...body, ...Object.fromEntries(members) }
}

export function messagesOf(request: ClientRequest): readonly { readonly role: string; readonly content: string }[] {
  return request.messages ?? [{ role: 'user', content: request.prompt ?? '' }]
}

function isMap(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
