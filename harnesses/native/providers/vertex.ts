// SPDX-License-Identifier: Apache-2.0
/** Google's generateContent: Gemini on Vertex AI, and by the Gemini API. */
import { ENDPOINT_API_FACTS } from '../../../operator/core/model/endpoint-api.ts'
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import { lengthAs, messagesOf, overlaid, renamed, type Provider } from './provider.ts'

const NAMES = ENDPOINT_API_FACTS.vertex.kinds.chat?.sampling as Readonly<Record<string, string>>

/** The address leads to what lists models: …/v1/projects/P/locations/L/publishers/google. */
export const vertex: Provider = {
  protocol: () => PROTOCOLS.gemini,
  path: ({ endpoint, api }) => `/models/${encodeURIComponent(endpoint.model)}:${api.streaming ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: (request, { api }) => {
    const messages = messagesOf(request)
    const system = messages.filter(({ role }) => role === 'system')
    return overlaid({
      ...(system.length > 0 ? { systemInstruction: { parts: system.map(part) } } : {}),
      contents: messages.filter(({ role }) => role !== 'system').map((message) => ({ role: message.role === 'assistant' ? 'model' : 'user', parts: [part(message)] })),
      generationConfig: { ...lengthAs('maxOutputTokens', request), ...renamed(api.sampling, NAMES) },
    }, api.extraBody)
  },
}

const part = ({ content }: { readonly content: string }) => ({ text: content })
