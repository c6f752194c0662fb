// SPDX-License-Identifier: Apache-2.0
/** What the pod of a trial is told of the endpoint: where, in which protocol, as which model, with which credential and at which price. */
import { credentialHeader } from '../model/endpoint-api.ts'
import type { EndpointSpec, ScenarioSpec } from '../model/scenario.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { priceOf } from '../plan/token-price.ts'
import { CA_PATH, CREDENTIAL_PATH } from './trial-objects.ts'

export function trialEndpoint(url: string, endpoint: EndpointSpec, { model: { name } }: Pick<ScenarioSpec, 'model'>): TrialJob['endpoint'] {
  const { hostname, port, pathname, protocol } = new URL(url)
  const { credentials, api, servedModel: model = name, prices = [] } = endpoint
  const price = priceOf(prices, model)
  return {
    url, host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port), path: pathname === '/' ? '' : pathname,
    model, api, headers: endpoint.headers as Record<string, string>, ...(price && { price }),
    ...(credentials && { credential: { ...credentialHeader(api, credentials), env: 'ASSAY_CREDENTIAL' as const, file: CREDENTIAL_PATH } }),
    ...(endpoint.ca && { ca: CA_PATH }),
  }
}
