// SPDX-License-Identifier: Apache-2.0
/** Mirrors a resource's objects into memory: list, watch, and again, for ever, whatever breaks. It knows no kind and never gives up. */
import { isApiError, isExpired } from './api-error.ts'
import { type ApiResource, type KubeObject, keyOf } from './api-resource.ts'
import { backoffMs } from './backoff.ts'
import { type Clock, sleep, systemClock } from './clock.ts'
import { createMirror, type Mirror, withoutBookkeeping } from './mirror.ts'
import { createPartSharing } from './part-sharing.ts'
import type { ResourceApi } from './resource-api.ts'
import { isOlder, versionOf } from './resource-version.ts'
import { createStore, type IndexBy, type Store } from './store.ts'

/** Something went wrong that the reflector got over, or will. */
export interface ReflectorProblem {
  readonly during: 'list' | 'watch' | 'handler'
  readonly resource: string
  readonly namespace: string | undefined
  readonly error: unknown
  /** Failures in a row. */
  readonly failures: number
}

export interface ReflectorTimings {
  readonly relistMs: number
  readonly idleMs: number
  readonly watchSeconds: readonly [number, number]
  readonly backoffMs: readonly [number, number]
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly api: Pick<ResourceApi, 'pages' | 'watch'>
  readonly resource: ApiResource<T>
  /** The whole cluster when left out. */
  readonly namespaces?: readonly string[]
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** What is kept of an object, after managedFields went; keep name, namespace, uid and resourceVersion. */
  readonly transform?: (object: T) => T
  readonly indexes?: Readonly<Record<string, IndexBy<T>>>
  readonly onProblem?: (problem: ReflectorProblem) => void
  readonly clock?: Clock
  readonly random?: () => number
  readonly timings?: Partial<ReflectorTimings>
}

export interface Reflector<T extends KubeObject> {
  readonly store: Store<T>
  readonly subscribe: Mirror<T>['subscribe']
  /** Takes in what a write of ours returned, so that the next reconcile sees it at once; older states are passed over. */
  readonly learn: Mirror<T>['changed']
  readonly start: () => void
  /** Resolves once everything there was has been seen and told; never when stopped before. */
  readonly hasSynced: () => Promise<void>
  readonly isSynced: () => boolean
  readonly stop: () => Promise<void>
}

const TIMINGS: ReflectorTimings = { relistMs: 600_000, idleMs: 120_000, watchSeconds: [300, 600], backoffMs: [800, 30_000] }
/** A watch that ends sooner without a word counts as failed, or a broken proxy would make us spin. */
const SHORTEST_WATCH_MS = 1000
/** Failures in a row at the same place, after which we list again: perhaps the place is the problem. */
const STUCK = 5

