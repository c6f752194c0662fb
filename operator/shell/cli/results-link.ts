// SPDX-License-Identifier: Apache-2.0
/** The way to the results server: through the API server's proxy, with a token of the account that the chart keeps for readers. */
import { RESULTS_AUDIENCE } from '../../core/model/kinds.ts'
import { isForbidden } from '../kube/api-error.ts'
import { SERVICES } from '../kube/builtin-resources.ts'
import { systemClock } from '../kube/clock.ts'
import { createConnection } from '../kube/connection.ts'
import { requestToken, type ServiceAccountToken } from '../kube/reviews.ts'
import { createResultsClient, proxiedBase, type ResultsClient } from '../results/client.ts'
import type { Cluster } from './cluster.ts'

export interface ResultsLink {
  readonly client: ResultsClient
  /** Namespace of the operator. */
  readonly operator: string
  readonly close: () => Promise<void>
}

const SERVICE = 'assay-results'
const PORT = 8080
const READER = 'assay-reader'
const USUAL = 'assay-system'
const TOKEN_SECONDS = 3600
/** A token is renewed this long before it ends. */
const MARGIN_MS = 60_000

/** Undefined where there is no results server that we may see. */
export async function openResults(cluster: Cluster, options: { readonly attempts?: number } = {}): Promise<ResultsLink | undefined> {
  const operator = await findOperator(cluster)
  if (operator === undefined) return undefined
  const connection = createConnection({ access: cluster.access, clock: systemClock, connections: 4 })
  const client = createResultsClient({
    base: proxiedBase(cluster.access.server, { namespace: operator, service: SERVICE, port: PORT }),
    token: readerToken(cluster, operator), through: () => connection.current('calls'), ...options,
  })
  return { client, operator, close: connection.close }
}

/** The namespace that has the results server's Service: $ASSAY_SYSTEM_NAMESPACE, the usual one, else wherever it is found. */
export async function findOperator({ api }: Cluster): Promise<string | undefined> {
  const named = process.env['ASSAY_SYSTEM_NAMESPACE']
  if (named !== undefined && named !== '') return named
  try {
    if ((await api.find(SERVICES, { namespace: USUAL, name: SERVICE })) !== undefined) return USUAL
    const [found] = await api.list(SERVICES, { labelSelector: 'app.kubernetes.io/part-of=assay,app.kubernetes.io/component=results' })
    return found?.metadata.namespace
  } catch (error) {
    // Whoever may read results may not see Services: the usual place is worth a try.
    if (isForbidden(error)) return USUAL
    throw error
  }
}

function readerToken({ api }: Cluster, operator: string): () => Promise<string> {
  let kept: ServiceAccountToken | undefined
  return async () => {
    if (kept === undefined || Date.parse(kept.expiresAt) - Date.now() < MARGIN_MS) {
      kept = await requestToken(api, { namespace: operator, name: READER }, { audiences: [RESULTS_AUDIENCE], expirationSeconds: TOKEN_SECONDS })
    }
    return kept.token
  }
}
