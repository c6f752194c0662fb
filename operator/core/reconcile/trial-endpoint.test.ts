// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Endpoint } from '../model/scenario.ts'
import { trialEndpoint } from './trial-endpoint.ts'

const secretKeyRef = { name: 's', key: 'k' }
const of = (url: string, endpoint: object = {}) => trialEndpoint(url, Endpoint.parse({ url, ...endpoint }), { model: { name: 'org/m' } })

describe('trialEndpoint', () => {
  it.each<[string, object, object]>([
    ['http://a.b.svc:8000', {}, { url: 'http://a.b.svc:8000', host: 'a.b.svc', port: 8000, path: '', model: 'org/m', api: 'openai', headers: {} }],
    ['https://api.example.com/x', { servedModel: 'm', headers: { a: 'b' } }, { url: 'https://api.example.com/x', host: 'api.example.com', port: 443, path: '/x', model: 'm', api: 'openai', headers: { a: 'b' } }],
    ['http://h', { ca: { configMap: 'c' } }, { url: 'http://h', host: 'h', port: 80, path: '', model: 'org/m', api: 'openai', headers: {}, ca: '/assay/ca/ca.crt' }],
  ])('of %s with %o', (url, endpoint, expected) => expect(of(url, endpoint)).toEqual(expected))

  it.each<[object, object]>([
    [{}, { header: 'Authorization', prefix: 'Bearer ' }], [{ api: 'anthropic' }, { header: 'x-api-key', prefix: '' }],
    [{ credentials: { header: 'api-key', prefix: '', secretKeyRef } }, { header: 'api-key', prefix: '' }], [{ api: 'sagemaker' }, { header: '', prefix: '' }],
  ])('has the credential of %o where the API has it, and never its value', (endpoint, expected) => {
    expect(of('http://h', { credentials: { secretKeyRef }, ...endpoint }).credential).toEqual({ ...expected, env: 'ASSAY_CREDENTIAL', file: '/assay/credential/value' })
  })

  it('has the price of the model in requests', () => {
    const prices = [{ model: 'org/m', input: 1, output: 2 }, { model: 'm', input: 3, output: 4 }]
    expect([of('http://h', { prices }).price, of('http://h', { prices, servedModel: 'm' }).price?.input, of('http://h').price]).toEqual([{ model: 'org/m', input: 1, output: 2, request: 0, currency: 'USD' }, 3, undefined])
  })
})
