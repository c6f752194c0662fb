// SPDX-License-Identifier: Apache-2.0
/** What the controller asks and sends: the stream of events, summaries, logs of harnesses, removal. */
import { json, text } from 'node:stream/consumers'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { parse } from 'yaml'
import { FINDINGS, type ResultsEvent, type Summary } from './api.ts'
import { receiptOf } from './complete.ts'
import { createEventQueue } from './event-queue.ts'
import { logName } from './names.ts'
import { notFound } from './refusal.ts'
import { attemptRef, bodyOf, type Exchange, type ExchangeContext, restOfPath, type Routes, tokensOf, trialName } from './routes.ts'
import type { AttemptId, Store } from './store.ts'

const HEARTBEAT_MS = 15_000
const AT = '/v1/trials/:namespace/:trial/:attempt{[0-9]+}'

export function controllerRoutes(context: Routes): Hono<Exchange> {
  const { guard, store, book } = context
  const attemptOf = async (c: ExchangeContext): Promise<AttemptId> => ({
    ...(await book.find(trialName(c))),
    attempt: attemptRef(c).attempt,
  })

  return (
    new Hono<Exchange>()
      .get('/v1/events', async (c) => {
        await guard.controller(tokensOf(c))
        return sendEvents(context, c)
      })
      .get(`${AT}/summary`, async (c) => {
        await guard.controller(tokensOf(c))
        const summary = await summaryOf(store, await attemptOf(c))
        if (summary === undefined) throw notFound('delivery of that attempt')
        return c.json(summary)
      })
      // A log is not part of the manifest: it may come after the delivery.
      .put(`${AT}/files/:path{logs/.+}`, async (c) => {
        await guard.controller(tokensOf(c))
        const name = logName(restOfPath(c))
        const attempt = await attemptOf(c)
        await book.enter(attempt, attemptRef(c).namespace)
        return c.json(await store.put({ ...attempt, name }, bodyOf(c)))
      })
      .delete('/v1/trials/:namespace/:trial', async (c) => {
        await guard.controller(tokensOf(c))
        const { namespace, trial, uid } = trialName(c)
        for await (const id of store.trials({ namespaceUid: await book.namespaceUid(namespace), trial })) {
          if (uid === undefined || uid === id.trialUid) await store.removeTrial(id)
        }
        return c.body(null, 204)
      })
  )
}

function sendEvents({ hub, stopping }: Routes, c: ExchangeContext): Response {
  return streamSSE(c, async (stream) => {
    const queue = createEventQueue()
    const unsubscribe = hub.subscribe(queue.push, c.req.header('last-event-id'))
    stream.onAbort(queue.close)
    stopping.addEventListener('abort', queue.close, { once: true })
    try {
      await stream.write(': events of the results server\n\n')
      for (let sent = await queue.next(HEARTBEAT_MS); sent !== 'closed'; sent = await queue.next(HEARTBEAT_MS)) {
        await (sent === 'silence'
          ? stream.write(':\n\n')
          : stream.writeSSE({ event: sent.event.kind, data: dataOf(sent.event), id: sent.id }))
      }
    } finally {
      unsubscribe()
      stopping.removeEventListener('abort', queue.close)
    }
  })
}

async function summaryOf(store: Store, attempt: AttemptId): Promise<Summary | undefined> {
  const receipt = await receiptOf(store, attempt)
  const findings = receipt === undefined ? undefined : await store.read({ ...attempt, name: FINDINGS })
  if (receipt === undefined || findings === undefined) return undefined
  return { receipt, findings: (await json(findings.body)) as Summary['findings'], reports: await reportsOf(store, attempt) }
}

async function reportsOf(store: Store, attempt: AttemptId): Promise<Record<string, unknown>> {
  const reports: Record<string, unknown> = {}
  for (const { name } of await store.list(attempt)) {
    const stage = /^report\.(.+)\.yaml$/.exec(name)?.[1]
    const file = stage === undefined ? undefined : await store.read({ ...attempt, name })
    if (stage !== undefined && file !== undefined) reports[stage] = parse(await text(file.body))
  }
  return reports
}

function dataOf(event: ResultsEvent): string {
  return JSON.stringify(event.kind === 'reset' ? {} : event.event)
}
