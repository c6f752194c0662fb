// SPDX-License-Identifier: Apache-2.0
/** Reads logs of servers and harnesses: the beginning for start-up times, both ends for the record. Sizes are capped, secrets masked, and a log that cannot be read is a word, not a failure. */
import { text as readAll } from 'node:stream/consumers'
import { parseVllmLog } from '../../core/measure/engine-log.ts'
import type { EngineStartup } from '../../core/model/startup.ts'
import { maskNamedSecrets } from '../../core/reconcile/mask-log.ts'
import { createRedactor } from '../collector/redact.ts'
import type { Pod } from '../kube/builtin-resources.ts'
import type { LogOptions } from '../kube/resource-api.ts'
import type { World } from './world.ts'

const START_BYTES = 2 << 20
const HEAD_BYTES = 1 << 20
const TAIL = { tailLines: 20_000, limitBytes: 3 << 20 }
const MOST_CONTAINERS = 4
/** The operator reads no Secrets, so it knows secrets by their form and by their name only. */
const redactor = createRedactor([])

export type StartupLog = { readonly engine: EngineStartup } | { readonly problem: string }

/** What the pod's engine says of its start. The runtime's stamps make times finer than the engine's own. */
export async function readStartup(world: World, pod: Pod): Promise<StartupLog> {
  const problems: string[] = []
  for (const container of containersOf(pod)) {
    const log = await readLog(world, pod, { container, timestamps: true, limitBytes: START_BYTES })
    if (typeof log !== 'string') {
      problems.push(`the log of container ${container} cannot be read: ${log.problem}`)
      continue
    }
    const engine = parseVllmLog(log, { startedEpochMs: startedAt(pod, container) })
    if (engine !== undefined) return { engine }
    problems.push(`the log of container ${container} has no line of vLLM's start`)
  }
  return { problem: problems.join('; ').slice(0, 512) || 'the pod has no container' }
}

/** By name of the log: head and tail of each container, and of its predecessor where it was started again. */
export async function serverLogs(world: World, pod: Pod): Promise<Map<string, string>> {
  const logs = new Map<string, string>()
  const containers = containersOf(pod)
  for (const container of containers) {
    const name = `server-${pod.metadata.name.slice(0, 120)}${containers.length > 1 ? `.${container.slice(0, 40)}` : ''}`
    const log = await bothEnds(world, pod, container)
    if (log !== '') logs.set(name, log)
    if (restartsOf(pod, container) === 0) continue
    const before = await readLog(world, pod, { container, previous: true, ...TAIL })
    if (typeof before === 'string' && before !== '') logs.set(`${name}.previous`, masked(before))
  }
  return logs
}

/** Head and tail of one container's log, masked; empty when there is none. */
export async function bothEnds(world: World, pod: Pod, container: string): Promise<string> {
  const head = await readLog(world, pod, { container, limitBytes: HEAD_BYTES })
  if (typeof head !== 'string') return ''
  if (Buffer.byteLength(head) < HEAD_BYTES) return masked(head)
  const tail = await readLog(world, pod, { container, ...TAIL })
  return masked(typeof tail === 'string' ? `${head}\n… the middle is left out; what follows may repeat some of it …\n${tail}` : head)
}

const masked = (log: string): string => redactor.text(maskNamedSecrets(log))

function containersOf(pod: Pod): string[] {
  return (pod.spec?.containers ?? []).slice(0, MOST_CONTAINERS).map((c) => c.name)
}

function startedAt(pod: Pod, container: string): number | undefined {
  const started = Date.parse(pod.status?.containerStatuses?.find((s) => s.name === container)?.state?.running?.startedAt ?? '')
  return Number.isNaN(started) ? undefined : started
}

function restartsOf(pod: Pod, container: string): number {
  return pod.status?.containerStatuses?.find((s) => s.name === container)?.restartCount ?? 0
}

async function readLog(world: World, pod: Pod, options: LogOptions): Promise<string | { readonly problem: string }> {
  const { name, namespace = '' } = pod.metadata
  try {
    return await readAll(await world.api.logs({ name, namespace }, options))
  } catch (error) {
    return { problem: (error as Error).message }
  }
}
