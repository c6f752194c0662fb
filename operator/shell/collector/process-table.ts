// SPDX-License-Identifier: Apache-2.0
/** The processes of the pod's shared PID namespace, read from /proc, and signals to them. It knows no harness. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ProcessSeen {
  readonly pid: number
  /** With the pid it names the process for good: pids are used again. */
  readonly startTicks: string
  /** 0: started from outside of the namespace, as the first process of a container is. */
  readonly parent: number
  /** Ended, and not yet collected by its parent. */
  readonly zombie: boolean
  /** Of a zombie, where the kernel lets us see it and it is not 0. */
  readonly exit?: { readonly code: number; readonly signal: number }
  /** Stands for its control groups: one per container; empty when they cannot be read. */
  readonly cgroup: string
}

export interface ProcessTable {
  readonly self: number
  readonly list: () => ProcessSeen[]
  readonly find: (pid: number) => ProcessSeen | undefined
  readonly signal: (pid: number, signal: NodeJS.Signals) => 'sent' | 'gone' | 'refused'
}

/** Fields of /proc/<pid>/stat after the name, counted from the state as 0. */
const PARENT = 1
const START_TICKS = 19
const EXIT_CODE = 49

export function procTable(root = '/proc', self = process.pid): ProcessTable {
  const find = (pid: number) => readProcess(root, pid)
  return {
    self,
    find,
    list: () =>
      readdirSync(root)
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => find(Number(name)) ?? []),
    signal: (pid, signal) => {
      try {
        process.kill(pid, signal)
        return 'sent'
      } catch (error) {
        return (error as { readonly code?: unknown }).code === 'ESRCH' ? 'gone' : 'refused'
      }
    },
  }
}

function readProcess(root: string, pid: number): ProcessSeen | undefined {
  const stat = read(join(root, String(pid), 'stat'))
  if (stat === undefined) return undefined
  // The name is in parentheses and may hold any character, parentheses too.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
  const zombie = fields[0] === 'Z' || fields[0] === 'X'
  const status = Number(fields[EXIT_CODE] ?? 0)
  return {
    pid,
    zombie,
    parent: Number(fields[PARENT]),
    startTicks: fields[START_TICKS] ?? '',
    cgroup: fingerprint(read(join(root, String(pid), 'cgroup'))),
    // 0 may also mean that we may not see it.
    ...(zombie && status !== 0 ? { exit: { code: (status >> 8) & 0xff, signal: status & 0x7f } } : {}),
  }
}

/** The paths are long, and with version 1 of control groups there are a dozen of them. */
function fingerprint(cgroups: string | undefined): string {
  return cgroups === undefined ? '' : createHash('sha256').update(cgroups).digest('hex').slice(0, 12)
}

/** Undefined when the process is gone, also when it goes while we read. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
