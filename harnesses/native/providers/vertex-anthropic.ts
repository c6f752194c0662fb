// SPDX-License-Identifier: Apache-2.0
/** Anthropic's models on Vertex AI: the messages API within rawPredict. */
import { anthropic, messagesBody } from './anthropic.ts'
import type { Provider } from './provider.ts'

const VERSION = 'vertex-2023-10-16'

/** The address leads to what lists models: …/v1/projects/P/locations/L/publishers/anthropic. */
export const vertexAnthropic: Provider = {
  protocol: anthropic.protocol,
  path: ({ endpoint, api }) => `/models/${encodeURIComponent(endpoint.model)}:${api.streaming ? 'streamRawPredict' : 'rawPredict'}`,
  body: (request, options) => messagesBody(request, options, { anthropic_version: VERSION }),
}
