// SPDX-License-Identifier: Apache-2.0
/** What all routes share: their context, and how a request gives up its body, its token and its path. */
import type { Readable } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Clock } from '../kube/clock.ts'
import { type AttemptRef, TOKEN_HEADER } from './api.ts'
import type { Guard, TokenHeaders } from './authenticate.ts'
import type { EventHub } from './events.ts'
import { attemptNumber, namespaceName, objectName, uidText } from './names.ts'
import { Refusal } from './refusal.ts'
import type { ServerMetrics } from './server-metrics.ts'
import type { Store } from './store.ts'
import type { TrialBook, TrialName } from './trial-book.ts'

export interface Exchange {
  Bindings: HttpBindings
}
export type ExchangeContext = Context<Exchange>

export interface Routes {
  readonly store: Store
  readonly guard: Guard
  readonly book: TrialBook
  readonly hub: EventHub
  readonly clock: Clock
  readonly metrics: ServerMetrics
  /** Aborted when the server goes down: streams end. */
  readonly stopping: AbortSignal
}

export function tokensOf(c: ExchangeContext): TokenHeaders {
  return { authorization: c.req.header('authorization'), ours: c.req.header(TOKEN_HEADER) }
}

/** The request itself, which is a stream: no copy through web streams. */
export function bodyOf(c: ExchangeContext): Readable {
  return c.env.incoming
}

export async function bodyJson<S extends z.ZodType>(c: ExchangeContext, schema: S): Promise<z.infer<S>> {
  const given: unknown = await c.req.json().catch(() => undefined)
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Refusal({ status: 400, code: 'BadBody', message: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not JSON'}` })
}

export function trialName(c: ExchangeContext): TrialName {
  const uid = c.req.query('uid')
  return { ...parameters(c), uid: uid === undefined ? undefined : uidText(uid) }
}

export function attemptRef(c: ExchangeContext): AttemptRef {
  return { ...parameters(c), attempt: attemptNumber(c.req.param('attempt') ?? '') }
}

/** What follows /files/, decoded once. */
export function restOfPath(c: ExchangeContext): string {
  return c.req.param('path') ?? ''
}

function parameters(c: ExchangeContext): { readonly namespace: string; readonly trial: string } {
  return { namespace: namespaceName(c.req.param('namespace') ?? ''), trial: objectName(c.req.param('trial') ?? '') }
}
