// SPDX-License-Identifier: Apache-2.0
/** Looks through a namespace for what an Experiment or a Stack left there. It removes nothing. */
import { LABELS, type Trial } from '../../core/model/kinds.ts'
import { isForbidden } from '../kube/api-error.ts'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import { STACKS, TRIALS } from '../kube/assay-resources.ts'
import { CONFIG_MAPS, DEPLOYMENTS, JOBS, PERSISTENT_VOLUME_CLAIMS, PODS, SECRETS, SERVICES, STATEFUL_SETS } from '../kube/builtin-resources.ts'
import { sleep, systemClock } from '../kube/clock.ts'
import type { Cluster } from './cluster.ts'
import { type Belongs, type Inventory, leftovers, type Owned, takeInventory } from './leftovers-view.ts'

interface Place { readonly kind: string; readonly resource: ApiResource; readonly labelSelector?: string; readonly owned?: (object: KubeObject) => Owned }

const PLACES: readonly Place[] = [
  { kind: 'Trial', resource: TRIALS, owned: (trial) => ({ ...ownedOf('Trial', trial), findings: (trial as Trial).status?.results?.configMap }) },
  ...[STACKS, PODS, JOBS, DEPLOYMENTS, STATEFUL_SETS, SERVICES, PERSISTENT_VOLUME_CLAIMS].map((resource) => ({ kind: resource.kind, resource: resource as ApiResource })),
  // Findings are large and known from the Trials.
  { kind: 'ConfigMap', resource: CONFIG_MAPS, labelSelector: `!${LABELS.trial}` },
  { kind: 'Secret', resource: SECRETS, labelSelector: 'owner!=helm' },
  // A release has a Secret for every revision.
  { kind: 'Helm release', resource: SECRETS, labelSelector: 'owner=helm', owned: (secret) => ({ ...ownedOf('Helm release', secret), name: secret.metadata.labels?.['name'] ?? secret.metadata.name }) },
]

/** What is there now. */
export async function lookForLeftovers({ api, namespace }: Cluster, belongs: Belongs): Promise<Inventory> {
  const unseen: string[] = []
  const found = await Promise.all(PLACES.map(async ({ kind, resource, labelSelector, owned = (o) => ownedOf(kind, o) }) => {
    try {
      return (await api.list(resource, { namespace, labelSelector })).map(owned)
    } catch (error) {
      if (!isForbidden(error)) throw error
      unseen.push(kind)
      return []
    }
  }))
  return takeInventory(belongs, found.flat(), unseen)
}

const PATIENCE_MS = 20_000
const PAUSE_MS = 500

/** The same, with some patience: what is going down may still be listed for seconds. */
export async function settleLeftovers(cluster: Cluster, belongs: Belongs): Promise<Inventory> {
  const giveUpAt = systemClock.now() + PATIENCE_MS
  for (;;) {
    const inventory = await lookForLeftovers(cluster, belongs)
    if (leftovers(inventory).length === 0 || systemClock.now() > giveUpAt) return inventory
    await sleep(systemClock, PAUSE_MS)
  }
}

function ownedOf(kind: string, { metadata: { name, labels = {}, annotations = {} } }: KubeObject): Owned {
  return { kind, name, labels, annotations }
}
