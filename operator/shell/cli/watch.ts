// SPDX-License-Identifier: Apache-2.0
/** Watches one Experiment until it ends: redraws on a terminal, one line per change elsewhere. Ctrl-C detaches and harms nothing. */
import type { Command } from 'commander'
import { createLogUpdate } from 'log-update'
import { type Experiment, LABELS, type Stack, type Trial } from '../../core/model/kinds.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../kube/assay-resources.ts'
import { createReflector } from '../kube/reflector.ts'
import { type Cluster, type ClusterOptions, connect, withClusterOptions } from './cluster.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { exitCodeOf } from './outcome.ts'
import { headline, type LiveNumbers, viewLines } from './watch-view.ts'

const REDRAW_MS = 200
const HEARTBEAT_MS = 10_000

export function registerWatch(program: Command): void {
  withClusterOptions(program.command('watch <experiment>').description('show the progress of an Experiment until it ends'))
    .option('--timeout <duration>', 'give up after this time (exit code 7)')
    .action(async (name: string, options: ClusterOptions & { readonly timeout?: string }) => {
      const cluster = await connect(options)
      const experiment = await watchExperiment(cluster, name, { timeoutMs: options.timeout === undefined ? undefined : Number.parseFloat(options.timeout) * 1000 })
      process.exitCode = exitCodeOf(experiment)
      await cluster.client.close()
    })
}

export interface WatchOptions {
  readonly timeoutMs?: number
  /** Ends of runs up to this one do not count. */
  readonly afterRun?: number
  readonly live?: () => Promise<ReadonlyMap<string, LiveNumbers>>
}

/** Resolves with the Experiment once it has ended; rejects with exit code 7 or 130. */
export async function watchExperiment(cluster: Cluster, name: string, options: WatchOptions = {}): Promise<Experiment> {
  const { api, namespace } = cluster
  const scope = { api, namespaces: [namespace] }
  const experiments = createReflector<Experiment>({ ...scope, resource: EXPERIMENTS, fieldSelector: `metadata.name=${name}` })
  const stacks = createReflector<Stack>({ ...scope, resource: STACKS, labelSelector: `${LABELS.experiment}=${name}` })
  const trials = createReflector<Trial>({ ...scope, resource: TRIALS, labelSelector: `${LABELS.experiment}=${name}` })
  const mirrors = [experiments, stacks, trials] as const
  for (const mirror of mirrors) mirror.start()
  const screen = createScreen()
  try {
    await Promise.all(mirrors.map((m) => m.hasSynced()))
    const current = () => experiments.store.get(`${namespace}/${name}`)
    if (current() === undefined) throw new CliError(EXIT.usage, `there is no Experiment ${name} in namespace ${namespace}`, `kubectl get experiments.assay.dev -n ${namespace}`)
    return await untilEnded({ current, options, draw: (experiment) => screen.draw(experiment, { stacks: stacks.store.list(), trials: trials.store.list() }), subscribe: (run) => { for (const m of mirrors) m.subscribe({ add: run, update: run, delete: run }) } })
  } finally {
    screen.done()
    await Promise.all(mirrors.map((m) => m.stop()))
  }
}

interface Watching {
  readonly current: () => Experiment | undefined
  readonly options: WatchOptions
  readonly draw: (experiment: Experiment) => void
  readonly subscribe: (run: () => void) => void
}

function untilEnded({ current, options, draw, subscribe }: Watching): Promise<Experiment> {
  return new Promise((resolve, reject) => {
    const detach = () => settle(() => reject(new CliError(EXIT.interrupted, 'detached; the Experiment goes on', `assay watch ${current()?.metadata.name ?? ''}  ·  to cancel: kubectl delete experiments.assay.dev ${current()?.metadata.name ?? ''}`)))
    const look = () => {
      const experiment = current()
      if (experiment === undefined) return settle(() => reject(new CliError(EXIT.experimentFailed, 'the Experiment was deleted')))
      draw(experiment)
      return hasEnded(experiment, options.afterRun) ? settle(() => resolve(experiment)) : undefined
    }
    const timer = setInterval(look, 1000)
    const limit = options.timeoutMs === undefined ? undefined : setTimeout(() => settle(() => reject(new CliError(EXIT.timeout, `not ended after ${options.timeoutMs ?? 0} ms`))), options.timeoutMs)
    let settled = false
    function settle(end: () => void): void {
      if (settled) return
      settled = true
      clearInterval(timer)
      clearTimeout(limit)
      process.off('SIGINT', detach)
      end()
    }
    process.once('SIGINT', detach)
    subscribe(look)
    look()
  })
}

/** Ended: finished, or refused before it began. */
export function hasEnded({ status, metadata }: Experiment, afterRun = 0): boolean {
  if (status?.completionTime !== undefined && status.completionTime !== null) return (status.run ?? 0) > afterRun
  return status?.startTime === undefined && status?.phase === 'Failed' && status.observedGeneration === metadata.generation
}

interface Screen { readonly draw: (experiment: Experiment, children: { readonly stacks: readonly Stack[]; readonly trials: readonly Trial[] }) => void; readonly done: () => void }

function createScreen(): Screen {
  const live = new Map<string, LiveNumbers>()
  const tty = process.stderr.isTTY === true
  const update = tty ? createLogUpdate(process.stderr) : undefined
  let drawnAt = 0
  let last = ''
  let seen = new Set<string>()
  return {
    draw: (experiment, { stacks, trials }) => {
      const now = Date.now()
      const state = { experiment, stacks: [...stacks].sort(byName), trials: ofRun(experiment, trials), now, live }
      if (update !== undefined) {
        if (now - drawnAt < REDRAW_MS) return
        drawnAt = now
        update(viewLines(state).join('\n'))
        return
      }
      const lines = viewLines(state).slice(1).filter((l) => /^ {2}[✔✘!]/.test(l) && !seen.has(l))
      const head = `${experiment.status?.phase ?? ''} ${experiment.status?.progress ?? ''} ${stacks.map((s) => s.status?.phase ?? '').join(',')}`
      if (lines.length > 0 || head !== last || now - drawnAt > HEARTBEAT_MS) {
        drawnAt = now
        last = head
        seen = new Set([...seen, ...lines])
        process.stderr.write(`${[headline(state), ...lines].join('\n')}\n`)
      }
    },
    done: () => update?.done(),
  }
}

const byName = (a: Stack, b: Stack) => a.metadata.name.localeCompare(b.metadata.name)

function ofRun(experiment: Experiment, trials: readonly Trial[]): Trial[] {
  return trials.filter((t) => t.metadata.labels?.[LABELS.run] === String(experiment.status?.run ?? ''))
}
