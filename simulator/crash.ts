// SPDX-License-Identifier: Apache-2.0
/** Ends the process as the failure model declares: by an exit code, or by really running out of the container's memory. */
import { readFileSync } from 'node:fs'
import type { FailureModel } from './config-failures.ts'

const EXIT_KILLED = 137
const PIECE_BYTES = 16 * 1024 * 1024
/** Above this a limit is not taken for a container's: filling a whole machine is no test. */
const MOST_BYTES = 4 * 1024 ** 3

export function crash(model: FailureModel['crash'], log: (message: string) => void): void {
  log(`EngineCore encountered a fatal error (planted: ${model.kind})`)
  const limit = model.kind === 'outOfMemory' ? memoryLimit() : undefined
  if (model.kind === 'outOfMemory' && limit !== undefined && limit <= MOST_BYTES) return fillMemory(limit)
  process.exit(model.kind === 'outOfMemory' ? EXIT_KILLED : model.exitCode)
}

/** Touches memory until the kernel kills the process; a little beyond the limit it gives up and leaves with the same code. */
function fillMemory(limit: number): void {
  const held: Buffer[] = []
  for (let bytes = 0; bytes < limit * 1.25; bytes += PIECE_BYTES) held.push(Buffer.alloc(PIECE_BYTES, held.length % 255 + 1))
  process.exit(EXIT_KILLED)
}

/** The memory limit of the control group, version 2 or 1, in bytes. */
function memoryLimit(): number | undefined {
  for (const path of ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']) {
    try {
      const value = Number(readFileSync(path, 'utf8'))
      if (Number.isFinite(value)) return value
    } catch {
      // the other version, or no control groups at all
    }
  }
  return undefined
}
