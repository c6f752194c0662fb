// SPDX-License-Identifier: Apache-2.0
/** Where the API server is and how we prove who we are: what every source of configuration boils down to. */

/** What TLS needs; texts and bytes exactly as Node takes them. */
export interface TlsMaterial {
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly passphrase?: string
  readonly rejectUnauthorized?: boolean
  readonly servername?: string
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsMaterial
}

export interface Access {
  /** Base address, without a trailing slash. */
  readonly server: string
  /** The namespace that the configuration names: the pod's own, or the context's. */
  readonly namespace: string
  readonly proxyUrl?: string
  /** Reads what may have been rotated since the last call. */
  readonly credentials: () => Promise<Credentials>
}

/** A configuration from which no cluster can be reached: says where it was looked for and what to do. */
export class AccessError extends Error {
  override readonly name = 'AccessError'
  readonly code = 'ASSAY_NO_KUBECONFIG'
  readonly hint: string

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.hint = hint
  }
}
