// SPDX-License-Identifier: Apache-2.0
/** Hugging Face's text-generation-inference by its own API. */
import { ENDPOINT_API_FACTS } from '../../../operator/core/model/endpoint-api.ts'
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import type { ClientOptions, ClientRequest } from '../client.ts'
import { lengthAs, overlaid, renamed, type Provider } from './provider.ts'

const NAMES = ENDPOINT_API_FACTS.tgi.kinds.completions?.sampling as Readonly<Record<string, string>>

export const tgi: Provider = {
  protocol: () => PROTOCOLS.tgi,
  path: ({ api }) => (api.streaming ? '/generate_stream' : '/generate'),
  body: (request, options) => taskBody(request, options, { details: true }),
  openPath: '/health',
}

/** The text-generation task, whose parameters stand apart. A temperature of 0 is no temperature to it: greedy decoding is the absence of sampling. */
export function taskBody(request: ClientRequest, { api }: ClientOptions, parameters: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { temperature, ...sampling } = renamed(api.sampling, NAMES)
  const greedy = temperature === undefined || temperature === 0
  return overlaid({
    inputs: request.prompt ?? '',
    parameters: { ...lengthAs('max_new_tokens', request), ...(temperature === undefined ? {} : { do_sample: !greedy }), ...(greedy ? {} : { temperature }), ...sampling, return_full_text: false, ...parameters },
  }, api.extraBody)
}
