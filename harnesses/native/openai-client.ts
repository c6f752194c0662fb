// SPDX-License-Identifier: Apache-2.0
/** The client for OpenAI-compatible servers: bodies, headers and paths. Stamps and parsing are one-request's business. */
import { answerReader } from '../../operator/core/workload/openai-events.ts'
import { sseParser } from '../../operator/core/workload/sse.ts'
import type { Client, ClientOptions, ClientRequest } from './client.ts'
import { sendOne } from './one-request.ts'
import { openTransport } from './transport.ts'

const PATHS = { completions: '/v1/completions', chat: '/v1/chat/completions' } as const

export async function createClient(options: ClientOptions): Promise<Client<Uint8Array>> {
  const transport = await openTransport(options.endpoint)
  const headers = headersOf(options)
  const path = PATHS[options.api.kind]
  return {
    prepare(request) {
      const payload = Buffer.from(JSON.stringify(bodyOf(request, options)))
      return { request, payload, bytes: payload.length }
    },
    send: ({ request, payload }, hooks) => sendOne(request, hooks, (handler) => {
      transport.dispatch({ path, headers: [...headers, 'x-request-id', request.id], body: payload }, handler)
    }),
    close: transport.close,
    warmUp: async (connections) => {
      await transport.open(connections, '/v1/models', headers)
      warmReader()
    },
    notes: () => [`${transport.opened()} connections were opened`],
  }
}

/** extraBody comes last: what a profile says there is meant, whatever we would have sent. */
export function bodyOf(request: ClientRequest, { endpoint, api }: ClientOptions): Readonly<Record<string, unknown>> {
  return {
    model: endpoint.model,
    ...(api.kind === 'chat' ? { messages: request.messages ?? [{ role: 'user', content: request.prompt ?? '' }] } : { prompt: request.prompt ?? '' }),
    ...(request.outputTokens > 0 ? { max_tokens: request.outputTokens } : {}),
    ...(api.ignoreEos ? { ignore_eos: true } : {}),
    ...api.sampling,
    stream: api.streaming,
    ...(api.streaming ? { stream_options: { include_usage: true } } : {}),
    ...api.extraBody,
  }
}

function headersOf({ endpoint, api }: ClientOptions): string[] {
  const all = new Map<string, string>([['content-type', 'application/json'], ['accept', api.streaming ? 'text/event-stream' : 'application/json']])
  for (const [name, value] of [...Object.entries(endpoint.headers), ...Object.entries(api.headers)]) all.set(name.toLowerCase(), String(value))
  if (endpoint.credential !== undefined) all.set(endpoint.credential.header.toLowerCase(), endpoint.credential.value)
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
