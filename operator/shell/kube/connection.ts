// SPDX-License-Identifier: Apache-2.0
/** The pools of connections to the API server and the credentials in force; it sends nothing. */
import { createHash } from 'node:crypto'
import { Agent, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici'
import type { Access, Credentials, TlsMaterial } from './access.ts'
import type { Clock } from './clock.ts'

export interface ConnectionOptions {
  readonly access: Access
  readonly clock: Clock
  /** How long credentials are used before they are read again. */
  readonly credentialsMs?: number
  /** Connections at most, for calls. */
  readonly connections?: number
}

/** Watches and logs hold a connection each, however many there are: apart, they cannot starve the calls. Nor can calls that hang delay what is urgent. */
export type PoolName = 'calls' | 'streams' | 'urgent'
type Pools = Readonly<Record<PoolName, Dispatcher>>

export interface Connection {
  readonly server: string
  readonly current: (pool: PoolName) => Promise<{ readonly dispatcher: Dispatcher; readonly headers: Readonly<Record<string, string>> }>
  /** Reads the credentials anew at the next request: the API server did not accept them. */
  readonly distrust: () => void
  readonly close: () => Promise<void>
}

/** Below the 90 s after which the API server closes an idle connection, so that we never write into a closed one. */
const IDLE_MS = 60_000
const CREDENTIALS_MS = 30_000
const CONNECTIONS = 32

export function createConnection({ access, clock, credentialsMs = CREDENTIALS_MS, connections = CONNECTIONS }: ConnectionOptions): Connection {
  let pools: Pools | undefined
  let tlsPrint = ''
  let read: { readonly at: number; readonly credentials: Promise<Credentials> } | undefined
  const credentials = () => {
    if (read === undefined || clock.now() - read.at >= credentialsMs) read = { at: clock.now(), credentials: access.credentials() }
    return read.credentials
  }
  const poolsFor = (tls: TlsMaterial): Pools => {
    const print = fingerprint(tls)
    if (pools !== undefined && print === tlsPrint) return pools
    // A rotated CA or client certificate needs new handshakes; what is in flight on the old pools ends there.
    for (const old of Object.values(pools ?? {})) old.close().catch(() => undefined)
    pools = { calls: createPool(access, tls, connections), streams: createPool(access, tls, null), urgent: createPool(access, tls, 1) }
    tlsPrint = print
    return pools
  }
  return {
    server: access.server,
    current: async (pool) => {
      try {
        const { headers, tls } = await credentials()
        return { dispatcher: poolsFor(tls)[pool], headers }
      } catch (error) {
        read = undefined
        throw error
      }
    },
    distrust: () => { read = undefined },
    close: async () => { await Promise.all(Object.values(pools ?? {}).map((each) => each.destroy())) },
  }
}

function createPool(access: Access, tls: TlsMaterial, connections: number | null): Dispatcher {
  const connect = { ...defined(tls), keepAlive: true, keepAliveInitialDelay: 30_000 }
  // HTTP/1.1 on purpose: over one HTTP/2 connection a single dead TCP path silences all watches and calls at once.
  const shared = { connections, allowH2: false, keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS }
  if (access.proxyUrl === undefined) return new Agent({ ...shared, connect })
  if (access.proxyUrl.startsWith('socks')) return new Socks5ProxyAgent(access.proxyUrl, { ...shared, requestTls: defined(tls) })
  return new ProxyAgent({ ...shared, uri: access.proxyUrl, requestTls: defined(tls) })
}

function defined(tls: TlsMaterial): TlsMaterial {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}

function fingerprint(tls: TlsMaterial): string {
  const hash = createHash('sha256')
  for (const [name, value] of Object.entries(defined(tls))) hash.update(`${name}:`).update(Buffer.isBuffer(value) ? value : String(value)).update('\n')
  return hash.digest('hex')
}
