// SPDX-License-Identifier: Apache-2.0
/** What the results server has of each attempt: told by its event stream, asked where we cannot know. */
import type { Logger } from 'pino'
import { Findings } from '../../core/model/findings.ts'
import type { DeliveryView } from '../../core/reconcile/trial-observed.ts'
import { createResultsClient, tokenFile } from '../results/client.ts'
import type { AttemptRef, Delivered, Deliveries } from './world.ts'

export interface DeliveriesOptions { readonly url: string; readonly tokenPath: string; readonly log: Logger }
export interface RunningDeliveries extends Deliveries {
  readonly onDelivered: (tell: (ref: Pick<AttemptRef, 'namespace' | 'trial'>) => void) => void
  readonly start: () => void
  readonly stop: () => void
}

/** Attempts that are remembered; the oldest are asked for again. */
const REMEMBERED = 20_000

export function createDeliveries({ url, tokenPath, log }: DeliveriesOptions): RunningDeliveries {
  const client = createResultsClient({ base: url, token: tokenFile(tokenPath) })
  const views = new Map<string, DeliveryView>()
  const tellers: ((ref: Pick<AttemptRef, 'namespace' | 'trial'>) => void)[] = []
  const stopping = new AbortController()
  const remember = (ref: AttemptRef, view: DeliveryView): DeliveryView => {
    views.set(keyOf(ref), view)
    const [oldest] = views.keys()
    if (views.size > REMEMBERED && oldest !== undefined) views.delete(oldest)
    return view
  }
  const listen = async () => {
    for await (const event of client.events({ signal: stopping.signal, onProblem: (problem) => log.debug({ err: problem }, 'results events') })) {
      if (event.kind === 'reset') forgetOpen(views)
      if (event.kind !== 'delivered') continue
      const { namespace, trial, trialUid: uid, attempt } = event.event
      remember({ namespace, trial, uid, attempt }, { kind: 'delivered', atMs: Date.now() })
      for (const tell of tellers) tell({ namespace, trial })
    }
  }
  return {
    known: (ref) => views.get(keyOf(ref)) ?? { kind: 'unknown' },
    fresh: (ref) => void remember(ref, { kind: 'none' }),
    ask: async (ref) => remember(ref, (await client.summary(ref)) === undefined ? { kind: 'none' } : { kind: 'delivered', atMs: Date.now() }),
    fetch: async (ref): Promise<Delivered> => {
      const summary = await client.summary(ref)
      if (summary === undefined) {
        views.delete(keyOf(ref))
        throw new Error(`the results server does not have ${ref.namespace}/${ref.trial} attempt ${ref.attempt}`)
      }
      return { receipt: summary.receipt, findings: Findings.parse(summary.findings), reports: summary.reports }
    },
    putLog: async (ref, name, text) => { await client.putLog(ref, name, text) },
    onDelivered: (tell) => void tellers.push(tell),
    start: () => { listen().catch((error: unknown) => log.error({ err: error }, 'results events ended')) },
    stop: () => stopping.abort(),
  }
}

/** Deliveries may have been missed: what was not there may be there now. */
function forgetOpen(views: Map<string, DeliveryView>): void {
  for (const [key, view] of views) if (view.kind === 'none') views.delete(key)
}

const keyOf = ({ uid, attempt }: AttemptRef): string => `${uid}/${attempt}`
