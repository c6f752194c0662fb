// SPDX-License-Identifier: Apache-2.0
/** Endpoints of SageMaker: requests are signed, answers come within event streams, and what is in both is the container's. */
import { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import type { ClientOptions } from '../client.ts'
import { createAwsSigner } from './aws-signature.ts'
import { awsSecret, regionOf } from './aws-secret.ts'
import { openai } from './openai.ts'
import type { Provider, Sign } from './provider.ts'
import { taskBody } from './tgi.ts'

export const sagemaker: Provider = {
  protocol: () => PROTOCOLS.sagemaker,
  // The model in requests is the name of the endpoint.
  path: ({ endpoint, api }) => `/endpoints/${encodeURIComponent(endpoint.model)}/${api.streaming ? 'invocations-response-stream' : 'invocations'}`,
  body: (request, options) => {
    if (options.api.kind === 'completions') return { ...taskBody(request, options, { details: true }), stream: options.api.streaming }
    const { model: _, ...body } = openai.body(request, options)
    return body
  },
  // What the container is to answer with is its own business; the framing around it is not negotiated.
  headers: () => ({ accept: '*/*' }),
  signer: signerOf,
}

function signerOf({ endpoint }: ClientOptions): Sign {
  const { credential } = endpoint
  if (credential === undefined) throw new Error('SageMaker wants signed requests: give credentials, as JSON with AccessKeyId, SecretAccessKey and, where there is one, SessionToken')
  const { host } = new URL(endpoint.url)
  const secret = awsSecret(() => credential.value)
  const signer = createAwsSigner({ service: 'sagemaker', region: regionOf(host, secret().region) })
  return ({ path, bodySha256 }, epochMs) => signer.sign({ method: 'POST', path, headers: { host, 'content-type': 'application/json' }, bodySha256 }, secret(), epochMs)
}
