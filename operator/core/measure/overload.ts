// SPDX-License-Identifier: Apache-2.0
/** When a server counts as overloaded: too many requests that wait too long for their first token. It counts nothing. */
import { durationMs } from '../model/common.ts'
import type { Load } from '../model/workload-profile.ts'
import type { StageResult } from './stage-findings.ts'
import { percent } from './verdict-limits.ts'

export interface Overload { readonly ttftMs: number; readonly share: number }

/** What llmval takes for overload; a profile may say otherwise. */
export const OVERLOAD: Overload = { ttftMs: 3000, share: 0.05 }

export function overloadOf({ overload }: Pick<Load, 'overload'>): Overload {
  return overload === undefined ? OVERLOAD : { ttftMs: durationMs(overload.ttft), share: overload.share }
}

export function overloadText(found: number, { ttftMs, share }: Overload): string {
  return `${percent(found)} of requests waited longer than ${ttftMs / 1000} s for their first token (limit ${percent(share)}): the server is overloaded`
}

/** Where the profile says nothing of overload, it is worth a note. */
export function overloadNotes(stages: readonly StageResult[], load: Load): string[] {
  const limits = overloadOf(load)
  return stages.flatMap(({ findings: { stage, scalars } }) => {
    const found = scalars['ttft_over_share']?.value ?? 0
    return load.overload === undefined && found > limits.share ? [`${stage}: ${overloadText(found, limits)}`] : []
  })
}
