// SPDX-License-Identifier: Apache-2.0
/** OpenAI-compatible servers and what is spoken to like them: LiteLLM's proxy, Together. */
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import type { ClientOptions, ClientRequest } from '../client.ts'
import { lengthAs, messagesOf, type Provider } from './provider.ts'

const PATHS = { completions: '/v1/completions', chat: '/v1/chat/completions', responses: '/v1/responses' } as const

export const openai: Provider = {
  protocol: ({ api }) => (api.kind === 'responses' ? PROTOCOLS.responses : PROTOCOLS.openai),
  path: ({ api }) => PATHS[api.kind],
  body: bodyOf,
  openPath: '/v1/models',
}

/** Its streams end with usage, asked for or not. */
export const together: Provider = {
  ...openai,
  body: (request, options) => {
    const { stream_options: _, ...body } = bodyOf(request, { ...options, api: { ...options.api, extraBody: {} } })
    return { ...body, ...options.api.extraBody }
  },
}

/** extraBody comes last: what a profile says there is meant, whatever we would have sent. */
export function bodyOf(request: ClientRequest, { endpoint, api }: ClientOptions): Readonly<Record<string, unknown>> {
  const input = { completions: () => ({ prompt: request.prompt ?? '' }), chat: () => ({ messages: messagesOf(request) }), responses: () => ({ input: messagesOf(request) }) }
  return {
    model: endpoint.model,
    ...input[api.kind](),
    ...lengthAs(api.kind === 'responses' ? 'max_output_tokens' : 'max_tokens', request),
    ...(api.ignoreEos ? { ignore_eos: true } : {}),
    ...api.sampling,
    stream: api.streaming,
    ...(api.streaming && api.kind !== 'responses' ? { stream_options: { include_usage: true } } : {}),
    ...api.extraBody,
  }
}
