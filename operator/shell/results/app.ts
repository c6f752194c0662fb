// SPDX-License-Identifier: Apache-2.0
/** The HTTP interface as one app: routes, refusals, counting. It listens nowhere. */
import { Hono } from 'hono'
import { routePath } from 'hono/route'
import { HTTPException } from 'hono/http-exception'
import type { Logger } from 'pino'
import type { ErrorBody } from './api.ts'
import { collectorRoutes } from './routes-collector.ts'
import { controllerRoutes } from './routes-controller.ts'
import { readerRoutes } from './routes-reader.ts'
import { Refusal } from './refusal.ts'
import type { Exchange, ExchangeContext, Routes } from './routes.ts'

export function createApp(context: Routes, log: Logger): Hono<Exchange> {
  const app = new Hono<Exchange>()
  app.use(async (c, next) => {
    const began = context.clock.now()
    await next()
    // The pattern, not the path: names of trials would make endless series.
    context.metrics.answered(c.req.method, routePath(c, -1), c.res.status, (context.clock.now() - began) / 1000)
  })
  // Logs of containers come before the files of collectors: both are below files/.
  app.route('/', controllerRoutes(context)).route('/', collectorRoutes(context)).route('/', readerRoutes(context))
  app.notFound((c) => answer(c, new Refusal({ status: 404, code: 'NoSuchRoute', message: `there is no ${c.req.method} ${c.req.path}` })))
  app.onError((error, c) => {
    const refusal = asRefusal(error)
    if (refusal !== undefined) return answer(c, refusal)
    if (!c.env.incoming.destroyed) log.error({ err: error, method: c.req.method, path: c.req.path }, 'request failed')
    return c.json({ error: 'Internal', message: 'the results server failed: see its log' } satisfies ErrorBody, 500)
  })
  return app
}

function asRefusal(error: Error): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof HTTPException && error.status === 413)
    return new Refusal({ status: 413, code: 'BodyTooLarge', message: 'the body is too large' })
  return undefined
}

function answer(c: ExchangeContext, { status, code, message, details, retryAfterSeconds }: Refusal): Response {
  // What is left of a body that is not wanted is not read: the connection ends with the answer.
  const headers: Record<string, string> = c.env.incoming.readableEnded || c.req.method === 'GET' ? {} : { connection: 'close' }
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds)
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  return c.json({ error: code, message, ...details } satisfies ErrorBody, status, headers)
}