export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  const { transform = (object: T) => object, clock = systemClock, random = Math.random, resource } = options
  const report = (problem: Omit<ReflectorProblem, 'resource'>) => options.onProblem?.({ resource: resource.plural, ...problem })
  const share = createPartSharing()
  const mirror = createMirror<T>({
    store: createStore(options.indexes),
    transform: (object) => share(transform(withoutBookkeeping(object))),
    onError: (error) => report({ during: 'handler', namespace: undefined, error, failures: 1 }),
  })
  const synced = Promise.withResolvers<void>()
  const stopping = new AbortController()
  const scopes: readonly (string | undefined)[] = options.namespaces ?? [undefined]
  let unsynced = scopes.length
  let isSynced = false
  let loops: Promise<void>[] = []
  const onSynced = () => {
    unsynced -= 1
    isSynced = unsynced <= 0
    if (isSynced) synced.resolve()
  }
  return {
    store: mirror.store,
    subscribe: mirror.subscribe,
    learn: mirror.changed,
    start: () => {
      if (loops.length > 0) return
      const timings = { ...TIMINGS, ...options.timings }
      if (scopes.length === 0) onSynced()
      loops = scopes.map((namespace) => reflectScope({ options, namespace, mirror, timings, clock, random, report, onSynced, signal: stopping.signal }))
    },
    hasSynced: () => synced.promise,
    isSynced: () => isSynced,
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

interface Scope<T extends KubeObject> {
  readonly options: ReflectorOptions<T>
  readonly namespace: string | undefined
  readonly mirror: Mirror<T>
  readonly timings: ReflectorTimings
  readonly clock: Clock
  readonly random: () => number
  readonly report: (problem: Omit<ReflectorProblem, 'resource'>) => void
  readonly onSynced: () => void
  readonly signal: AbortSignal
}

/** Where one scope stands between two steps. */
interface Progress {
  /** Watch from here; undefined: list first. */
  resourceVersion: string | undefined
  /** The latest version we know of, also when it has expired. */
  newest: string
  relistAt: number
  failures: number
  synced: boolean
  /** Page size; 0 asks for all at once, after a continue token has expired. */
  limit: number | undefined
}

async function reflectScope<T extends KubeObject>(scope: Scope<T>): Promise<void> {
  const progress: Progress = { resourceVersion: undefined, newest: '', relistAt: 0, failures: 0, synced: false, limit: undefined }
  while (!scope.signal.aborted) {
    const during = progress.resourceVersion === undefined || scope.clock.now() >= progress.relistAt ? 'list' : 'watch'
    try {
      if (during === 'list') await list(scope, progress)
      else await watch(scope, progress)
    } catch (error) {
      if (scope.signal.aborted) return
      await recover(scope, progress, { during, error })
    }
  }
}

async function list<T extends KubeObject>(scope: Scope<T>, progress: Progress): Promise<void> {
  const { options: { api, resource, labelSelector, fieldSelector }, namespace, mirror, signal, clock, random, timings } = scope
  const exists = new Set<string>()
  const inScope = (key: string) => namespace === undefined || key.startsWith(`${namespace}/`)
  let resourceVersion = ''
  for await (const page of api.pages(resource, { namespace, labelSelector, fieldSelector }, { signal, limit: progress.limit })) {
    if (resourceVersion === '' && isOlder(page.resourceVersion, progress.newest)) mirror.rewound(inScope)
    resourceVersion = page.resourceVersion
    for (const object of page.items) {
      exists.add(keyOf(object))
      mirror.changed(object)
    }
  }
  mirror.only(exists, { resourceVersion, inScope })
  Object.assign(progress, { resourceVersion, newest: resourceVersion, failures: 0, limit: undefined, relistAt: clock.now() + timings.relistMs * (1 - 0.1 * random()) })
  if (!progress.synced) scope.onSynced()
  progress.synced = true
}

async function watch<T extends KubeObject>(scope: Scope<T>, progress: Progress): Promise<void> {
  const { options: { api, resource, labelSelector, fieldSelector }, namespace, mirror, signal, clock, random, timings } = scope
  const [shortest, longest] = timings.watchSeconds
  const untilRelist = Math.ceil((progress.relistAt - clock.now()) / 1000)
  const timeoutSeconds = Math.max(1, Math.min(untilRelist, Math.round(shortest + random() * (longest - shortest))))
  const began = clock.now()
  let heard = false
  const events = api.watch(resource, { namespace, labelSelector, fieldSelector, resourceVersion: progress.resourceVersion ?? '', timeoutSeconds, idleMs: timings.idleMs, signal })
  for await (const event of events) {
    if (event.type === 'DELETED') mirror.gone(event.object)
    else if (event.type !== 'BOOKMARK') mirror.changed(event.object)
    progress.newest = later(progress.newest, versionOf(event.object))
    progress.resourceVersion = progress.newest
    progress.failures = 0
    heard = true
  }
  if (!heard && !signal.aborted && clock.now() - began < SHORTEST_WATCH_MS) throw new Error('the watch ended as soon as it had begun')
}

async function recover<T extends KubeObject>(scope: Scope<T>, progress: Progress, { during, error }: Pick<ReflectorProblem, 'during' | 'error'>): Promise<void> {
  const { namespace, report, clock, random, signal, timings: { backoffMs: [baseMs, maxMs] } } = scope
  progress.failures += 1
  report({ during, namespace, error, failures: progress.failures })
  if (isExpired(error) && during === 'list') progress.limit = 0
  if (isExpired(error) || progress.failures >= STUCK) progress.resourceVersion = undefined
  // That our place in history has expired is nobody's failure: list again at once, the first time.
  if (isExpired(error) && progress.failures === 1) return
  const asked = isApiError(error) ? (error.retryAfterMs ?? 0) : 0
  await sleep(clock, Math.max(asked, backoffMs(progress.failures, { baseMs, maxMs, jitter: 0.5, random })), signal)
}

/** Never back: an event that came late must not make us watch from the past. */
function later(known: string, now: string): string {
  return now === '' || isOlder(now, known) ? known : now
}
