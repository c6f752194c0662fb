// SPDX-License-Identifier: Apache-2.0
/** Connections to one endpoint: HTTP/1.1, kept alive, one request at a time on each, as many as there are requests. It knows no API. */
import { readFile } from 'node:fs/promises'
import { Pool, type Dispatcher } from 'undici'
import type { Endpoint } from './client.ts'

export interface Transport {
  readonly dispatch: (options: { readonly path: string; readonly headers: string[]; readonly body: Uint8Array }, handler: Dispatcher.DispatchHandler) => void
  /** Opens so many connections by asking for a path on each at once; whatever is answered, the connections stay for requests. */
  readonly open: (connections: number, path: string, headers: string[]) => Promise<void>
  /** Connections that were opened so far. */
  readonly opened: () => number
  readonly close: () => Promise<void>
}

const CONNECT_TIMEOUT_MS = 10_000
/** For an answer that only serves to open its connection. */
const OPEN_TIMEOUT_MS = 2000
/** Below the five seconds after which common servers close an idle connection, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 4000

export async function openTransport(endpoint: Pick<Endpoint, 'url' | 'ca'>): Promise<Transport> {
  const { origin, pathname } = new URL(endpoint.url)
  const base = pathname.replace(/\/+$/, '')
  const ca = endpoint.ca === undefined ? undefined : await readFile(endpoint.ca, 'utf8')
  const pool = new Pool(origin, {
    connections: null,
    pipelining: 1,
    // Streams of one HTTP/2 connection share its window: a slow reader of one would delay the others.
    allowH2: false,
    // The whole request has its own limit; a second one would only class the same failure differently.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(ca === undefined ? {} : { connect: { ca } }),
  })
  let opened = 0
  pool.on('connect', () => opened++)
  return {
    dispatch: ({ path, headers, body }, handler) => pool.dispatch({ method: 'POST', path: base + path, headers, body }, handler),
    open: async (connections, path, headers) => {
      await Promise.all(Array.from({ length: connections }, () => ask(pool, { path: base + path, headers })))
    },
    opened: () => opened,
    close: () => pool.destroy(),
  }
}

/** Ends well in any case: a server that cannot be reached is for the requests to show. */
function ask(pool: Pool, { path, headers }: { readonly path: string; readonly headers: string[] }): Promise<void> {
  return new Promise((resolve) => {
    let give = () => {}
    const timer = setTimeout(() => give(), OPEN_TIMEOUT_MS)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    pool.dispatch({ method: 'GET', path, headers }, {
      onRequestStart: (controller) => { give = () => controller.abort(new Error('no answer in time')) },
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: end,
      onResponseError: end,
    })
  })
}
