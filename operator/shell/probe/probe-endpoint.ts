// SPDX-License-Identifier: Apache-2.0
/** Whether an OpenAI-compatible endpoint really serves a model: it lists the model and answers one request. It measures nothing. */
import { Agent } from 'undici'
import { ENDPOINT_API_FACTS, type EndpointApi } from '../../core/model/endpoint-api.ts'
import { nearest } from '../../core/model/nearest.ts'
import { createRedactor, type Redactor } from '../collector/redact.ts'
import { clip, hasChoice, modelIds, quote } from './openai-answers.ts'
import { type Answer, exchange } from './probe-http.ts'
import { probeProvider } from './probe-provider.ts'

export type ProbeReason = 'EndpointDown' | 'ModelNotListed' | 'Unauthorized' | 'CompletionFailed' | 'Timeout'

export interface ProbeOptions {
  /** Base address without /v1, such as http://10.0.0.7:8000. */
  readonly url: string
  /** Path before /v1. */
  readonly path?: string
  /** OpenAI's when not set. */
  readonly api?: EndpointApi
  readonly model: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credential?: { readonly header: string; readonly prefix: string; readonly value: string }
  /** PEM of a private certificate authority. */
  readonly ca?: string
  /** Path of the same; for protocols other than OpenAI's. */
  readonly caFile?: string
  readonly smokeTest: 'completion' | 'chat' | 'models' | 'none'
  /** For everything together. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface ProbeResult {
  readonly ok: boolean
  readonly reason: ProbeReason | 'Serving'
  readonly message: string
  /** Models that the server lists, at most 20. */
  readonly models?: readonly string[]
  readonly ms: number
}

const MOST_MODELS = 20

/** Asks the endpoint; never throws for anything that the server does. */
export async function probeEndpoint(options: ProbeOptions): Promise<ProbeResult> {
  const began = performance.now()
  const { api = 'openai' } = options
  if (!ENDPOINT_API_FACTS[api].listsModels) return { ...(await probeProvider(options, api)), ms: Math.round(performance.now() - began) }
  const dispatcher = new Agent({ connections: 1, connect: options.ca === undefined ? {} : { ca: options.ca } })
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal])
  try {
    const finding = await steps({ ...options, dispatcher, signal })
    return { ...finding, ms: Math.round(performance.now() - began) }
  } finally {
    await dispatcher.destroy()
  }
}

type Finding = Omit<ProbeResult, 'ms'>
type Probe = ProbeOptions & { readonly dispatcher: Agent; readonly signal: AbortSignal }

async function steps(probe: Probe): Promise<Finding> {
  if (probe.smokeTest === 'none') return { ok: true, reason: 'Serving', message: 'not asked: smokeTest is none' }
  const listed = await listModels(probe)
  if (!listed.ok || probe.smokeTest === 'models') return listed
  const answered = await answerOnce(probe, probe.smokeTest)
  return { ...answered, models: listed.models }
}

async function listModels(probe: Probe): Promise<Finding> {
  const url = addressOf(probe, '/v1/models')
  const where = shown(url)
  const answer = await ask(probe, { url, method: 'GET' })
  const failed = failure(probe, { answer, where, otherwise: 'EndpointDown' })
  if (failed !== undefined) return failed
  const models = modelIds(answer)
  if (models === undefined)
    return { ok: false, reason: 'EndpointDown', message: `GET ${where} gave no list of models: is this an OpenAI-compatible server?` }
  const some = models.slice(0, MOST_MODELS)
  if (models.includes(probe.model)) return { ok: true, reason: 'Serving', message: `${where} lists ${probe.model}`, models: some }
  const close = nearest(probe.model, models, 3)
  const hint = close.length > 0 ? `nearest: ${close.join(', ')}` : `it lists ${some.slice(0, 5).join(', ') || 'no model'}`
  return {
    ok: false,
    reason: 'ModelNotListed',
    message: `GET ${where} does not list the model "${probe.model}"; ${clip(hint)}`,
    models: some,
  }
}

async function answerOnce(probe: Probe, kind: 'completion' | 'chat'): Promise<Finding> {
  const chat = kind === 'chat'
  const url = addressOf(probe, chat ? '/v1/chat/completions' : '/v1/completions')
  const where = shown(url)
  const input = chat ? { messages: [{ role: 'user', content: 'Say hello.' }] } : { prompt: 'Hello' }
  const body = JSON.stringify({ model: probe.model, ...input, max_tokens: 4, temperature: 0 })
  const answer = await ask(probe, { url, method: 'POST', body })
  const failed = failure(probe, { answer, where, otherwise: 'CompletionFailed' })
  if (failed !== undefined) return failed
  if (hasChoice(answer, chat)) return { ok: true, reason: 'Serving', message: `${where} answered for ${probe.model}` }
  return {
    ok: false,
    reason: 'CompletionFailed',
    message: `POST ${where} answered without a choice that holds ${chat ? 'a message' : 'text'}`,
  }
}

function ask(
  probe: Probe,
  { url, method, body }: { readonly url: string; readonly method: 'GET' | 'POST'; readonly body?: string },
): Promise<Answer> {
  const { credential } = probe
  const headers = {
    accept: 'application/json',
    'user-agent': 'assay-probe',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...probe.headers,
    ...(credential === undefined ? {} : { [credential.header]: `${credential.prefix}${credential.value.trim()}` }),
  }
  return exchange({ url, method, headers, body, dispatcher: probe.dispatcher, signal: probe.signal })
}

interface Asked {
  readonly answer: Answer
  readonly where: string
  /** What a refusal means that is neither about rights nor about time. */
  readonly otherwise: ProbeReason
}

/** What is wrong with an answer by its status alone; undefined when it is a success. */
function failure(probe: Probe, { answer, where, otherwise }: Asked): Finding | undefined {
  const no = (reason: ProbeReason, message: string): Finding => ({ ok: false, reason, message })
  switch (answer.kind) {
    case 'timeout':
      return no('Timeout', `${where} did not answer within ${probe.timeoutMs} ms`)
    case 'failure':
      return no('EndpointDown', `${where} cannot be reached: ${answer.code}`)
    case 'answer':
      break
  }
  const { status, json } = answer
  if (status >= 200 && status < 300) return undefined
  const said = quote(json, secretsOf(probe))
  if (status === 401 || status === 403) {
    const why = probe.credential === undefined ? 'it wants credentials (endpoint.credentials)' : 'the credential is not accepted'
    return no('Unauthorized', `${where} answered ${status}${said}: ${why}`)
  }
  if (status >= 300 && status < 400) return no(otherwise, `${where} answered ${status}: redirects are not followed, name the final address`)
  return no(otherwise, `${where} answered ${status}${said}`)
}

function secretsOf({ credential }: Probe): Redactor {
  return createRedactor(credential === undefined ? [] : [credential.value])
}

/** A user name and a password in an address are not for messages. */
function shown(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//')
}

function addressOf({ url, path = '' }: Probe, rest: string): string {
  return `${url.replace(/\/+$/, '')}${path === '' ? '' : `/${path.replace(/^\/+|\/+$/g, '')}`}${rest}`
}
