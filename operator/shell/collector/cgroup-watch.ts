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

interface Figure {
  /** Below the container's /sys/fs/cgroup; version 2 first, then version 1. */
  readonly places: readonly (readonly [file: string, field: string, perUnit: number])[]
}

/** A file of one number has the field ''. */
const FIGURES = {
  oomKills: {
    places: [
      ['memory.events', 'oom_kill', 1],
      ['memory/memory.oom_control', 'oom_kill', 1],
    ],
  },
  cpuSeconds: {
    places: [
      ['cpu.stat', 'usage_usec', 1e6],
      ['cpuacct/cpuacct.usage', '', 1e9],
    ],
  },
  throttledSeconds: {
    places: [
      ['cpu.stat', 'throttled_usec', 1e6],
      ['cpu/cpu.stat', 'throttled_time', 1e9],
    ],
  },
} as const satisfies Readonly<Record<string, Figure>>

interface Source {
  readonly fd: number
  readonly field: string
  readonly perUnit: number
}

type Sources = Readonly<Record<keyof typeof FIGURES, Source | undefined>>

/** A process that has just begun is still the container runtime, in the root of the node: its files are not the container's. */
const SETTLED_LOOKS = 5
/** What is not there by then never will be. */
const LAST_TRY = 50

/**
 * Through the process's own root: with a shared PID namespace and the same user that is allowed. The files stay open, so that they can
 * be read once more when the process is gone.
 */
export function watchCgroup(pid: number, proc = '/proc'): CgroupWatch {
  const folder = `${proc}/${pid}/root/sys/fs/cgroup`
  let sources: Sources = { oomKills: undefined, cpuSeconds: undefined, throttledSeconds: undefined }
  let seen: CgroupSeen = { oomKills: 0 }
  let looks = 0
  const open = (figure: keyof typeof FIGURES) => sources[figure] ?? openFirst(folder, FIGURES[figure])
  return {
    look: () => {
      looks++
      if (looks >= SETTLED_LOOKS && looks <= LAST_TRY)
        sources = { oomKills: open('oomKills'), cpuSeconds: open('cpuSeconds'), throttledSeconds: open('throttledSeconds') }
      seen = {
        oomKills: read(sources.oomKills) ?? seen.oomKills,
        cpuSeconds: read(sources.cpuSeconds) ?? seen.cpuSeconds,
        throttledSeconds: read(sources.throttledSeconds) ?? seen.throttledSeconds,
      }
    },
    seen: () => seen,
    close: () => {
      for (const source of Object.values(sources)) if (source !== undefined) closeSync(source.fd)
    },
  }
}

function openFirst(folder: string, { places }: Figure): Source | undefined {
  for (const [file, field, perUnit] of places) {
    const fd = tryOpen(`${folder}/${file}`)
    if (fd !== undefined) return { fd, field, perUnit }
  }
  return undefined
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}

/** Undefined where there is no such file or field, or the container is gone. */
function read(source: Source | undefined): number | undefined {
  if (source === undefined) return undefined
  try {
    const buffer = Buffer.alloc(4096)
    const text = buffer.toString('utf8', 0, readSync(source.fd, buffer, 0, buffer.length, 0))
    const fields = new Map(
      text
        .trim()
        .split('\n')
        .map((line) => (line.includes(' ') ? [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] : ['', line])),
    )
    const value = fields.get(source.field)
    return value === undefined ? undefined : Number(value) / source.perUnit
  } catch {
    return undefined
  }
}
