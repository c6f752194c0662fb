// SPDX-License-Identifier: Apache-2.0
/** Follows one Experiment with its stacks and trials until it ends. Ctrl-C detaches and harms nothing. */
import { type Experiment, LABELS, type Stack, type Trial } from '../../core/model/kinds.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../kube/assay-resources.ts'
import { createReflector } from '../kube/reflector.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'
import { createLive } from './live.ts'
import { isRefused } from './outcome.ts'
import { createScreen } from './watch-screen.ts'
import { clock, runningTrials } from './watch-view.ts'

export interface WatchOptions {
  readonly timeoutMs?: number
  /** Whether the status already speaks of what was asked for; before that its end does not count. */
  readonly isNews?: (experiment: Experiment) => boolean
}

const TICK_MS = 1000
/** The operator may see an Experiment before what it refers to: a refusal counts when it stands. */
const REFUSAL_STANDS_MS = 4000

/** Resolves with the Experiment once it has ended; rejects with exit code 7 or 130. */
export async function watchExperiment(cluster: Cluster, name: string, options: WatchOptions = {}): Promise<Experiment> {
  const { api, namespace } = cluster
  const scope = { api, namespaces: [namespace] }
  const labelSelector = `${LABELS.experiment}=${name}`
  const experiments = createReflector<Experiment>({ ...scope, resource: EXPERIMENTS, fieldSelector: `metadata.name=${name}` })
  const stacks = createReflector<Stack>({ ...scope, resource: STACKS, labelSelector })
  const trials = createReflector<Trial>({ ...scope, resource: TRIALS, labelSelector })
  const mirrors = [experiments, stacks, trials] as const
  const [screen, live] = [createScreen(), createLive(cluster)]
  for (const mirror of mirrors) mirror.start()
  try {
    await Promise.all(mirrors.map((m) => m.hasSynced()))
    return await untilEnded({
      name, namespace, options,
      current: () => experiments.store.get(`${namespace}/${name}`),
      draw: (experiment) => {
        const ofRun = trials.store.list().filter((t) => t.metadata.labels?.[LABELS.run] === String(experiment.status?.run ?? ''))
        live.refresh(runningTrials({ trials: ofRun }))
        screen.draw({ experiment, stacks: stacks.store.list().sort(byName), trials: ofRun, now: Date.now(), live: live.numbers })
      },
      subscribe: (run) => { for (const m of mirrors) m.subscribe({ add: run, update: run, delete: run }) },
    })
  } finally {
    screen.done()
    await Promise.all([...mirrors.map((m) => m.stop()), live.stop()])
  }
}

const byName = (a: Stack, b: Stack) => a.metadata.name.localeCompare(b.metadata.name)

interface Watching {
  readonly name: string
  readonly namespace: string
  readonly options: WatchOptions
  readonly current: () => Experiment | undefined
  readonly draw: (experiment: Experiment) => void
  readonly subscribe: (run: () => void) => void
}

function untilEnded({ name, namespace, options: { timeoutMs, isNews }, current, draw, subscribe }: Watching): Promise<Experiment> {
  const { promise, resolve, reject } = Promise.withResolvers<Experiment>()
  const ended = createEndDetector(isNews)
  let known = false
  const look = () => {
    const experiment = current()
    if (experiment === undefined) return reject(gone(name, known))
    known = true
    if (isRefused(experiment) || isNews?.(experiment) !== false) draw(experiment)
    return ended(experiment, Date.now()) ? resolve(experiment) : undefined
  }
  const detach = () => reject(new CliError(EXIT.interrupted, `detached; Experiment ${name} goes on`, `to return: assay watch ${name} -n ${namespace}  ·  to cancel: kubectl delete experiments.assay.dev ${name} -n ${namespace}`))
  const timer = setInterval(look, TICK_MS)
  const limit = timeoutMs === undefined ? undefined : setTimeout(() => reject(new CliError(EXIT.timeout, `Experiment ${name} has not ended after ${clock(timeoutMs)}; it goes on`, `assay watch ${name} -n ${namespace}`)), timeoutMs)
  process.once('SIGINT', detach)
  subscribe(look)
  look()
  return promise.finally(() => {
    clearInterval(timer)
    clearTimeout(limit)
    process.off('SIGINT', detach)
  })
}

function gone(name: string, known: boolean): CliError {
  return known ? new CliError(EXIT.experimentFailed, `Experiment ${name} was deleted`) : new CliError(EXIT.usage, `there is no Experiment ${name}`, 'kubectl get experiments.assay.dev -A')
}

/** Tells whether an Experiment has ended: finished, or refused for a while. Each watch needs its own. */
export function createEndDetector(isNews: (experiment: Experiment) => boolean = () => true): (experiment: Experiment, nowMs: number) => boolean {
  let refusedSince: number | undefined
  return (experiment, nowMs) => {
    if (isRefused(experiment)) {
      refusedSince ??= nowMs
      return nowMs - refusedSince >= REFUSAL_STANDS_MS
    }
    refusedSince = undefined
    return experiment.status?.completionTime !== undefined && isNews(experiment)
  }
}
