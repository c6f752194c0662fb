// SPDX-License-Identifier: Apache-2.0
/** Live numbers of running trials, asked of the results server again and again. Without that server there are none, and nothing else changes. */
import type { Trial } from '../../core/model/kinds.ts'
import { systemClock } from '../kube/clock.ts'
import { type Cluster } from './cluster.ts'
import { openResults, type ResultsLink } from './results-link.ts'
import type { LiveNumbers } from './watch-view.ts'

export interface LiveSource {
  readonly numbers: ReadonlyMap<string, LiveNumbers>
  /** Asks for these trials' numbers, unless they were asked for a moment ago. */
  readonly refresh: (running: readonly Trial[]) => void
  readonly stop: () => Promise<void>
}

const EVERY_MS = 1000
/** Asked for at once, at most: more would not be readable. */
const MOST = 8

export function createLive(cluster: Cluster): LiveSource {
  const numbers = new Map<string, LiveNumbers>()
  let link: Promise<ResultsLink | undefined> | undefined
  let asked = -EVERY_MS
  let asking: Promise<unknown> = Promise.resolve()
  let busy = false
  const ask = async (running: readonly Trial[]) => {
    link ??= openResults(cluster, { attempts: 1 }).catch(() => undefined)
    const client = (await link)?.client
    await Promise.all(running.slice(0, MOST).map(async ({ metadata: { namespace = '', name, uid } }) => {
      const listing = await client?.trial({ namespace, trial: name, uid }, { timeoutMs: 5000 }).catch(() => undefined)
      if (listing?.live !== undefined) numbers.set(name, listing.live)
    }))
  }
  return {
    numbers,
    refresh: (running) => {
      if (busy || running.length === 0 || systemClock.now() - asked < EVERY_MS) return
      asked = systemClock.now()
      busy = true
      asking = ask(running).finally(() => { busy = false })
    },
    stop: async () => {
      await asking.catch(() => undefined)
      await (await link)?.close()
    },
  }
}
