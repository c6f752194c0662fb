// SPDX-License-Identifier: Apache-2.0
/** The providers by the name that scenarios call them. */
import type { EndpointApi } from '../../../operator/core/model/endpoint-api.ts'
import { anthropic } from './anthropic.ts'
import { huggingface } from './huggingface.ts'
import { ollama } from './ollama.ts'
import { openai, together } from './openai.ts'
import type { Provider } from './provider.ts'
import { sagemaker } from './sagemaker.ts'
import { tgi } from './tgi.ts'
import { vertexAnthropic } from './vertex-anthropic.ts'
import { vertexPredict } from './vertex-predict.ts'
import { vertex } from './vertex.ts'

export const PROVIDERS: Readonly<Record<EndpointApi, Provider>> = {
  openai, litellm: openai, together, huggingface, anthropic, tgi, ollama, vertex, 'vertex-anthropic': vertexAnthropic, 'vertex-predict': vertexPredict, sagemaker,
}
