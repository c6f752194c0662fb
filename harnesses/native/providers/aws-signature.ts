// SPDX-License-Identifier: Apache-2.0
/** Signs a request as AWS wants it (Signature Version 4). It keeps no secret but the day's signing key, and reads no clock. */
import { createHash, createHmac } from 'node:crypto'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface SignedRequest {
  readonly method: string
  /** Path with its query, as it is sent. */
  readonly path: string
  /** Everything that is to be signed: host at least. */
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body, in hexadecimal. */
  readonly bodySha256: string
}

export interface AwsSigner {
  /** The headers to add: date, session token where there is one, and the signature over these and the request's own. */
  readonly sign: (request: SignedRequest, credentials: AwsCredentials, epochMs: number) => Record<string, string>
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

export function createAwsSigner({ region, service }: { readonly region: string; readonly service: string }): AwsSigner {
  let key: { readonly of: string; readonly bytes: Buffer } | undefined
  const signingKey = (secret: string, day: string): Buffer => {
    const of = `${day}/${secret}`
    if (key?.of !== of) key = { of, bytes: [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day)) }
    return key.bytes
  }
  return {
    sign({ method, path, headers, bodySha256 }, { accessKeyId, secretAccessKey, sessionToken }, epochMs) {
      const time = new Date(epochMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const day = time.slice(0, 8)
      const added = { 'x-amz-date': time, ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }) }
      const signed = Object.entries({ ...headers, ...added }).map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, ' ')] as const).toSorted(byName)
      const names = signed.map(([name]) => name).join(';')
      const canonical = [method, ...canonicalAddress(path), ...signed.map(([name, value]) => `${name}:${value}`), '', names, bodySha256].join('\n')
      const scope = `${day}/${region}/${service}/aws4_request`
      const signature = hmac(signingKey(secretAccessKey, day), [ALGORITHM, time, scope, sha256(canonical)].join('\n')).toString('hex')
      return { ...added, authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` }
    },
  }
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Path and query as they are signed: what is sent, encoded once more, and parameters in order. */
function canonicalAddress(path: string): [path: string, query: string] {
  const at = path.indexOf('?')
  const query = at < 0 ? [] : path.slice(at + 1).split('&').map(parameter)
  return [encode(at < 0 ? path : path.slice(0, at)).replaceAll('%2F', '/'), query.toSorted(byName).map((pair) => pair.join('=')).join('&')]
}

function parameter(text: string): readonly [string, string] {
  const [name = '', ...value] = text.split('=')
  return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value.join('=')))]
}

function byName([a, x]: readonly [string, string], [b, y]: readonly [string, string]): number {
  return a === b ? (x < y ? -1 : 1) : (a < b ? -1 : 1)
}

/** Everything but letters, digits and -._~ is encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
