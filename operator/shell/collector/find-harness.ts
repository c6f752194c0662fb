// SPDX-License-Identifier: Apache-2.0
/** Which process of the pod is the harness, and which belong to it. It asks nothing and signals nothing. */
import type { ProcessSeen } from './process-table.ts'

/** The first process of the pod's sandbox: it holds the shared PID namespace. */
const SANDBOX = 1

/**
 * The first process of another container: started from outside of the namespace, neither the sandbox's nor ours. Of several (somebody
 * debugs) the oldest. Where containers share a control group, everything that was started from outside counts.
 */
export function findHarness(processes: readonly ProcessSeen[], self: number): ProcessSeen | undefined {
  const own = processes.find((p) => p.pid === self)?.cgroup
  const foreign = processes.filter((p) => p.parent === 0 && p.pid !== SANDBOX && p.pid !== self && !p.zombie)
  const elsewhere = foreign.filter((p) => p.cgroup !== own)
  const [oldest] = (elsewhere.length > 0 || own !== '' ? elsewhere : foreign).toSorted(
    (a, b) => Number(a.startTicks) - Number(b.startTicks) || a.pid - b.pid,
  )
  return oldest
}

/** The harness and everything that it started: of its container, or of its family where control groups do not tell. */
export function harnessFamily(processes: readonly ProcessSeen[], main: ProcessSeen, self: number): number[] {
  const own = processes.find((p) => p.pid === self)?.cgroup
  const told = main.cgroup !== '' && main.cgroup !== own
  const family = new Set([main.pid])
  const belongs = (p: ProcessSeen) => family.has(p.parent) || (told && p.cgroup === main.cgroup)
  // Children may come before their parents in the list: go on until nobody is added.
  for (let size = 0; size !== family.size;) {
    size = family.size
    for (const p of processes) if (belongs(p)) family.add(p.pid)
  }
  family.delete(self)
  family.delete(SANDBOX)
  return [...family]
}
