// SPDX-License-Identifier: Apache-2.0
/** The collector as a process of its own whose world is itself and one process tree, as if it lived in a pod with it. */
import { existsSync, readFileSync } from 'node:fs'
import { terminationSignal } from '../command.ts'
import { type ProcessSeen, type ProcessTable, procTable } from '../process-table.ts'
import { runCollector } from '../run-collector.ts'

const [trial = '', pidFile = '', graceSeconds = '10'] = process.argv.slice(2)
const all = procTable()

/** The root of the tree looks as if it had been started from outside of the namespace, in a container of its own. */
const asInPod = (seen: ProcessSeen, root: number): ProcessSeen => ({ ...seen, parent: seen.pid === root ? 0 : seen.parent, cgroup: '/harness' })

/** All that ever belonged to it: orphans are nobody's children any more. */
const family = new Set<number>()

function tree(): ProcessSeen[] {
  const root = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : undefined
  const processes = all.list()
  if (root !== undefined) family.add(root)
  for (let size = -1; size !== family.size;) {
    size = family.size
    for (const p of processes) if (family.has(p.parent)) family.add(p.pid)
  }
  return processes.filter((p) => family.has(p.pid)).map((p) => asInPod(p, root ?? 0))
}

const table: ProcessTable = {
  self: process.pid,
  list: () => [{ pid: process.pid, startTicks: '1', parent: 0, zombie: false, cgroup: '/' }, ...tree()],
  find: (pid) => tree().find((p) => p.pid === pid),
  // Only the tree: a mistake must not reach anybody else's process.
  signal: (pid, signal) => (tree().some((p) => p.pid === pid) ? all.signal(pid, signal) : 'gone'),
}

process.exitCode = await runCollector({ trial, graceSeconds: Number(graceSeconds), terminate: terminationSignal() }, table)
