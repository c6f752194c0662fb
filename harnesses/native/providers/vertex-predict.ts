// SPDX-License-Identifier: Apache-2.0
/** Vertex AI's predict, as a model of one's own is served there: one answer in one piece, tokens not counted. */
import { ENDPOINT_API_FACTS } from '../../../operator/core/model/endpoint-api.ts'
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import { lengthAs, overlaid, renamed, type Provider } from './provider.ts'

const NAMES = ENDPOINT_API_FACTS['vertex-predict'].kinds.completions?.sampling as Readonly<Record<string, string>>

/** The address is that of the endpoint: …/v1/projects/P/locations/L/endpoints/ID. */
export const vertexPredict: Provider = {
  protocol: () => PROTOCOLS.predict,
  path: () => ':predict',
  body: (request, { api }) => overlaid({
    instances: [{ prompt: request.prompt ?? '' }], parameters: { ...lengthAs('maxOutputTokens', request), ...renamed(api.sampling, NAMES) },
  }, api.extraBody),
}
