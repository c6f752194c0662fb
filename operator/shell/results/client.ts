// SPDX-License-Identifier: Apache-2.0
/** The results server as collector, controller and command line use it. Retries and tokens are the caller's business no more. */
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { Receipt } from '../../core/model/trial-job.ts'
import { systemClock } from '../kube/clock.ts'
import {
  type AttemptRef,
  type Completion,
  ExperimentListing,
  type Live,
  LOGS,
  type ResultsEvent,
  Summary,
  TrialListing,
  Written,
} from './api.ts'
import { listen, type Listening } from './client-events.ts'
import { type Call, type Caller, type ClientOptions, createCaller, ResultsError } from './client-http.ts'

export { type ClientOptions, ResultsError } from './client-http.ts'

/** Of several trials of one name, which; the one that exists, else the last one made, when left out. */
interface TrialUid {
  readonly uid?: string
}
export type Sending = Pick<Call, 'signal' | 'persistent' | 'timeoutMs'>

type Content = Uint8Array | { readonly open: () => Readable }

export interface ResultsClient {
  /** Puts a whole file: bytes, or a stream, which is opened anew for each attempt. */
  readonly put: (ref: AttemptRef, name: string, content: Content, sending?: Sending) => Promise<Written>
  /** Continues a file at an offset; a ResultsError with code OffsetMismatch says in details.bytes where it ends. */
  readonly append: (
    ref: AttemptRef,
    name: string,
    part: { readonly offset: number; readonly bytes: Uint8Array },
    sending?: Sending,
  ) => Promise<Written>
  readonly live: (ref: AttemptRef, live: Live, sending?: Sending) => Promise<void>
  readonly complete: (ref: AttemptRef, completion: Completion, sending?: Sending) => Promise<Receipt>
  /** Undefined until the attempt is delivered. */
  readonly summary: (ref: AttemptRef & TrialUid, sending?: Sending) => Promise<Summary | undefined>
  readonly putLog: (ref: AttemptRef & TrialUid, container: string, text: string | Uint8Array, sending?: Sending) => Promise<Written>
  readonly removeTrial: (ref: Omit<AttemptRef, 'attempt'> & TrialUid, sending?: Sending) => Promise<void>
  readonly events: (listening: Listening) => AsyncGenerator<ResultsEvent, void, undefined>
  readonly trial: (ref: Omit<AttemptRef, 'attempt'> & TrialUid, sending?: Sending) => Promise<TrialListing>
  readonly experiment: (ref: { readonly namespace: string; readonly name: string }, sending?: Sending) => Promise<ExperimentListing>
  /** A file from an offset on. A connection that breaks off shows as an error of the stream: ask again from where it broke. */
  readonly download: (ref: AttemptRef & TrialUid, name: string, options?: Sending & { readonly from?: number }) => Promise<Readable>
}

const UPLOAD_TIMEOUT_MS = 600_000

export function createResultsClient(options: ClientOptions): ResultsClient {
  const { clock = systemClock, random = Math.random } = options
  const call = createCaller(options)
  return { ...writing(call), ...reading(call), events: (listening) => listen({ call, clock, random }, listening) }
}

type Verbs<K extends keyof ResultsClient> = Pick<ResultsClient, K>

function writing(call: Caller): Verbs<'put' | 'append' | 'live' | 'complete' | 'putLog' | 'removeTrial'> {
  const put = async (path: string, content: Content, { query, ...sending }: Sending & Pick<Call, 'query'> = {}) => {
    const body = () => (content instanceof Uint8Array ? content : content.open())
    return Written.parse(await (await call({ method: 'PUT', path, query, body, timeoutMs: UPLOAD_TIMEOUT_MS, ...sending })).body.json())
  }
  const post = (path: string, value: unknown, sending?: Sending) =>
    call({ method: 'POST', path, body: () => JSON.stringify(value), headers: { 'content-type': 'application/json' }, ...sending })
  return {
    put: (ref, name, content, sending) => put(fileAddress(ref, name), content, sending),
    append: (ref, name, { offset, bytes }, sending) => put(fileAddress(ref, name), bytes, { ...sending, query: { append: offset } }),
    live: async (ref, live, sending) => {
      const answer = await post(`${address(ref)}/live`, live, sending)
      await answer.body.dump()
    },
    complete: async (ref, completion, sending) => {
      const answer = await post(`${address(ref)}/complete`, completion, { timeoutMs: UPLOAD_TIMEOUT_MS, ...sending })
      return Receipt.parse(await answer.body.json())
    },
    putLog: (ref, container, text, sending) => {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text
      return put(fileAddress(ref, `${LOGS}${container}.log`), bytes, { ...sending, query: { uid: ref.uid } })
    },
    removeTrial: async (ref, sending) => {
      const answer = await call({ method: 'DELETE', path: trialAddress(ref), query: { uid: ref.uid }, ...sending })
      await answer.body.dump()
    },
  }
}

function reading(call: Caller): Verbs<'summary' | 'trial' | 'experiment' | 'download'> {
  const get = (path: string, rest: Omit<Call, 'method' | 'path'>) => call({ method: 'GET', path, ...rest })
  return {
    summary: async (ref, sending) => {
      const answer = await found(() => get(`${address(ref)}/summary`, { query: { uid: ref.uid }, ...sending }))
      return answer === undefined ? undefined : Summary.parse(await answer.body.json())
    },
    trial: async (ref, sending) => {
      const answer = await get(trialAddress(ref), { query: { uid: ref.uid }, ...sending })
      return TrialListing.parse(await answer.body.json())
    },
    experiment: async ({ namespace, name }, sending = {}) => {
      const answer = await get(`/v1/experiments/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`, sending)
      return ExperimentListing.parse(await answer.body.json())
    },
    download: async (ref, name, { from = 0, ...sending } = {}) => {
      const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {}
      const path = `${trialAddress(ref)}/files/${ref.attempt}/${encoded(name)}`
      return (await get(path, { query: { uid: ref.uid }, headers, ...sending })).body
    },
  }
}

/** Reads a projected token for each request: the kubelet renews it. */
export function tokenFile(path: string): () => Promise<string> {
  return async () => (await readFile(path, 'utf8')).trim()
}

/** Base address of the results server behind the API server's service proxy. */
export function proxiedBase(
  server: string,
  { namespace, service, port }: { readonly namespace: string; readonly service: string; readonly port: number },
): string {
  return `${server}/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy`
}

async function found<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ResultsError && error.status === 404) return undefined
    throw error
  }
}

function trialAddress({ namespace, trial }: Omit<AttemptRef, 'attempt'>): string {
  return `/v1/trials/${encodeURIComponent(namespace)}/${encodeURIComponent(trial)}`
}

function address(ref: AttemptRef): string {
  return `${trialAddress(ref)}/${ref.attempt}`
}

function fileAddress(ref: AttemptRef, name: string): string {
  return `${address(ref)}/files/${encoded(name)}`
}

function encoded(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}
