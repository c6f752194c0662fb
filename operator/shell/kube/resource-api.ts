// SPDX-License-Identifier: Apache-2.0
/** The verbs of the API for any resource, on raw JSON both ways; it keeps nothing and decides nothing. */
import type { Readable } from 'node:stream'
import { ApiError, isNotFound } from './api-error.ts'
import { type ApiResource, apiVersionOf, type Draft, type KubeObject, type ObjectRef, pathOf } from './api-resource.ts'
import type { KubeClient, KubeRequest, Verb } from './client.ts'
import { type Clock, systemClock } from './clock.ts'
import { type WatchEvent, watchEvents } from './watch.ts'

export interface Selection {
  /** All namespaces when left out. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

export interface Page<T> {
  readonly items: T[]
  readonly resourceVersion: string
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  /** Goes past the token bucket, on a connection of its own. */
  readonly urgent?: boolean
}

export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string
  readonly subresource?: string
  readonly dryRun?: boolean
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string
  /** Take fields over from other managers: for objects that we made. */
  readonly force?: boolean
}

export interface DeleteOptions extends CallOptions {
  /** Only the very object that was seen. */
  readonly uid?: string
  readonly resourceVersion?: string
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
  readonly gracePeriodSeconds?: number
}

export interface WatchOptions extends Selection {
  readonly resourceVersion: string
  /** When the API server ends the watch. */
  readonly timeoutSeconds: number
  /** Longest silence; bookmarks come about every minute. */
  readonly idleMs: number
  readonly signal: AbortSignal
}

export interface LogOptions {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly timestamps?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
  readonly sinceSeconds?: number
  readonly signal?: AbortSignal
}

/** A part of an object: what a merge patch changes; null removes. */
export type MergePatch = Readonly<Record<string, unknown>>

export interface ResourceApi {
  readonly get: <T extends KubeObject>(resource: ApiResource<T>, ref: ObjectRef, options?: CallOptions) => Promise<T>
  /** Like get; undefined when there is no such object. */
  readonly find: <T extends KubeObject>(resource: ApiResource<T>, ref: ObjectRef, options?: CallOptions) => Promise<T | undefined>
  /** All objects, fetched in pages. */
  readonly list: <T extends KubeObject>(resource: ApiResource<T>, selection?: Selection, options?: CallOptions) => Promise<T[]>
  /** The pages one by one, so that a large list is never whole in memory. */
  readonly pages: <T extends KubeObject>(resource: ApiResource<T>, selection?: Selection, options?: CallOptions & { readonly limit?: number }) => AsyncGenerator<Page<T>, void, undefined>
  /** `of`: the object whose subresource is created, such as a service account's token. */
  readonly create: <T extends KubeObject>(resource: ApiResource<T>, object: Draft<T>, options?: WriteOptions & { readonly of?: ObjectRef }) => Promise<T>
  /** Server-side apply: creates the object or makes the fields given so; fields once given and now missing are removed. */
  readonly apply: <T extends KubeObject>(resource: ApiResource<T>, object: T, options: ApplyOptions) => Promise<T>
  /** Merge patch. A metadata.resourceVersion within makes it fail with a conflict when the object has changed. */
  readonly patchMerge: <T extends KubeObject>(resource: ApiResource<T>, ref: ObjectRef, patch: MergePatch, options?: WriteOptions) => Promise<T>
  /** False when there was nothing to delete. */
  readonly delete: (resource: ApiResource, ref: ObjectRef, options?: DeleteOptions) => Promise<boolean>
  readonly watch: <T extends KubeObject>(resource: ApiResource<T>, options: WatchOptions) => AsyncGenerator<WatchEvent<T>, void, undefined>
  /** The log of a pod's container as it comes; the caller reads or destroys it. */
  readonly logs: (ref: ObjectRef & { readonly namespace: string }, options?: LogOptions) => Promise<Readable>
}

const PAGE = 500
const PODS: ApiResource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }
/** A field that we mistyped is refused, not dropped. */
const STRICT = { fieldValidation: 'Strict' }

