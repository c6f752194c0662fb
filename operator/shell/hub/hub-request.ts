// SPDX-License-Identifier: Apache-2.0
/** One request to a hub. The token goes to the hub's own address and nowhere else, and never into a message. */
import { request } from 'undici'

export interface Hub {
  /** Without a slash at its end. */
  readonly endpoint: string
  readonly token: string
}

export interface HubRequest {
  /** For messages: what failed. */
  readonly what: string
  /** Behind the hub's address; or a whole address that the hub gave. */
  readonly path?: string
  readonly url?: string
  readonly method?: 'POST' | 'PUT'
  readonly json?: object
  readonly body?: string | Uint8Array
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses that are answers and no failures. */
  readonly allow?: readonly number[]
}

const TIMEOUT_MS = 300_000
/** As much of a refusal as a message can hold. */
const MOST_SAID = 300

export async function ask(hub: Hub, { what, path, url, method = 'POST', json, body, type, headers, allow = [] }: HubRequest): Promise<{ readonly status: number; readonly json: unknown }> {
  const address = url ?? `${hub.endpoint}${path ?? ''}`
  const known = { accept: type?.includes('git-lfs') === true ? type : 'application/json', ...((json !== undefined || type !== undefined) && { 'content-type': type ?? 'application/json' }) }
  const answer = await request(address, {
    method, headers: { ...known, ...ownHeaders(hub, address), ...headers }, body: json === undefined ? (body ?? null) : JSON.stringify(json), headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS,
  }).catch((error: Error) => {
    throw new Error(`${what} failed: ${hub.endpoint} cannot be reached: ${error.message}`, { cause: error })
  })
  const said = await answer.body.text()
  if (answer.statusCode < 300 || allow.includes(answer.statusCode)) return { status: answer.statusCode, json: parsed(said) }
  throw Object.assign(new Error(`${what} failed: the hub answered ${answer.statusCode}${reasonOf(hub, said, answer.headers['x-error-message'])}`), { hint: HINTS[answer.statusCode] })
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'HF_TOKEN is not a token of this hub', 403: 'the token in HF_TOKEN may not write there', 404: 'the owner does not exist, or the token in HF_TOKEN does not see it', 429: 'the hub asks for a pause: try again later',
}

/** A store has its own credentials in its address. */
function ownHeaders({ endpoint, token }: Hub, address: string): Record<string, string> {
  return new URL(address).origin === new URL(endpoint).origin ? { authorization: `Bearer ${token}` } : {}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf({ token }: Hub, said: string, header: string | string[] | undefined): string {
  const body = parsed(said)
  const told = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : String(header ?? said)
  const text = told.replaceAll(token, '…').replaceAll(/\s+/g, ' ').trim().slice(0, MOST_SAID)
  return text === '' ? '' : `: ${text}`
}
