// SPDX-License-Identifier: Apache-2.0
/** Hugging Face inference: the text-generation task at the model's own address, chat as OpenAI has it. */
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import type { ClientOptions } from '../client.ts'
import { openai } from './openai.ts'
import type { Provider } from './provider.ts'
import { taskBody } from './tgi.ts'

export const huggingface: Provider = {
  protocol: ({ api }) => (api.kind === 'completions' ? PROTOCOLS.tgi : PROTOCOLS.openai),
  // The address names the model: …/models/NAME of the hub, or an endpoint of one's own.
  path: (options) => (options.api.kind === 'completions' ? rootOf(options) : openai.path(options)),
  body: (request, options) => (options.api.kind === 'completions' ? { ...taskBody(request, options), stream: options.api.streaming } : openai.body(request, options)),
}

function rootOf({ endpoint }: ClientOptions): string {
  return new URL(endpoint.url).pathname === '/' ? '/' : ''
}
