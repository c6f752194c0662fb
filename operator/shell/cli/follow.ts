// SPDX-License-Identifier: Apache-2.0
/** Follows one object until something is true of it: a line whenever what it says changes, redrawn with the time on a terminal. */
import { createLogUpdate } from 'log-update'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import { createReflector } from '../kube/reflector.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'
import { clock } from './watch-view.ts'

export interface Following<T> {
  readonly resource: ApiResource<T & KubeObject>
  readonly name: string
  /** What is said of it. */
  readonly line: (object: T) => string
  /** Numbers that change all the time: added on a terminal, and now and then in a log. */
  readonly live?: (object: T) => string
  /** Whether the wait is over; undefined: it does not exist. */
  readonly until: (object: T | undefined) => boolean
  readonly timeoutMs?: number
  /** How somebody comes back after Ctrl-C. */
  readonly resume: string
}

const TICK_MS = 1000
const HEARTBEAT_MS = 10_000

export async function follow<T extends KubeObject>(cluster: Cluster, { resource, name, line, live = () => '', until, timeoutMs, resume }: Following<T>): Promise<T | undefined> {
  const mirror = createReflector<T>({ api: cluster.api, resource, namespaces: [cluster.namespace], fieldSelector: `metadata.name=${name}` })
  const began = Date.now()
  const draw = createLine(began)
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>()
  const look = () => {
    const object = mirror.store.get(`${cluster.namespace}/${name}`)
    if (object !== undefined) draw.show(line(object), live(object))
    if (until(object)) resolve(object)
    else if (timeoutMs !== undefined && Date.now() - began > timeoutMs) reject(new CliError(EXIT.timeout, `${resource.kind} ${name}: not after ${clock(timeoutMs)}`, resume))
  }
  const detach = () => reject(new CliError(EXIT.interrupted, `detached from ${resource.kind} ${name}; it goes on`, resume))
  mirror.start()
  process.once('SIGINT', detach)
  const timer = setInterval(look, TICK_MS)
  try {
    await mirror.hasSynced()
    mirror.subscribe({ add: look, update: look, delete: look })
    look()
    return await promise
  } finally {
    clearInterval(timer)
    process.off('SIGINT', detach)
    draw.done()
    await mirror.stop()
  }
}

interface Line { readonly show: (text: string, live: string) => void; readonly done: () => void }

function createLine(began: number): Line {
  const { stderr } = process
  if (!stderr.isTTY) return createLogLine(stderr)
  const update = createLogUpdate(stderr)
  return { show: (text, live) => update([text, live, `(${clock(Date.now() - began)})`].filter(Boolean).join('  ')), done: () => update.done() }
}

function createLogLine(stderr: NodeJS.WriteStream): Line {
  let last = ''
  let toldAt = Date.now()
  return {
    show: (text, live) => {
      const due = live !== '' && Date.now() - toldAt >= HEARTBEAT_MS
      if (text === last && !due) return
      stderr.write(`${due && live !== '' ? `${text}  ${live}` : text}\n`)
      last = text
      toldAt = Date.now()
    },
    done: () => undefined,
  }
}
