// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { credentialHeader, ENDPOINT_API_FACTS, ENDPOINT_APIS, type EndpointApi } from '../model/endpoint-api.ts'
import { formatProblem } from '../model/problem.ts'
import { API_KINDS, WorkloadProfileSpec } from '../model/workload-profile.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { endpointNeeds, needsOf } from './needs.ts'
import { protocolProblems } from './protocol-problems.ts'
import { priceOf, priceProblems } from './token-price.ts'

const workload = (api: object) => WorkloadProfileSpec.parse({ api, data: { synthetic: { input: { fixed: 8 }, output: { fixed: 8 } } }, load: { synchronous: { requests: 1 } } })
const scenario = (endpoint: object, more: object = {}) => ScenarioSpec.parse({ model: { name: 'm-large' }, endpoint: { url: 'https://api.example.com', ...endpoint }, ...more })
const problems = (api: EndpointApi, said: object) => protocolProblems({ workload: needsOf(workload(said)), endpoint: endpointNeeds(scenario({ api })) }).map(formatProblem)

describe('protocolProblems', () => {
  it.each<[EndpointApi, object, readonly string[]]>([
    ['openai', {}, []],
    ['openai', { kind: 'chat', sampling: { anything: 1 } }, []],
    ['openai', { kind: 'responses' }, [
      'workload.api.ignoreEos: OpenAI-compatible cannot be told to go on to the wanted length: an answer ends where the model ends it, at the wanted length at the latest (found true, expected false, with it, where what is behind it takes it, workload.api.extraBody: { ignore_eos: true }); did you mean workload.api.ignoreEos: false?',
    ]],
    ['anthropic', {}, ['workload.api.kind: Anthropic messages has no requests of the kind completions (found completions, expected one of chat); did you mean workload.api.kind: chat?']],
    ['anthropic', { kind: 'chat', ignoreEos: false, sampling: { temperature: 0, top_p: 1, seed: 7, top_kk: 3 } }, [
      'workload.api.sampling.seed: Anthropic messages knows no parameter seed for chat; what only it knows goes into workload.api.extraBody (found seed, expected one of temperature, top_p, top_k, stop)',
      'workload.api.sampling.top_kk: Anthropic messages knows no parameter top_kk for chat; what only it knows goes into workload.api.extraBody (found top_kk, expected one of temperature, top_p, top_k, stop); did you mean top_k?',
    ]],
    ['ollama', { kind: 'chat' }, [
      'workload.api.ignoreEos: Ollama cannot be told to go on to the wanted length: an answer ends where the model ends it, at the wanted length at the latest (found true, expected false); did you mean workload.api.ignoreEos: false?',
    ]],
    ['vertex-predict', { ignoreEos: false }, ['workload.api.streaming: Vertex AI predict streams no answers: there is no time to first token and no inter-token latency (found true, expected false); did you mean workload.api.streaming: false?']],
    ['vertex-predict', { ignoreEos: false, streaming: false }, []],
    ['sagemaker', { ignoreEos: false }, []],
  ])('%s, asked for %o', (api, said, expected) => expect(problems(api, said)).toEqual(expected))

  it.each(ENDPOINT_APIS)('%s can be asked for something', (api) => {
    const { kinds } = ENDPOINT_API_FACTS[api]
    const kind = API_KINDS.find((name) => kinds[name] !== undefined)
    expect(problems(api, { kind, ignoreEos: false, streaming: kinds[kind!]?.streaming })).toEqual([])
  })

  it('says nothing of a workload that only a tool knows, or where there is no server', () => {
    expect(protocolProblems({ workload: { ...needsOf(workload({})), toolProfile: 'tool' }, endpoint: endpointNeeds(scenario({ api: 'anthropic' })) })).toEqual([])
    expect(protocolProblems({ workload: needsOf(workload({})), endpoint: endpointNeeds(ScenarioSpec.parse({ model: { name: 'm' } })) })).toEqual([])
  })
})

describe('credentialHeader', () => {
  it.each<[EndpointApi, object, object]>([
    ['openai', {}, { header: 'Authorization', prefix: 'Bearer ' }],
    ['anthropic', {}, { header: 'x-api-key', prefix: '' }],
    ['anthropic', { header: 'authorization' }, { header: 'authorization', prefix: 'Bearer ' }],
    ['openai', { header: 'api-key', prefix: '' }, { header: 'api-key', prefix: '' }],
    ['anthropic', { prefix: 'Token ' }, { header: 'Authorization', prefix: 'Token ' }],
    ['sagemaker', {}, { header: '', prefix: '' }],
  ])('of %s with %o', (api, own, expected) => {
    const { endpoint } = scenario({ credentials: { secretKeyRef: { name: 's', key: 'k' }, ...own } })
    expect(credentialHeader(api, endpoint?.credentials)).toEqual(expected)
  })
})

describe('prices', () => {
  const rows = [{ model: 'm-small', input: 1, output: 2 }, { model: 'm-large', input: 3, output: 4 }]
  it('are those of the model in requests', () => {
    const { endpoint } = scenario({ prices: [...rows, { input: 9, output: 9 }] })
    expect(['m-large', 'other'].map((model) => priceOf(endpoint?.prices ?? [], model)?.input)).toEqual([3, 9])
  })

  it.each([
    [{ prices: rows }, {}, []],
    [{ prices: rows, servedModel: 'm-larg' }, {}, ['scenario.endpoint.prices: no row is of the model in requests, "m-larg" (found m-small, m-large, expected a row of that model, or one without a model); did you mean m-large?']],
    [{ prices: rows }, { accelerator: { hourlyCost: { amount: 3 } } }, ['scenario.endpoint.prices: tokens have a price and accelerators an hourly cost: a request would have two costs (expected endpoint.prices for a hosted endpoint, or accelerator.hourlyCost for a server of your own)']],
    [{}, { accelerator: { hourlyCost: { amount: 3 } } }, []],
  ])('%o with %o', (endpoint, more, expected) => expect(priceProblems(scenario(endpoint, more)).map(formatProblem)).toEqual(expected))
})
