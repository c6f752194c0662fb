// SPDX-License-Identifier: Apache-2.0
/** What the kernel says of the harness's container: kills for lack of memory, CPU time, throttling. Where it cannot be read, nothing. */
import { closeSync, openSync, readSync } from 'node:fs'

export interface CgroupSeen {
  readonly oomKills: number
  readonly cpuSeconds?: number
  readonly throttledSeconds?: number
}

export interface CgroupWatch {
  /** Reads anew what can still be read. */
  readonly look: () => void
  readonly seen: () => CgroupSeen
  readonly close: () => void
}

/** Through the process's own root: with a shared PID namespace and the same user that is allowed. The files stay open, so that they can be read once more when the process is gone. */
export function watchCgroup(pid: number, proc = '/proc'): CgroupWatch {
  const folder = `${proc}/${pid}/root/sys/fs/cgroup`
  const [memory, cpu] = [tryOpen(`${folder}/memory.events`), tryOpen(`${folder}/cpu.stat`)]
  let seen: CgroupSeen = { oomKills: 0 }
  return {
    look: () => {
      const [events, stat] = [readFields(memory), readFields(cpu)]
      seen = {
        oomKills: events?.get('oom_kill') ?? seen.oomKills,
        cpuSeconds: seconds(stat?.get('usage_usec')) ?? seen.cpuSeconds,
        throttledSeconds: seconds(stat?.get('throttled_usec')) ?? seen.throttledSeconds,
      }
    },
    seen: () => seen,
    close: () => { for (const fd of [memory, cpu]) if (fd !== undefined) closeSync(fd) },
  }
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}

function readFields(fd: number | undefined): Map<string, number> | undefined {
  if (fd === undefined) return undefined
  try {
    const buffer = Buffer.alloc(4096)
    const text = buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, 0))
    return new Map(text.trim().split('\n').map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]))
  } catch {
    return undefined
  }
}

function seconds(microseconds: number | undefined): number | undefined {
  return microseconds === undefined ? undefined : microseconds / 1e6
}
