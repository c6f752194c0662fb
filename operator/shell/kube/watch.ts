// SPDX-License-Identifier: Apache-2.0
/** One watch from its first event to its end; it neither lists nor comes back. */
import { ApiError, type ApiStatus, errorFromFailure, errorFromStatus } from './api-error.ts'
import type { KubeObject } from './api-resource.ts'
import type { KubeClient, KubeRequest } from './client.ts'
import type { Clock } from './clock.ts'
import { jsonLines } from './json-lines.ts'
import type { WatchOptions } from './resource-api.ts'

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: KubeObject }

export interface WatchCall {
  readonly client: KubeClient
  readonly clock: Clock
  readonly request: Pick<KubeRequest, 'verb' | 'resource' | 'path'>
  readonly options: WatchOptions
}

/** Yields events until the API server ends the watch (it returns), the caller aborts it (it returns), or something breaks (it throws an ApiError). */
export async function* watchEvents<T extends KubeObject>({ client, clock, request, options }: WatchCall): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { signal, idleMs, namespace: _namespace, ...query } = options
  const silence = watchSilence(clock, idleMs, signal)
  try {
    const body = await client.stream({ ...request, query: { ...query, watch: true, allowWatchBookmarks: true }, signal: silence.signal, timeoutMs: 0 })
    for await (const value of jsonLines(heard(body, silence.heard))) yield eventOf<T>(value)
  } catch (error) {
    if (signal.aborted) return
    if (silence.signal.aborted) throw new ApiError({ code: 0, reason: 'Timeout', message: `watch ${request.path}: nothing came for ${idleMs} ms`, cause: error })
    throw error instanceof ApiError ? error : errorFromFailure(error, `watch ${request.path}`)
  } finally {
    silence.end()
  }
}

function eventOf<T>(value: unknown): WatchEvent<T> {
  const event = value as { readonly type?: string; readonly object?: unknown } | null
  switch (event?.type) {
    case 'ADDED': case 'MODIFIED': case 'DELETED':
      return { type: event.type, object: event.object as T }
    case 'BOOKMARK':
      return { type: 'BOOKMARK', object: event.object as KubeObject }
    case 'ERROR':
      throw errorFromStatus(event.object as ApiStatus)
    default:
      throw new SyntaxError(`an event of the unknown type "${String(event?.type)}"`)
  }
}

/** A half-open connection says nothing for ever: only silence gives it away. */
function watchSilence(clock: Clock, idleMs: number, outer: AbortSignal) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  let cancel = clock.after(idleMs, abort)
  if (outer.aborted) abort()
  outer.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    heard: () => {
      cancel()
      cancel = clock.after(idleMs, abort)
    },
    end: () => {
      cancel()
      outer.removeEventListener('abort', abort)
      abort()
    },
  }
}

async function* heard(body: AsyncIterable<Uint8Array>, note: () => void): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    note()
    yield chunk
  }
}
