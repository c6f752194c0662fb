// SPDX-License-Identifier: Apache-2.0
/** A chat server that writes numbers in digits, and does to chosen requests what a test wants: swaps answers, mixes ids, answers wrongly, lets them wait. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { numberWords } from '../../../operator/core/workload/number-words.ts'
import { randomStream } from '../../../operator/core/workload/random.ts'

export interface NumberFaults {
  /** Which requests, by their place in the order of arrival, from 0. Those to be swapped are so two by two. */
  readonly swapped?: (index: number) => boolean
  readonly mixed?: (index: number) => boolean
  readonly wrong?: (index: number) => boolean
  readonly failed?: (index: number) => boolean
  readonly late?: (index: number) => boolean
  readonly lateMs?: number
  readonly seed?: number
}

export interface NumberServer {
  readonly url: string
  /** Chat requests, in the order of arrival. */
  readonly bodies: readonly unknown[]
  /** Most that were in flight at once. */
  readonly most: () => number
  readonly close: () => Promise<void>
}

interface Pending { readonly number: number; readonly swap: (theirs: number) => void }
interface Serving { readonly faults: NumberFaults; readonly bodies: unknown[]; readonly inFlight: Set<string>; most: number; pending: Pending | undefined }

const NUMBERS = new Map(Array.from({ length: 10_001 }, (_, number) => [numberWords(number), number]))
/** Long enough that requests of one round are in flight together. */
const ANSWER_MS = 5

export async function numberServer(faults: NumberFaults = {}): Promise<NumberServer> {
  const serving: Serving = { faults, bodies: [], inFlight: new Set(), most: 0, pending: undefined }
  const server = createServer((request, response) => {
    void answer(serving, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    bodies: serving.bodies,
    most: () => serving.most,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const piece of request) text += String(piece)
  if (request.method === 'GET') return void response.setHeader('content-type', 'application/json').end('{"data":[{"id":"tiny"}]}')
  const index = serving.bodies.length
  const body = JSON.parse(text) as { readonly messages: readonly { readonly content: string }[] }
  serving.bodies.push(body)
  if (serving.faults.failed?.(index) === true) return void response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"busy"}}')
  const id = `chatcmpl-${index}`
  serving.inFlight.add(id)
  serving.most = Math.max(serving.most, serving.inFlight.size)
  await stream(serving, { index, id, asked: numberOf(body.messages.at(-1)?.content ?? '') }, response)
  serving.inFlight.delete(id)
}

interface Asked { readonly index: number; readonly id: string; readonly asked: number }

async function stream(serving: Serving, { index, id, asked }: Asked, response: ServerResponse): Promise<void> {
  const { faults } = serving
  const number = faults.swapped?.(index) === true ? await swapped(serving, asked) : asked
  const digits = faults.wrong?.(index) === true ? String(10_001 + randomStream(faults.seed ?? 1, 'wrong', index).integer(0, 89_998)) : number.toLocaleString('en')
  await sleep(faults.late?.(index) === true ? (faults.lateMs ?? 0) : ANSWER_MS)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const foreign = faults.mixed?.(index) === true ? [...serving.inFlight].find((other) => other !== id) : undefined
  const send = (of: string, delta: object, finish: string | null = null) => response.write(`data: ${JSON.stringify({ id: of, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`)
  send(id, { role: 'assistant', content: '' })
  for (const part of [digits, ' is', ' the']) send(id, { content: part })
  await sleep(ANSWER_MS)
  send(foreign ?? id, { content: ' number' })
  send(id, { content: '.' })
  send(id, {}, 'stop')
  response.write(`data: ${JSON.stringify({ id, choices: [], usage: { prompt_tokens: 20, completion_tokens: 5 } })}\n\n`)
  response.end('data: [DONE]\n\n')
}

/** Gives its number to the next one to be swapped, and answers with that one's. */
async function swapped(serving: Serving, asked: number): Promise<number> {
  const { pending } = serving
  if (pending !== undefined) {
    serving.pending = undefined
    pending.swap(asked)
    return pending.number
  }
  return new Promise((swap) => {
    serving.pending = { number: asked, swap }
  })
}

function numberOf(prompt: string): number {
  const [, words = ''] = /into a number: (.+?)\.\n/.exec(prompt) ?? []
  const number = NUMBERS.get(words)
  if (number === undefined) throw new Error(`no number in ${prompt.slice(0, 80)}`)
  return number
}
