// SPDX-License-Identifier: Apache-2.0
/** Whether an endpoint of another protocol than OpenAI's really answers for a model: one short request of the native harness's own client. */
import { createProviderClient } from '../../../harnesses/native/provider-client.ts'
import { PROVIDERS } from '../../../harnesses/native/providers/providers.ts'
import type { ExchangeMetrics } from '../../../harnesses/native/client.ts'
import { ENDPOINT_API_FACTS, type EndpointApi } from '../../core/model/endpoint-api.ts'
import type { ApiKind } from '../../core/model/workload-profile.ts'
import { createRedactor } from '../collector/redact.ts'
import { clip } from './openai-answers.ts'
import type { ProbeOptions, ProbeResult } from './probe-endpoint.ts'

type Finding = Omit<ProbeResult, 'ms'>

const TOKENS = 4

export async function probeProvider(options: ProbeOptions, api: EndpointApi): Promise<Finding> {
  const { smokeTest, model } = options
  if (smokeTest === 'none') return { ok: true, reason: 'Serving', message: 'not asked: smokeTest is none' }
  if (smokeTest === 'models') return { ok: false, reason: 'ModelNotListed', message: `${ENDPOINT_API_FACTS[api].title} is not asked for its models: set readiness.smokeTest to completion, chat or none` }
  try {
    const metrics = await answerOnce(options, api)
    return findingOf(metrics, options, `${new URL(options.url).host} (${api})`)
  } catch (error) {
    // The client was not made: what it needs is amiss, such as a credential that cannot be read. It never says the value.
    return { ok: false, reason: 'Unauthorized', message: `${model} cannot be asked for: ${clip((error as Error).message)}` }
  }
}

async function answerOnce({ url, path = '', model, headers = {}, credential, caFile, timeoutMs, smokeTest }: ProbeOptions, api: EndpointApi): Promise<ExchangeMetrics> {
  const kind = kindOf(api, smokeTest)
  const streaming = ENDPOINT_API_FACTS[api].kinds[kind]?.streaming ?? true
  const sent = credential === undefined ? undefined : { header: credential.header, value: credential.prefix + credential.value.trim() }
  const client = await createProviderClient(PROVIDERS[api], {
    endpoint: { url: url.replace(/\/+$/, '') + path, api, model, headers, ...(sent && { credential: sent }), ...(caFile !== undefined && { ca: caFile }) },
    api: { kind, streaming, ignoreEos: false, sampling: {}, headers: {}, extraBody: {} },
  })
  try {
    const hooks = { now: () => performance.now(), timeoutMs, onRead: () => undefined }
    const request = kind === 'completions' ? { prompt: 'Hello' } : { messages: [{ role: 'user', content: 'Say hello.' }] }
    const { metrics } = await client.send(client.prepare({ id: 'assay-probe', outputTokens: TOKENS, ...request }), hooks).done
    return metrics
  } finally {
    await client.close()
  }
}

/** What was asked for, where the protocol has it, else what it has. */
function kindOf(api: EndpointApi, smokeTest: ProbeOptions['smokeTest']): ApiKind {
  const { kinds } = ENDPOINT_API_FACTS[api]
  const asked = smokeTest === 'chat' ? 'chat' : 'completions'
  return kinds[asked] === undefined ? (kinds.chat === undefined ? 'completions' : 'chat') : asked
}

function findingOf({ status, httpStatus = 0, error }: ExchangeMetrics, { credential, model, timeoutMs }: ProbeOptions, where: string): Finding {
  if (status === 'ok') return { ok: true, reason: 'Serving', message: `${where} answered for ${model}` }
  const said = clip(createRedactor(credential === undefined ? [] : [credential.value]).text(error?.message ?? ''))
  if (httpStatus === 401 || httpStatus === 403) {
    const why = credential === undefined ? 'it wants credentials (endpoint.credentials)' : 'the credential is not accepted'
    return { ok: false, reason: 'Unauthorized', message: `${where}: ${said}: ${why}` }
  }
  if (error?.class === 'timeout') return { ok: false, reason: 'Timeout', message: `${where} did not answer within ${timeoutMs} ms` }
  return { ok: false, reason: error?.class === 'connect' ? 'EndpointDown' : 'CompletionFailed', message: `${where}: ${said}` }
}
