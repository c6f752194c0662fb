// SPDX-License-Identifier: Apache-2.0
/** What a restarted collector must know of its predecessor. It is written as a whole, or not. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Receipt } from '../../core/model/trial-job.ts'

export const CollectorState = z.object({
  /** How often the collector was started for this attempt. */
  generation: z.int().min(1),
  firstEpochMs: z.number(),
  started: z.object({ pid: z.int(), startTicks: z.string(), cgroup: z.string(), epochMs: z.number() }).optional(),
  ended: z
    .object({
      epochMs: z.number(),
      exitCode: z.int().nullable(),
      timedOut: z.boolean(),
      oomKilled: z.boolean(),
      message: z.string().optional(),
    })
    .optional(),
  receipt: Receipt.optional(),
})
export type CollectorState = z.infer<typeof CollectorState>

export interface StateFile {
  readonly get: () => CollectorState
  readonly update: (change: Partial<CollectorState>) => void
}

/** Opens the state, one generation later; one that cannot be read counts as none. */
export function openState(path: string, nowEpochMs: number): StateFile {
  const before = readState(path)
  let state: CollectorState = { firstEpochMs: nowEpochMs, ...before, generation: (before?.generation ?? 0) + 1 }
  mkdirSync(dirname(path), { recursive: true })
  const save = () => {
    writeFileSync(`${path}.part`, JSON.stringify(state), { flush: true })
    renameSync(`${path}.part`, path)
  }
  save()
  return {
    get: () => state,
    update: (change) => {
      state = { ...state, ...change }
      save()
    },
  }
}

function readState(path: string): CollectorState | undefined {
  try {
    return CollectorState.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
  } catch {
    return undefined
  }
}
