// SPDX-License-Identifier: Apache-2.0
/** Where a provider is and with which credential, from the environment: variables as llmperf and LiteLLM call them, and our own. */
import { ENDPOINT_API_FACTS, type EndpointApi } from '../../core/model/endpoint-api.ts'
import { CREDENTIAL_ENV } from '../probe/probe-command.ts'

export type Env = Readonly<Record<string, string | undefined>>

interface Variables {
  /** Variables of the address, without which there is none, and how it is made of them. */
  readonly address?: { readonly names: readonly string[]; readonly make: (values: readonly string[]) => string }
  /** The address where nobody says one. */
  readonly usual?: string
  /** Variables of the credential. */
  readonly credential: readonly string[]
}

const base = (name: string) => ({ names: [name], make: ([url = '']: readonly string[]) => url })
const OPENAI: Variables = { address: base('OPENAI_API_BASE'), credential: ['OPENAI_API_KEY'] }
const google = (publisher: string): Variables => ({
  address: { names: ['GCLOUD_PROJECT_ID', 'GCLOUD_REGION'], make: ([project = '', region = '']) => `${googleBase(project, region)}/publishers/${publisher}` }, credential: ['GCLOUD_ACCESS_TOKEN'],
})
const AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

export const VARIABLES: Readonly<Record<EndpointApi, Variables>> = {
  openai: OPENAI,
  litellm: OPENAI,
  together: { usual: 'https://api.together.xyz', credential: ['TOGETHERAI_API_KEY'] },
  huggingface: { address: base('HUGGINGFACE_API_BASE'), credential: ['HUGGINGFACE_API_KEY'] },
  anthropic: { usual: 'https://api.anthropic.com', credential: ['ANTHROPIC_API_KEY'] },
  tgi: { credential: [] },
  ollama: { address: base('OLLAMA_API_BASE'), credential: [] },
  vertex: google('google'),
  'vertex-anthropic': google('anthropic'),
  'vertex-predict': {
    address: { names: ['GCLOUD_PROJECT_ID', 'GCLOUD_REGION', 'VERTEXAI_ENDPOINT_ID'], make: ([project = '', region = '', id = '']) => `${googleBase(project, region)}/endpoints/${id}` },
    credential: ['GCLOUD_ACCESS_TOKEN'],
  },
  sagemaker: { address: { names: ['AWS_REGION_NAME'], make: ([region = '']) => `https://runtime.sagemaker.${region}.amazonaws.com` }, credential: AWS },
}

function googleBase(project: string, region: string): string {
  const host = region === 'global' ? 'aiplatform.googleapis.com' : `${region}-aiplatform.googleapis.com`
  return `https://${host}/v1/projects/${project}/locations/${region}`
}

export interface Asked {
  /** As the command line gives it. */
  readonly url?: string | undefined
  readonly api?: EndpointApi | undefined
}

/** The address, or the variables of which it would be made. */
export function addressOf({ url, api = 'openai' }: Asked, env: Env): { readonly url: string } | { readonly missing: readonly string[] } {
  if (url !== undefined) return { url }
  const { address, usual } = VARIABLES[api]
  const values = (address?.names ?? []).map((name) => env[name] ?? '')
  if (address !== undefined && values.every((value) => value !== '')) return { url: address.make(values) }
  return usual === undefined ? { missing: address?.names.filter((_, i) => values[i] === '') ?? [] } : { url: usual }
}

/**
 * What the harness finds in its environment. Ours come first. A provider's variable is used where the provider was asked for, by its
 * API or by leaving the address to its variables: no key of one server goes to another whose address was merely given.
 */
export function credentialEnv({ url, api }: Asked, env: Env): Record<string, string> | undefined {
  const own = [CREDENTIAL_ENV, `${CREDENTIAL_ENV}_FILE`, `${CREDENTIAL_ENV}_COMMAND`].filter((name) => (env[name] ?? '') !== '')
  if (own.length > 0) return Object.fromEntries(own.map((name) => [name, env[name] ?? '']))
  if (api === undefined && url !== undefined) return undefined
  const { credential } = VARIABLES[api ?? 'openai']
  const values = credential.map((name) => env[name] ?? '')
  if (values.length === 0 || values.includes('')) return undefined
  return { [CREDENTIAL_ENV]: ENDPOINT_API_FACTS[api ?? 'openai'].credential === 'aws' ? awsSecret(env) : (values[0] ?? '') }
}

function awsSecret(env: Env): string {
  const [AccessKeyId, SecretAccessKey] = AWS.map((name) => env[name])
  return JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey, SessionToken: env['AWS_SESSION_TOKEN'], Region: env['AWS_REGION_NAME'] ?? env['AWS_REGION'] })
}
