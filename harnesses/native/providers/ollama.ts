// SPDX-License-Identifier: Apache-2.0
/** Ollama's own API. */
import { ENDPOINT_API_FACTS } from '../../../operator/core/model/endpoint-api.ts'
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import { lengthAs, messagesOf, overlaid, renamed, type Provider } from './provider.ts'

const NAMES = ENDPOINT_API_FACTS.ollama.kinds.chat?.sampling as Readonly<Record<string, string>>

export const ollama: Provider = {
  protocol: () => PROTOCOLS.ollama,
  path: ({ api }) => (api.kind === 'completions' ? '/api/generate' : '/api/chat'),
  // raw: the prompt is sent as it is, as other servers' completions do, and not put into the model's template.
  body: (request, { endpoint, api }) => overlaid({
    model: endpoint.model,
    ...(api.kind === 'completions' ? { prompt: request.prompt ?? '', raw: true } : { messages: messagesOf(request) }),
    options: { ...lengthAs('num_predict', request), ...renamed(api.sampling, NAMES) },
    stream: api.streaming,
  }, api.extraBody),
  openPath: '/api/version',
}
