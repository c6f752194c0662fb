// SPDX-License-Identifier: Apache-2.0
/** What the load generator asks of a client: send one request, say what happened and when. It knows no protocol; write another to measure a private API. */
import type { EndpointApi } from '../../operator/core/model/endpoint-api.ts'
import type { ErrorClass } from '../../operator/core/model/record.ts'
import type { ApiKind } from '../../operator/core/model/workload-profile.ts'
import type { Usage } from '../../operator/core/workload/openai-events.ts'

/** What is to be asked. Exactly one of prompt and messages is set. */
export interface ClientRequest {
  readonly id: string
  readonly prompt?: string
  readonly messages?: readonly { readonly role: string; readonly content: string }[]
  /** Wanted length of the answer, in tokens; 0 leaves it to the server. */
  readonly outputTokens: number
}

/** A request whose dear part, such as serialising its body, has been done before its time has come. */
export interface PreparedRequest<Payload = unknown> {
  readonly request: ClientRequest
  readonly payload: Payload
  /** Memory that it holds, so that no more is prepared ahead than fits. */
  readonly bytes: number
}

/** What the load generator gives to every send. */
export interface SendHooks {
  /** The trial's monotonic clock, in milliseconds. Stamp with nothing else, and in the callback in which the data arrives. */
  readonly now: () => number
  /** Longest time for the whole request, in milliseconds. */
  readonly timeoutMs: number
  /** Call once for every read that carried content: how many events it held. */
  readonly onRead: (events: number) => void
}

/** What happened to one request, on the clock of the hooks. */
export interface ExchangeMetrics {
  readonly status: 'ok' | 'error' | 'cancelled'
  /** First byte handed to the socket; null when it never came to that. */
  readonly sentMs: number | null
  /** Every event that carried content, reasoning or a tool call; undefined for an answer that is not streamed. */
  readonly eventsMs?: readonly number[]
  /** Tokens of each of these events, where the server says so. */
  readonly eventTokens?: readonly number[]
  /** Events without content, those of usage alone and [DONE] left out. */
  readonly silentEvents?: number
  /** Last such event; the end of the body when the answer is not streamed; when it failed, for one that did. */
  readonly endMs: number | null
  /** Identifiers that the answer had, in the order in which they came; several where a stream mixes them. */
  readonly responseIds?: readonly string[]
  readonly usage?: Usage
  readonly finishReason?: string
  readonly httpStatus?: number
  readonly error?: { readonly class: ErrorClass; readonly message: string }
  readonly retryAfterMs?: number
}

/** The answer of `send`: the text, the metrics, and the request that they belong to. */
export interface Exchange {
  readonly text: string
  readonly metrics: ExchangeMetrics
  readonly request: ClientRequest
}

export interface Sending {
  /** Always fulfils: a failure is in the metrics. */
  readonly done: Promise<Exchange>
  /** Ends the request at once; it counts as cancelled unless it has ended before. */
  readonly cancel: (why: string) => void
}

export interface Client<Payload = unknown> {
  readonly prepare: (request: ClientRequest) => PreparedRequest<Payload>
  /** A method, so that a client of one payload is a client of any. */
  send(prepared: PreparedRequest<Payload>, hooks: SendHooks): Sending
  readonly close: () => Promise<void>
  /** Readies connections and code before the schedule starts, so that the first requests are as prompt as the others. Failures are for the requests to show. */
  readonly warmUp?: (connections: number) => Promise<void>
  /** Things that the reader of results should know, asked at the end. */
  readonly notes?: () => readonly string[]
}

/** Where to send, as a trial or the command line says it. */
export interface Endpoint {
  /** Base address without /v1. */
  readonly url: string
  /** Protocol that it speaks; OpenAI's when not set. A client of somebody else's need not look. */
  readonly api?: EndpointApi
  readonly model: string
  readonly headers: Readonly<Record<string, string>>
  /** Value of the credential with its header; never written anywhere. It may be renewed: read it anew for every request, and tell when it was refused. */
  readonly credential?: { readonly header: string; readonly value: string; readonly refused?: () => void }
  /** Path of a CA certificate. */
  readonly ca?: string
}

export interface ClientOptions {
  readonly endpoint: Endpoint
  readonly api: {
    readonly kind: ApiKind
    readonly streaming: boolean
    readonly ignoreEos: boolean
    readonly sampling: Readonly<Record<string, unknown>>
    readonly headers: Readonly<Record<string, unknown>>
    readonly extraBody: Readonly<Record<string, unknown>>
  }
}

/** A module that is given with `--client` exports this by the name `createClient`. */
export type CreateClient = (options: ClientOptions) => Promise<Client>
