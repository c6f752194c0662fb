// SPDX-License-Identifier: Apache-2.0
/** What collectors send: files, live numbers, the end. Every request is for the sender's own attempt. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Completion, Live } from './api.ts'
import { complete, receiptOf } from './complete.ts'
import { createFileTurns } from './file-turns.ts'
import { deliveredName } from './names.ts'
import { Refusal } from './refusal.ts'
import { attemptRef, bodyJson, bodyOf, type Exchange, type ExchangeContext, restOfPath, type Routes, tokensOf } from './routes.ts'
import type { AttemptId } from './store.ts'

const MOST_COMPLETION_BYTES = 32 * 2 ** 20
const MOST_LIVE_BYTES = 4096
const AT = '/v1/trials/:namespace/:trial/:attempt{[0-9]+}'

export function collectorRoutes(context: Routes): Hono<Exchange> {
  const { store, hub, clock, metrics } = context
  const turns = createFileTurns()
  const now = () => new Date(clock.epochMs()).toISOString()

  return new Hono<Exchange>()
    .put(`${AT}/files/:path{.+}`, async (c) => {
      const name = deliveredName(restOfPath(c))
      const attempt = await admit(context, c)
      const receipt = await receiptOf(store, attempt)
      if (receipt !== undefined)
        throw new Refusal({
          status: 409,
          code: 'Delivered',
          message: `attempt ${attempt.attempt} is delivered: its files do not change any more`,
          details: { receipt },
        })
      const offset = offsetOf(c.req.query('append'))
      const file = { ...attempt, name }
      const written = offset === undefined ? await store.put(file, bodyOf(c)) : await store.append(file, offset, bodyOf(c))
      metrics.received(written.bytes - (offset ?? 0))
      return c.json(written)
    })
    .post(`${AT}/live`, bodyLimit({ maxSize: MOST_LIVE_BYTES }), async (c) => {
      const { trialUid } = await admit(context, c)
      hub.live({ ...attemptRef(c), trialUid, ...(await bodyJson(c, Live)), at: now() })
      return c.body(null, 204)
    })
    .post(`${AT}/complete`, bodyLimit({ maxSize: MOST_COMPLETION_BYTES }), async (c) => {
      const attempt = await admit(context, c)
      const [ref, completion] = [attemptRef(c), await bodyJson(c, Completion)]
      const { receipt, fresh } = await turns.take(`${attempt.trialUid}/${attempt.attempt}`, () =>
        complete({ store, attempt, ref, completion, now: now() }),
      )
      if (fresh) {
        metrics.delivered(receipt.verdict ?? 'none')
        hub.delivered({ ...ref, trialUid: attempt.trialUid, receipt })
      }
      return c.json(receipt)
    })
}

/** The guard's answer; the first time we see a trial we note what must be known when its object is gone. */
async function admit({ guard, book }: Routes, c: ExchangeContext): Promise<AttemptId> {
  const ref = attemptRef(c)
  const { attempt, trial } = await guard.collector(tokensOf(c), ref)
  await book.enter(attempt, ref.namespace, trial)
  return attempt
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new Refusal({ status: 400, code: 'BadOffset', message: `append=${text.slice(0, 40)}: expected a number of bytes` })
}
