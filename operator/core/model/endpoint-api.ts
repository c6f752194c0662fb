// SPDX-License-Identifier: Apache-2.0
/** The protocols that servers of models speak, and what can be said in each. It sends nothing. */
import type { ApiKind } from './workload-profile.ts'

export const ENDPOINT_APIS = [
  'openai', 'litellm', 'together', 'huggingface', 'anthropic', 'tgi', 'ollama', 'vertex', 'vertex-anthropic', 'vertex-predict', 'sagemaker',
] as const
export type EndpointApi = (typeof ENDPOINT_APIS)[number]

/** What one kind of request can say. */
export interface KindFacts {
  /** Whether an answer can be told to go on to its wanted length. */
  readonly ignoreEos: boolean
  readonly streaming: boolean
  /** Our names of sampling parameters with the protocol's own; any where they are passed on as they are. */
  readonly sampling: 'any' | Readonly<Record<string, string>>
}

export interface EndpointApiFacts {
  readonly title: string
  readonly kinds: Readonly<Partial<Record<ApiKind, KindFacts>>>
  /** Header of the credential, where the scenario names none; aws: requests are signed. */
  readonly credential: { readonly header: string; readonly prefix: string } | 'aws'
  /** Whether GET /v1/models lists models. */
  readonly listsModels: boolean
  /** What to write instead of ignoreEos, beside leaving it out. */
  readonly insteadOfIgnoreEos?: string
}

const BEARER = { header: 'Authorization', prefix: 'Bearer ' } as const
const kind = (sampling: KindFacts['sampling'], more: Partial<KindFacts> = {}): KindFacts => ({ ignoreEos: false, streaming: true, sampling, ...more })

const MESSAGES = { temperature: 'temperature', top_p: 'top_p', top_k: 'top_k', stop: 'stop_sequences' } as const
const TASK = {
  temperature: 'temperature', top_p: 'top_p', top_k: 'top_k', typical_p: 'typical_p', repetition_penalty: 'repetition_penalty', frequency_penalty: 'frequency_penalty', seed: 'seed', stop: 'stop',
} as const
const OLLAMA = {
  temperature: 'temperature', top_p: 'top_p', top_k: 'top_k', min_p: 'min_p', repetition_penalty: 'repeat_penalty', frequency_penalty: 'frequency_penalty', presence_penalty: 'presence_penalty', seed: 'seed', stop: 'stop',
} as const
const GEMINI = {
  temperature: 'temperature', top_p: 'topP', top_k: 'topK', frequency_penalty: 'frequencyPenalty', presence_penalty: 'presencePenalty', seed: 'seed', stop: 'stopSequences',
} as const
const PREDICT = { temperature: 'temperature', top_p: 'topP', top_k: 'topK', stop: 'stopSequences' } as const
const RESPONSES = { temperature: 'temperature', top_p: 'top_p' } as const

const EXTRA_EOS = 'where what is behind it takes it, workload.api.extraBody: { ignore_eos: true }'

export const ENDPOINT_API_FACTS: Readonly<Record<EndpointApi, EndpointApiFacts>> = {
  openai: {
    title: 'OpenAI-compatible', credential: BEARER, listsModels: true, insteadOfIgnoreEos: EXTRA_EOS,
    kinds: { completions: kind('any', { ignoreEos: true }), chat: kind('any', { ignoreEos: true }), responses: kind(RESPONSES) },
  },
  litellm: {
    title: 'LiteLLM proxy', credential: BEARER, listsModels: true, insteadOfIgnoreEos: EXTRA_EOS, kinds: { completions: kind('any'), chat: kind('any'), responses: kind(RESPONSES) },
  },
  together: { title: 'Together', credential: BEARER, listsModels: false, kinds: { completions: kind('any'), chat: kind('any') } },
  huggingface: { title: 'Hugging Face inference', credential: BEARER, listsModels: false, kinds: { completions: kind(TASK), chat: kind('any') } },
  anthropic: { title: 'Anthropic messages', credential: { header: 'x-api-key', prefix: '' }, listsModels: false, kinds: { chat: kind(MESSAGES) } },
  tgi: { title: 'TGI generate', credential: BEARER, listsModels: false, kinds: { completions: kind(TASK) } },
  ollama: { title: 'Ollama', credential: BEARER, listsModels: false, kinds: { completions: kind(OLLAMA), chat: kind(OLLAMA) } },
  vertex: { title: 'Vertex AI generateContent', credential: BEARER, listsModels: false, kinds: { chat: kind(GEMINI) } },
  'vertex-anthropic': { title: 'Vertex AI rawPredict (Anthropic)', credential: BEARER, listsModels: false, kinds: { chat: kind(MESSAGES) } },
  'vertex-predict': { title: 'Vertex AI predict', credential: BEARER, listsModels: false, kinds: { completions: kind(PREDICT, { streaming: false }) } },
  sagemaker: {
    title: 'SageMaker', credential: 'aws', listsModels: false, insteadOfIgnoreEos: 'where the container takes it, workload.api.extraBody: { parameters: { ignore_eos_token: true } }',
    kinds: { completions: kind(TASK), chat: kind('any') },
  },
}

/** The header of a credential. What scenarios have by default stands for the protocol's own; a default cannot be told from what somebody wrote. */
export function credentialHeader(api: EndpointApi, said: { readonly header: string; readonly prefix: string } = BEARER): { readonly header: string; readonly prefix: string } {
  const { credential } = ENDPOINT_API_FACTS[api]
  if (credential === 'aws') return { header: '', prefix: '' }
  return said.header === BEARER.header && said.prefix === BEARER.prefix ? credential : { header: said.header, prefix: said.prefix }
}
