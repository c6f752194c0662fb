// SPDX-License-Identifier: Apache-2.0
/** Which stored trial a name means, and what must be remembered of it for the time when its object is gone. */
import type { Clock } from '../kube/clock.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { ResultsKube, TrialSeen } from './kube.ts'
import { notFound } from './refusal.ts'
import type { Store, TrialId } from './store.ts'

export interface TrialName {
  readonly namespace: string
  readonly trial: string
  /** Of several with the same name, which; the one that exists, else the last one made, when left out. */
  readonly uid?: string
}

export interface TrialBook {
  readonly namespaceUid: (namespace: string) => Promise<string>
  /** The trial whose object exists, else the last one of that name that is stored. */
  readonly find: (name: TrialName) => Promise<TrialId>
  /** Notes what retention and listings need; does nothing when it is noted. */
  readonly enter: (id: TrialId, namespace: string, seen?: TrialSeen) => Promise<void>
}

const NAMESPACE_HOLDS_MS = 60_000
const DEFAULT_RETENTION = '30d'

export function createTrialBook({
  store,
  kube,
  clock,
}: {
  readonly store: Store
  readonly kube: ResultsKube
  readonly clock: Clock
}): TrialBook {
  const namespaces = createAnswerCache<string | undefined>({ clock, holdsMs: (uid) => (uid === undefined ? 1000 : NAMESPACE_HOLDS_MS) })
  const entered = new Set<string>()
  const namespaceUid = async (namespace: string) => {
    const uid = await namespaces.get(namespace, () => kube.namespaceUid(namespace))
    if (uid === undefined) throw notFound(`namespace "${namespace}"`)
    return uid
  }
  return {
    namespaceUid,
    find: async ({ namespace, trial, uid }) => {
      const of = { namespaceUid: await namespaceUid(namespace), trial }
      if (uid !== undefined) return { ...of, trialUid: uid }
      const existing = (await kube.trial(namespace, trial))?.metadata.uid
      if (existing !== undefined) return { ...of, trialUid: existing }
      return latest(store, of, `result of Trial "${trial}" in namespace "${namespace}"`)
    },
    enter: async (id, namespace, seen) => {
      if (entered.has(id.trialUid)) return
      if ((await store.memo(id)) === undefined)
        await store.remember(id, memoOf(id, namespace, seen ?? (await kube.trial(namespace, id.trial))))
      entered.add(id.trialUid)
    },
  }
}

async function latest(store: Store, of: { readonly namespaceUid: string; readonly trial: string }, what: string): Promise<TrialId> {
  const found: { readonly id: TrialId; readonly createdTime: string }[] = []
  for await (const id of store.trials(of)) found.push({ id, createdTime: (await store.memo(id))?.createdTime ?? '' })
  const last = found.sort((a, b) => (a.createdTime < b.createdTime ? -1 : 1)).at(-1)
  if (last === undefined) throw notFound(what)
  return last.id
}

/** A trial that was re-created under its name is another one: nothing is taken from it. */
function memoOf(id: TrialId, namespace: string, seen: TrialSeen | undefined) {
  const own = seen?.metadata.uid === id.trialUid ? seen : undefined
  return {
    namespace,
    trial: id.trial,
    trialUid: id.trialUid,
    createdTime: own?.metadata.creationTimestamp ?? '',
    retention: own?.spec.results.retention ?? DEFAULT_RETENTION,
    experiment: own?.metadata.ownerReferences?.find(({ kind }) => kind === 'Experiment')?.name,
  }
}