export function createResourceApi(client: KubeClient, clock: Clock = systemClock): ResourceApi {
  const get: ResourceApi['get'] = (resource, ref, options) => client.json({ ...target('get', resource, ref), ...call(options) })
  const pages = pagesOf(client)
  return {
    get,
    find: async (resource, ref, options) => {
      try {
        return await get(resource, ref, options)
      } catch (error) {
        if (isNotFound(error)) return undefined
        throw error
      }
    },
    pages,
    list: async (resource, selection, options) => {
      const all = []
      for await (const page of pages(resource, selection, options)) all.push(...page.items)
      return all
    },
    create: (resource, object, options = {}) => client.json({
      ...target('create', resource, { namespace: object.metadata?.namespace, ...options.of, subresource: options.subresource }),
      ...call(options), query: writeQuery(options), body: typed(resource, object),
    }),
    apply: (resource, object, options) => client.json({
      ...target('apply', resource, { ...refOfObject(object), subresource: options.subresource }),
      ...call(options), query: { ...writeQuery(options), force: options.force === true }, body: typed(resource, object), contentType: 'application/apply-patch+yaml',
    }),
    patchMerge: (resource, ref, patch, options = {}) => client.json({
      ...target('patch', resource, { ...ref, subresource: options.subresource }),
      ...call(options), query: writeQuery(options), body: patch, contentType: 'application/merge-patch+json',
    }),
    delete: (resource, ref, options = {}) => deleteObject(client, { resource, ref, options }),
    watch: (resource, options) => watchEvents({ client, clock, request: target('watch', resource, { namespace: options.namespace }), options }),
    logs: (ref, { signal, ...query } = {}) => client.stream({ ...target('get', PODS, { ...ref, subresource: 'log' }), query: { ...query }, signal, timeoutMs: query.follow === true ? 0 : undefined }),
  }
}

function pagesOf(client: KubeClient): ResourceApi['pages'] {
  return async function* pages<T extends KubeObject>(resource: ApiResource<T>, selection: Selection = {}, options: CallOptions & { readonly limit?: number } = {}) {
    const { namespace, labelSelector, fieldSelector } = selection
    for (let token: string | undefined = ''; token !== undefined;) {
      const list: List<T> = await client.json<List<T>>({
        ...target('list', resource, { namespace }), ...call(options),
        query: { labelSelector, fieldSelector, limit: options.limit ?? PAGE, continue: token === '' ? undefined : token },
      })
      // Within a list the API server leaves out what all items share.
      yield { items: (list.items ?? []).map((item) => typed(resource, item)), resourceVersion: list.metadata.resourceVersion }
      token = list.metadata.continue === '' ? undefined : list.metadata.continue
    }
  }
}

interface List<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: T[] | null
}

async function deleteObject(client: KubeClient, { resource, ref, options }: { readonly resource: ApiResource; readonly ref: ObjectRef; readonly options: DeleteOptions }): Promise<boolean> {
  const { uid, resourceVersion, propagation = 'Background', gracePeriodSeconds } = options
  const preconditions = uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion }
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: propagation, gracePeriodSeconds, preconditions }
  try {
    await client.json({ ...target('delete', resource, ref), ...call(options), body })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return false
    throw error
  }
}

type Target = Pick<KubeRequest, 'verb' | 'resource' | 'path'>

function target(verb: Verb, resource: ApiResource, at: { readonly namespace?: string; readonly name?: string; readonly subresource?: string }): Target {
  return { verb, resource: at.subresource === undefined ? resource.plural : `${resource.plural}/${at.subresource}`, path: pathOf(resource, at) }
}

function call({ signal, timeoutMs, urgent }: CallOptions = {}): Pick<KubeRequest, 'signal' | 'timeoutMs' | 'urgent'> {
  return { signal, timeoutMs, urgent }
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): NonNullable<KubeRequest['query']> {
  return { ...STRICT, fieldManager, dryRun: dryRun === true ? 'All' : undefined }
}

function typed<T extends object>(resource: ApiResource, object: T): T {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object }
}

function refOfObject({ metadata: { namespace, name } }: KubeObject): ObjectRef {
  return { namespace, name }
}
