// SPDX-License-Identifier: Apache-2.0
/** Anthropic's messages API. */
import { ENDPOINT_API_FACTS } from '../../../operator/core/model/endpoint-api.ts'
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import type { ClientOptions, ClientRequest } from '../client.ts'
import { lengthAs, messagesOf, overlaid, renamed, type Provider } from './provider.ts'

const VERSION = '2023-06-01'
const NAMES = ENDPOINT_API_FACTS.anthropic.kinds.chat?.sampling as Readonly<Record<string, string>>

export const anthropic: Provider = {
  protocol: () => PROTOCOLS.anthropic,
  path: () => '/v1/messages',
  headers: () => ({ 'anthropic-version': VERSION }),
  body: (request, options) => messagesBody(request, options, { model: options.endpoint.model }),
  openPath: '/v1/models',
}

/** System messages stand apart from the conversation. An answer has no length of its own: one that wants none cannot be asked for. */
export function messagesBody(request: ClientRequest, { api }: ClientOptions, more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const messages = messagesOf(request)
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  const body = overlaid({
    ...more,
    ...(system.length > 0 ? { system: system.join('\n\n') } : {}),
    messages: messages.filter(({ role }) => role !== 'system'),
    ...lengthAs('max_tokens', request),
    ...renamed(api.sampling, NAMES),
    stream: api.streaming,
  }, api.extraBody)
  if (body['max_tokens'] === undefined) {
    throw new Error(`request ${request.id} leaves the length of its answer to the server, and the messages API wants max_tokens: give the data's output lengths, or api.extraBody.max_tokens`)
  }
  return body
}
