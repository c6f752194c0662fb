// SPDX-License-Identifier: Apache-2.0
/** The client for a provider: bodies before their time, headers and signatures at it. Stamps and parsing are one-request's business. */
import { answerReader } from '../../operator/core/workload/openai-events.ts'
import { sseParser } from '../../operator/core/workload/sse.ts'
import type { Client, ClientOptions, Sending } from './client.ts'
import { sendOne } from './one-request.ts'
import { sha256 } from './providers/aws-signature.ts'
import type { Provider } from './providers/provider.ts'
import { openTransport } from './transport.ts'

interface Payload {
  readonly body: Uint8Array
  /** Where requests are signed. */
  readonly bodySha256: string
}

/** Statuses by which a server says that it does not know us (any more). */
const REFUSED: ReadonlySet<number | undefined> = new Set([401, 403])

export async function createProviderClient(provider: Provider, options: ClientOptions): Promise<Client<Payload>> {
  const { credential } = options.endpoint
  const sign = provider.signer?.(options)
  const protocol = provider.protocol(options)
  const path = provider.path(options)
  const plain = headersOf(provider, options)
  const fullPath = new URL(options.endpoint.url).pathname.replace(/\/+$/, '') + path
  if (!fullPath.startsWith('/')) throw new Error(`${options.endpoint.url}: expected an address with a path, to which ${path} is added`)
  const transport = await openTransport(options.endpoint)
  const headers = sign === undefined && credential !== undefined ? () => [...plain, credential.header.toLowerCase(), credential.value] : () => plain
  return {
    prepare(request) {
      const body = Buffer.from(JSON.stringify(provider.body(request, options)))
      return { request, payload: { body, bodySha256: sign === undefined ? '' : sha256(body) }, bytes: body.length }
    },
    send: ({ request, payload: { body, bodySha256 } }, hooks) => {
      const signed = sign === undefined ? [] : Object.entries(sign({ path: fullPath, bodySha256 }, Date.now())).flat()
      const dispatch = (handler: Parameters<typeof transport.dispatch>[1]) => {
        transport.dispatch({ path, headers: [...headers(), ...signed, 'x-request-id', request.id], body }, handler)
      }
      return tellingOfRefusal(sendOne(request, hooks, { protocol, dispatch }), credential?.refused)
    },
    close: transport.close,
    warmUp: async (connections) => {
      await transport.open(connections, provider.openPath ?? '', headers())
      warmReader()
    },
    notes: () => [`${transport.opened()} connections were opened`],
  }
}

/** A credential that has run out is renewed when a server says so; the request itself has failed. */
function tellingOfRefusal(sending: Sending, refused: (() => void) | undefined): Sending {
  if (refused !== undefined) {
    void sending.done.then(({ metrics }) => {
      if (REFUSED.has(metrics.httpStatus)) refused()
    })
  }
  return sending
}

function headersOf(provider: Provider, options: ClientOptions): string[] {
  const { endpoint, api } = options
  const accept = api.streaming ? provider.protocol(options).streamType : 'application/json'
  const all = new Map<string, string>([['content-type', 'application/json'], ['accept', accept]])
  for (const [name, value] of [provider.headers?.(options) ?? {}, endpoint.headers, api.headers].flatMap((headers) => Object.entries(headers))) all.set(name.toLowerCase(), String(value))
  if (endpoint.credential !== undefined) all.delete(endpoint.credential.header.toLowerCase())
  return [...all].flat()
}

/** Events that the reader is shown before it matters, so that its code is compiled by then. */
const WARM_EVENTS = 3000

function warmReader(): void {
  const reader = answerReader(true)
  const parser = sseParser((data, type) => reader.event(data, type))
  const event = Buffer.from(`data: ${JSON.stringify({ id: 'warm', choices: [{ index: 0, text: ' warm', finish_reason: null }] })}\n\n`)
  for (let i = 0; i < WARM_EVENTS; i++) parser.push(event)
}
