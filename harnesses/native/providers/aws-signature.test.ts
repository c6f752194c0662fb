// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createAwsSigner, sha256, type AwsCredentials } from './aws-signature.ts'

// Requests and signatures of the test suite that AWS publishes for this algorithm.
const CREDENTIALS: AwsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const TOKEN = 'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=='
const TIME = Date.parse('2015-08-30T12:36:00Z')
const HOST = { Host: 'example.amazonaws.com' }

interface Vector { readonly method: string; readonly path: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly sessionToken?: string; readonly names: string; readonly signature: string }

const VECTORS: readonly (Vector & { readonly name: string })[] = [
  { name: 'post-vanilla', method: 'POST', path: '/', names: 'host;x-amz-date', signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b' },
  {
    name: 'post-x-www-form-urlencoded', method: 'POST', path: '/', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1',
    names: 'content-type;host;x-amz-date', signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
  { name: 'post-sts-header-before', method: 'POST', path: '/', sessionToken: TOKEN, names: 'host;x-amz-date;x-amz-security-token', signature: '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead' },
  {
    name: 'get-header-value-trim', method: 'GET', path: '/', headers: { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' },
    names: 'host;my-header1;my-header2;x-amz-date', signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  { name: 'get-vanilla-query-order-key-case', method: 'GET', path: '/?Param2=value2&Param1=value1', names: 'host;x-amz-date', signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500' },
  {
    name: 'get-unreserved', method: 'GET', path: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    names: 'host;x-amz-date', signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  { name: 'get-utf8', method: 'GET', path: '/ሴ', names: 'host;x-amz-date', signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85' },
]

describe('createAwsSigner', () => {
  it.each(VECTORS)('gives the published signature of $name', ({ method, path, headers = {}, body = '', sessionToken, names, signature }) => {
    const { sign } = createAwsSigner({ region: 'us-east-1', service: 'service' })
    const added = sign({ method, path, headers: { ...HOST, ...headers }, bodySha256: sha256(body) }, { ...CREDENTIALS, sessionToken }, TIME)
    expect(added).toEqual({
      'x-amz-date': '20150830T123600Z', ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    })
  })

  it('makes a new key when the day or the secret changes', () => {
    const { sign } = createAwsSigner({ region: 'us-east-1', service: 'service' })
    const one = (credentials: AwsCredentials, at: number) => sign({ method: 'POST', path: '/', headers: HOST, bodySha256: sha256('') }, credentials, at)['authorization']
    const first = one(CREDENTIALS, TIME)
    expect(one(CREDENTIALS, TIME + 86_400_000)).not.toBe(first)
    expect(one({ ...CREDENTIALS, secretAccessKey: 'another' }, TIME)).not.toBe(first)
    expect(one(CREDENTIALS, TIME)).toBe(first)
  })
})
