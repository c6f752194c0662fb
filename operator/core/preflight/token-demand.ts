// SPDX-License-Identifier: Apache-2.0
/** How long the requests of a workload are, prompt and answer together, and how many are asked for at once, from its declaration alone. */
import type { Lengths, WorkloadProfileSpec } from '../model/workload-profile.ts'
import { meanLength } from '../plan/load-time.ts'
import { declaredStages } from '../workload/declared-stages.ts'

export interface TokenDemand {
  /** No request of the last turn is shorter. */
  readonly least: number
  /** The longest that the profile allows; not set where it has no bound. */
  readonly most?: number
  readonly mean: number
  /** In flight at most, of a closed loop. */
  readonly concurrency?: number
}

/** Undefined for data whose lengths only the file knows. */
export function tokenDemand({ data: { synthetic }, load }: WorkloadProfileSpec): TokenDemand | undefined {
  if (synthetic === undefined || load.toolProfile !== undefined) return undefined
  const { input, output, prefix, turns } = synthetic
  const shared = prefix?.length ?? 0
  const count = turns?.count ?? 1
  const [longest, others] = [greatest(input), greatest(output)]
  const concurrency = Math.max(0, ...declaredStages(load).map((stage) => stage.concurrency ?? 0))
  return {
    // Each turn sends the history so far.
    least: shared + count * (smallest(input) + smallest(output)), mean: shared + ((count + 1) / 2) * (meanLength(input) + meanLength(output)),
    ...(longest !== undefined && others !== undefined && { most: shared + count * (longest + others) }), ...(concurrency > 0 && { concurrency: Math.min(concurrency, load.maxConcurrency ?? concurrency) }),
  }
}

function smallest({ fixed, uniform, zipf, empirical, min = 0, max = Number.POSITIVE_INFINITY }: Lengths): number {
  const own = fixed ?? uniform?.min ?? zipf?.scale ?? (empirical === undefined ? 1 : Math.min(...empirical.map((e) => e.tokens)))
  return Math.min(max, Math.max(min, own))
}

function greatest({ fixed, uniform, empirical, min = 0, max }: Lengths): number | undefined {
  const own = fixed ?? uniform?.max ?? (empirical === undefined ? undefined : Math.max(...empirical.map((e) => e.tokens)))
  if (own === undefined) return max
  return Math.max(min, Math.min(max ?? own, own))
}
