// SPDX-License-Identifier: Apache-2.0
/** Removes results whose Trial is gone for longer than they were to be kept. It is keyed by uid, so a new Trial of an old name is safe. */
import { durationMs } from '../../core/model/common.ts'
import type { Clock } from '../kube/clock.ts'
import type { ResultsKube } from './kube.ts'
import type { Store, TrialId, TrialMemo } from './store.ts'

export interface Retention {
  readonly store: Store
  readonly kube: Pick<ResultsKube, 'trial' | 'namespaceUid'>
  readonly clock: Clock
  /** Between two trials, so that a store of many thousands is no burst of requests to the API server. */
  readonly pause?: () => Promise<void>
  readonly onRemoved?: (trial: TrialId, memo: TrialMemo) => void
  readonly onProblem?: (trial: TrialId, error: unknown) => void
}

/** One pass over all trials; one that cannot be judged now is left for the next pass. */
export async function sweep({ store, kube, clock, pause, onRemoved, onProblem }: Retention): Promise<void> {
  const once = { ...kube, namespaceUid: askedOnce(kube.namespaceUid) }
  for await (const id of store.trials()) {
    try {
      const memo = await store.memo(id)
      await pause?.()
      if (memo !== undefined && (await isOver({ store, kube: once, clock }, id, memo))) {
        await store.removeTrial(id)
        onRemoved?.(id, memo)
      }
    } catch (error) {
      onProblem?.(id, error)
    }
  }
}

/** A pass asks for each namespace once; a failure is asked again. */
function askedOnce(ask: Retention['kube']['namespaceUid']): Retention['kube']['namespaceUid'] {
  const answers = new Map<string, string | undefined>()
  return async (namespace) => {
    if (!answers.has(namespace)) answers.set(namespace, await ask(namespace))
    return answers.get(namespace)
  }
}

/** Whether the time is over; notes when the Trial was first seen to be gone, because nobody else does. */
async function isOver({ store, kube, clock }: Pick<Retention, 'store' | 'kube' | 'clock'>, id: TrialId, memo: TrialMemo): Promise<boolean> {
  if (await exists(kube, id, memo)) {
    if (memo.goneTime !== undefined) await store.remember(id, { ...memo, goneTime: undefined })
    return false
  }
  if (memo.goneTime === undefined) {
    await store.remember(id, { ...memo, goneTime: new Date(clock.epochMs()).toISOString() })
    return durationMs(memo.retention) === 0
  }
  return clock.epochMs() - Date.parse(memo.goneTime) >= durationMs(memo.retention)
}

async function exists(kube: Retention['kube'], id: TrialId, { namespace, trial }: TrialMemo): Promise<boolean> {
  if ((await kube.namespaceUid(namespace)) !== id.namespaceUid) return false
  return (await kube.trial(namespace, trial))?.metadata.uid === id.trialUid
}
