// SPDX-License-Identifier: Apache-2.0
/** What people and tools read: an experiment's trials, a trial's attempts and files. RBAC says who may. */
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { Hono } from 'hono'
import { MANIFEST, Manifest, type ExperimentListing, type TrialListing } from './api.ts'
import { receiptOf } from './complete.ts'
import { attemptNumber, fileName, namespaceName, objectName } from './names.ts'
import { notFound } from './refusal.ts'
import { type Exchange, type ExchangeContext, restOfPath, type Routes, tokensOf, trialName } from './routes.ts'
import type { AttemptId, Store, TrialId, TrialMemo } from './store.ts'

export function readerRoutes(context: Routes): Hono<Exchange> {
  const { guard, book, store } = context
  const admit = async (c: ExchangeContext): Promise<TrialId> => {
    const name = trialName(c)
    await guard.reader(tokensOf(c), { resource: 'trials', namespace: name.namespace, name: name.trial })
    return book.find(name)
  }
  return new Hono<Exchange>()
    .get('/v1/trials/:namespace/:trial', async (c) => {
      const id = await admit(c)
      const memo = await store.memo(id)
      if (memo === undefined) throw notFound(`result of Trial "${id.trial}" in namespace "${trialName(c).namespace}"`)
      return c.json(await listTrial(context, id, memo))
    })
    .get('/v1/trials/:namespace/:trial/files/:attempt{[0-9]+}/:path{.+}', async (c) => {
      const id = await admit(c)
      return sendFile(store, c, { ...id, attempt: attemptNumber(c.req.param('attempt')) })
    })
    .get('/v1/experiments/:namespace/:name', async (c) => {
      const [namespace, name] = [namespaceName(c.req.param('namespace')), objectName(c.req.param('name'))]
      await guard.reader(tokensOf(c), { resource: 'experiments', namespace, name })
      return c.json(await listExperiment(context, namespace, name))
    })
}

async function listTrial({ store, hub }: Routes, id: TrialId, memo: TrialMemo): Promise<TrialListing> {
  const attempts: TrialListing['attempts'] = []
  for (const attempt of await store.attempts(id)) {
    const at = { ...id, attempt }
    const sums = await checksums(store, at)
    const files = (await store.list(at)).map((file) => ({ ...file, sha256: sums.get(file.name) }))
    attempts.push({ attempt, receipt: await receiptOf(store, at), files })
  }
  const { namespace, trial, trialUid, experiment, createdTime } = memo
  return { namespace, trial, trialUid, experiment, createdTime, live: hub.liveOf(memo), attempts }
}

async function checksums(store: Store, attempt: AttemptId): Promise<Map<string, string>> {
  const file = await store.read({ ...attempt, name: MANIFEST })
  return new Map(file === undefined ? [] : Manifest.parse(await json(file.body)).files.map(({ name, sha256 }) => [name, sha256]))
}

async function listExperiment({ store, hub, book }: Routes, namespace: string, experiment: string): Promise<ExperimentListing> {
  const trials: ExperimentListing['trials'] = []
  for await (const id of store.trials({ namespaceUid: await book.namespaceUid(namespace) })) {
    const memo = await store.memo(id)
    if (memo?.experiment !== experiment) continue
    const attempt = (await store.attempts(id)).at(-1)
    const receipt = attempt === undefined ? undefined : await receiptOf(store, { ...id, attempt })
    trials.push({ trial: id.trial, trialUid: id.trialUid, createdTime: memo.createdTime, attempt, receipt, live: hub.liveOf(memo) })
  }
  if (trials.length === 0) throw notFound(`result of Experiment "${experiment}" in namespace "${namespace}"`)
  return { namespace, experiment, trials }
}

/** A file, or the rest of it from `Range: bytes=<offset>-`, so that a download that broke off can go on. */
async function sendFile(store: Store, c: ExchangeContext, attempt: AttemptId): Promise<Response> {
  const name = fileName(restOfPath(c))
  const from = Number(/^bytes=(\d{1,15})-$/.exec(c.req.header('range') ?? '')?.[1] ?? 0)
  const file = await store.read({ ...attempt, name }, from)
  if (file === undefined) throw notFound(`file "${name}" of attempt ${attempt.attempt}`)
  const left = Math.max(0, file.bytes - from)
  // Never shown by a browser as a page: what a tool wrote is not ours.
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-disposition': 'attachment',
    'content-length': String(left),
    'accept-ranges': 'bytes',
  }
  if (left === 0 && from > 0) {
    file.body.destroy()
    return c.body(null, 416, { ...headers, 'content-range': `bytes */${file.bytes}` })
  }
  if (from > 0) headers['content-range'] = `bytes ${from}-${file.bytes - 1}/${file.bytes}`
  return c.body(Readable.toWeb(file.body) as unknown as ReadableStream<Uint8Array>, from === 0 ? 200 : 206, headers)
}
